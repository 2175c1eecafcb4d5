import { ClientError } from "../../../../lib/clients/client-error";
import type { KubernetesClient, KubernetesObject } from "../../../../lib/clients/kubernetes/client";
import type { ConfiguredProvider } from "../../../../lib/provider/configured/provider";
import type { TypeContext } from "../../../../lib/provider/framework/definition";
import type { Diagnostic, DiagnosticError } from "../../../../lib/provider/framework/diagnostic";
import { create, update } from "../../../../lib/provider/resources/pull-check/apply";
import { plan } from "../../../../lib/provider/resources/pull-check/plan";
import { read } from "../../../../lib/provider/resources/pull-check/read";
import { podWith, running, waitingFor } from "../../../domain/pulls/pods";
import { createFakeCluster, type FakeCluster } from "../fake-cluster";

const check = {
  id: "team-a/app=shop",
  namespace: "team-a",
  match_labels: { app: "shop" },
  pods: 1,
  triggers: null,
  status: "pulled",
  timeouts: { create: "0.3s", read: "0.3s", update: "0.3s" },
};
let cluster: FakeCluster;
let said: Diagnostic[];
beforeEach(() => {
  cluster = createFakeCluster();
  said = [];
});

const put = (status: object) =>
  cluster.put("pods", { ...podWith(status), metadata: { name: "shop-1", namespace: "team-a" } } as KubernetesObject);

/** A call's context, with changes to the client and the provider. */
function context(
  client: Partial<KubernetesClient> = {},
  provider: Partial<ConfiguredProvider> = {},
): TypeContext<ConfiguredProvider> {
  const own = cluster.context("tests");
  const changed = { ...own.provider.cluster, id: async () => null, client: async () => ({ ...cluster.client, ...client }) };
  return {
    ...own,
    provider: { ...own.provider, cluster: changed, ...provider },
    report: (diagnostic) => void said.push(diagnostic),
  };
}
const away = () => Promise.reject(new ClientError("unreachable", "nobody is there"));

describe("a refresh", () => {
  const refresh = (on: TypeContext<ConfiguredProvider>, state = check) => read({ state, privateData: null }, on);

  it("sees that a Pod can't pull any more, and warns", async () => {
    put(waitingFor("ErrImagePull", "connection refused"));
    expect(await refresh(context())).toEqual({ state: { ...check, status: "failing" }, privateData: null });
    expect(said.map(({ severity, summary }) => [severity, summary])).toEqual([["warning", "Image could not be pulled"]]);
  });

  it("sees that the kubelet has got there by itself", async () => {
    put(running);
    expect(await refresh(context(), { ...check, status: "failing" })).toEqual({ state: check, privateData: null });
  });

  const unchanged: { readonly [name: string]: () => TypeContext<ConfiguredProvider> } = {
    "there is no Pod": () => context(),
    "a Pod is on its way": () => {
      put(waitingFor("ContainerCreating"));
      return context();
    },
    "checks are skipped": () => {
      put(waitingFor("ErrImagePull"));
      return context({}, { pullChecks: "skip" });
    },
  };
  it.each(Object.entries(unchanged))("changes nothing, and never fails, where %s", async (_, make) => {
    expect(await refresh(make())).toEqual({ state: check, privateData: null });
    expect(said).toEqual([]);
  });

  const COULD_NOT = "The Pods with app=shop in namespace team-a could not be looked at";
  const unseen: { readonly [name: string]: readonly [Partial<KubernetesClient>, says: string] } = {
    "nobody answers": [{ list: away }, `${COULD_NOT}: nobody is there.`],
    "it is not allowed": [
      { list: () => Promise.reject(new ClientError("forbidden", "no")) },
      `${COULD_NOT}: no. It takes the verb list on pods there`,
    ],
    "an answer is none that anybody knows": [
      { list: () => Promise.resolve([{ metadata: null, spec: null, status: null }] as never) },
      `${COULD_NOT}: see the log`,
    ],
    "there is no answer in time": [
      {
        list: (_, __, signal) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener("abort", () => reject(new ClientError("aborted", "cut off"))),
          ),
      },
      `${COULD_NOT}: there was no answer in time (timeouts.read).`,
    ],
  };
  it.each(Object.entries(unseen))("changes nothing, never fails, and warns where %s", async (_, [client, says]) => {
    expect(await refresh(context(client))).toEqual({ state: check, privateData: null });
    expect(said).toMatchObject([{ severity: "warning", summary: "Pulls could not be looked at" }]);
    expect(said[0]?.detail.slice(0, says.length)).toBe(says);
    expect(said[0]?.detail).toMatch(/ Its status stays "pulled"\.$/);
  });
});

describe("a plan", () => {
  const planned = async (prior: string | null, pullChecks: "wait" | "skip") => {
    const state = prior === null ? null : { ...check, status: prior };
    const result = await plan(
      { config: check, prior: state, proposed: { ...check, status: prior }, privateData: null },
      context({}, { pullChecks }),
    );
    return result.planned.status;
  };
  it.each([
    [null, "wait", "pulled"],
    ["pulled", "wait", "pulled"],
    ["failing", "wait", "pulled"],
    ["not_checked", "wait", "pulled"],
    [null, "skip", "not_checked"],
    ["pulled", "skip", "pulled"],
    ["failing", "skip", "not_checked"],
  ] as const)("from %s, %s: %s", async (prior, pullChecks, status) => {
    expect(await planned(prior, pullChecks)).toBe(status);
  });
});

describe("an apply", () => {
  it("waits while nobody answers, and gets there", async () => {
    put(running);
    let asked = 0;
    const list: KubernetesClient["list"] = (of, query, signal) => (++asked < 2 ? away() : cluster.client.list(of, query, signal));
    const planned = { ...check, timeouts: { ...check.timeouts, create: "10s" } };
    expect(await create({ planned }, context({ list }))).toEqual({ state: planned });
  });

  it("fails when nobody answers until the time is up", async () => {
    await expect(create({ planned: check }, context({ list: away }))).rejects.toMatchObject({
      diagnostics: [{ summary: "Unreachable", path: ["namespace"] }],
    });
  });

  it("fails when the time is up, whatever can't be looked at", async () => {
    put(waitingFor("ErrImagePull", "401 Unauthorized"));
    await expect(create({ planned: check }, context({ get: away }))).rejects.toMatchObject({
      diagnostics: [
        { summary: "Image could not be pulled", detail: expect.stringContaining("ServiceAccount default (get): unreachable") },
      ],
    });
  });

  it("tells Pods of one workload apart that fail for different reasons, and takes what says nothing for the same", async () => {
    const failing = (name: string, message?: string) =>
      cluster.put("pods", {
        ...podWith(waitingFor(message === undefined ? "ImagePullBackOff" : "ErrImagePull", message)),
        metadata: { name, namespace: "team-a" },
      } as KubernetesObject);
    failing("shop-1");
    failing("shop-2", "tls: failed to verify certificate: x509: certificate signed by unknown authority");
    failing("shop-3", "401 Unauthorized\n\u001b[31mred");
    failing("shop-4", "pulling failed with status code: 401 Unauthorized");
    const failed: unknown = await create({ planned: check }, context()).catch((error: unknown) => error);
    expect((failed as DiagnosticError).diagnostics.map(({ detail }) => detail.split("\n").slice(0, 2))).toEqual([
      [
        "r.example/shop:1: not pulled for container app of 2 Pods (shop-1, shop-2).",
        "The kubelet says: ErrImagePull: tls: failed to verify certificate: x509: certificate signed by unknown authority",
      ],
      [
        "r.example/shop:1: not pulled for container app of 2 Pods (shop-3, shop-4).",
        "The kubelet says: ErrImagePull: 401 Unauthorized red",
      ],
    ]);
  });

  const secretFor = (name: string, host: string) =>
    cluster.put("secrets", {
      metadata: { name, namespace: "team-a" },
      type: "kubernetes.io/dockerconfigjson",
      data: {
        ".dockerconfigjson": Buffer.from(
          JSON.stringify({ auths: { [host]: { username: "acme", password: "hunter22" } } }),
        ).toString("base64"),
      },
    } as KubernetesObject);
  /** What a registry is asked, and what is made of its answer. */
  async function askedAfter(imagePullSecrets: readonly object[], client: object = {}) {
    const asked: string[] = [];
    const pod = podWith(
      waitingFor("ErrImagePull", 'failed to resolve reference "r.example/shop:1": r.example/shop:1: not found'),
    );
    for (const name of ["shop-1", "shop-2"])
      cluster.put("pods", {
        ...pod,
        metadata: { name, namespace: "team-a" },
        spec: { ...pod.spec, imagePullSecrets },
      } as unknown as KubernetesObject);
    const open: ConfiguredProvider["registries"]["open"] = (host, { credential }) => {
      asked.push(`${host} as ${credential?.username ?? "nobody"} ${credential?.password.reveal() ?? ""}`.trim());
      return {
        headManifest: async () => undefined,
        listTags: async () => ["2"],
        close: async () => undefined,
        ...client,
      } as unknown as ReturnType<typeof open>;
    };
    const failed: unknown = await create({ planned: check }, context({}, { registries: { open } })).catch((error) => error);
    const details = (failed as DiagnosticError).diagnostics.map(({ detail }) => detail);
    return { asked, cause: details.flatMap((detail) => detail.split("\n")).filter((line) => line.startsWith("Likely cause: ")) };
  }

  it("says since when a Pod pulls whose registry does not answer, and with which pull secrets", async () => {
    const pod = podWith(waitingFor("ContainerCreating"));
    cluster.put("pods", {
      ...pod,
      metadata: { name: "shop-1", namespace: "team-a" },
      spec: { ...pod.spec, nodeName: "node-1", imagePullSecrets: [{ name: "gone" }] },
    } as unknown as KubernetesObject);
    const event = (reason: string, at: string, fieldPath: string) =>
      cluster.put("events", {
        metadata: { name: reason, namespace: "team-a" },
        ...{ type: "Normal", reason, message: `${reason}: r.example/shop:1`, lastTimestamp: at, involvedObject: { fieldPath } },
      } as KubernetesObject);
    event("Scheduled", "2026-01-01T00:00:00Z", "");
    event("Pulling", "2026-01-01T00:00:01Z", "spec.containers{app}");
    const list: KubernetesClient["list"] = (of, _, signal) => cluster.client.list(of, {}, signal);
    const failed: unknown = await create({ planned: check }, context({ list })).catch((error) => error);
    expect((failed as DiagnosticError).diagnostics[0]?.detail.split("\n").slice(0, 3)).toEqual([
      "Pod shop-1: it is on node node-1, which pulls r.example/shop:1 since 2026-01-01T00:00:01Z, and has not said how that ends.",
      "Pull secrets of the Pod: gone (not there).",
      expect.stringContaining("Likely cause: the registry r.example gives no answer, or the image is large."),
    ]);
  });

  it("fails when it is cancelled, and says how far it was", async () => {
    put(waitingFor("ErrImagePull", "401 Unauthorized"));
    const caller = new AbortController();
    let asked = 0;
    const list: KubernetesClient["list"] = (of, query, signal) => {
      if (of.resource === "pods" && ++asked === 1) setImmediate(() => caller.abort());
      return cluster.client.list(of, query, signal);
    };
    const planned = { ...check, timeouts: { ...check.timeouts, create: "10s" } };
    await expect(create({ planned }, { ...context({ list }), signal: caller.signal })).rejects.toMatchObject({
      diagnostics: [
        {
          summary: "Cancelled",
          detail:
            "The check of Pods with app=shop in namespace team-a was cancelled; until then: 0 of 1 Pod has pulled all images; 1 failed (ErrImagePull). Run it again to finish.",
        },
      ],
    });
    expect(asked).toBe(1);
  });

  it("says once what the kubelet says, whose reason may be its message; and who wants fewer Pods than the check", async () => {
    const words = "illegal base64 data at input byte 3";
    put(waitingFor(words, words));
    await expect(create({ planned: check }, context())).rejects.toMatchObject({
      diagnostics: [{ detail: expect.stringContaining(`The kubelet says: ${words}\n`) }],
    });
    put(running);
    const metadata = { name: "shop", namespace: "team-a" };
    const template = { metadata: { labels: { app: "shop" } } };
    cluster.put("deployments", { metadata, spec: { replicas: 1, template } } as KubernetesObject);
    await expect(create({ planned: { ...check, pods: 3 } }, context())).rejects.toMatchObject({
      diagnostics: [{ detail: expect.stringContaining("than what makes them: Deployment shop wants 1.") }],
    });
  });

  it("asks the registry once which is not there, tag or repository, with the Pod's own credential", async () => {
    secretFor("pull", "r.example");
    secretFor("other", "other.example");
    expect(await askedAfter([{ name: "other" }, { name: "pull" }])).toEqual({
      asked: ["r.example as acme hunter22"],
      cause: [expect.stringContaining("there is no tag 1 in repository shop of r.example. Its tags are 2.")],
    });
  });

  it("does not ask as somebody who may see less than the node", async () => {
    cluster.put("secrets", {
      metadata: { name: "old", namespace: "team-a" },
      type: "kubernetes.io/dockercfg",
      data: { ".dockercfg": Buffer.from('{"r.example":{}}').toString("base64") },
    } as KubernetesObject);
    expect(await askedAfter([{ name: "old" }])).toEqual({
      asked: [],
      cause: [expect.stringContaining("there is no tag 1 in repository shop of r.example, or no such repository.")],
    });
  });

  it("asks the registry anonymously where no pull secret has a credential for it, and names both where it is not reached", async () => {
    secretFor("other", "other.example");
    expect(await askedAfter([{ name: "other" }], { headManifest: away })).toEqual({
      asked: ["r.example as nobody"],
      cause: [expect.stringContaining("there is no tag 1 in repository shop of r.example, or no such repository.")],
    });
  });

  it("does not look where it is told to skip", async () => {
    const planned = { ...check, status: "not_checked" };
    expect(await create({ planned }, context({ list: away }))).toEqual({ state: planned });
    expect(said).toMatchObject([{ severity: "warning", summary: "Pulls are not checked" }]);
  });

  it("looks again where Pods failed, or more are wanted; not for another timeout alone", async () => {
    const prior = { ...check, timeouts: null };
    expect(await update({ prior, planned: check }, context({ list: away }))).toEqual({ state: check });
    put(running);
    await expect(update({ prior: check, planned: { ...check, pods: 2 } }, context())).rejects.toMatchObject({
      diagnostics: [{ summary: "Pods are missing" }],
    });
    expect(await update({ prior: { ...check, status: "failing" }, planned: check }, context())).toEqual({ state: check });
  });
});
