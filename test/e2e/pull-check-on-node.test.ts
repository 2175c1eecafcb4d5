/** registry_pull_check on a real node: what a real kubelet and containerd say, and what is made of it. */

import type { KubernetesObject } from "../../lib/clients/kubernetes/client";
import type { Value } from "../../lib/provider/framework/value";
import { pullCheckResource } from "../../lib/provider/resources/pull-check";
import { addRegistryHost } from "../../sandbox";
import { startCluster, until } from "./support/cluster";
import { openBluemix } from "./support/emulator";
import { type LimitedCluster, underRoles } from "./support/identities";
import { type InProcess, inProcess } from "./support/in-process";
import { startMainStack } from "./support/main-stack";
import { describeOnNode } from "./support/node";
import { podsOf } from "./support/pods";
import { expectWell, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const HOST = "registry.ng.bluemix.net";
const NAMES = { pullSecrets: ["pull", "gone", "elsewhere", "wrong"], serviceAccounts: ["default"], pullChecks: true };
const LIBERTY = `${HOST}/team/ibmliberty:latest`;

/** All addresses of a state. */
async function addressesOf(stack: Stack): Promise<{ readonly [address: string]: true }> {
  const { output } = await stack.run("state", "list");
  return Object.fromEntries(output.split("\n").map((line) => [line.trim(), true as const]));
}

describeOnNode("registry_pull_check on a node", () => {
  let cluster: LimitedCluster;
  let provider: InProcess;
  let token: { readonly value: string };
  beforeAll(async () => {
    cluster = await underRoles(await startCluster("pull-check-node", { node: true }), NAMES);
    provider = inProcess(pullCheckResource, cluster.identities.apply, {
      REGISTRY_ACCESS_ENDPOINTS: `${HOST}=${cluster.state.registries.private.url}`,
    });
    const [found] = (await openBluemix(cluster.state).control.tokens()).filter(({ region }) => region === "us-south");
    token = { value: found?.value ?? "" };
    for (const namespace of ["linked", "left-out"]) {
      await cluster.createNamespace(namespace);
      await until(async () => (await cluster.serviceAccount(namespace)) !== undefined);
    }
    await makeSecret("pull", HOST, token.value);
    await makeSecret("pull", HOST, token.value, "left-out");
    await makeSecret("elsewhere", "registry.eu-gb.bluemix.net", token.value);
    await makeSecret("wrong", HOST, "no-such-token");
    await cluster.edit("serviceaccounts", "linked", "default", (account) => ({
      ...account,
      imagePullSecrets: [{ name: "pull" }],
    }));
  });
  afterAll(() => cluster?.stop());

  async function makeSecret(name: string, host: string, password: string, namespace = "linked"): Promise<void> {
    const auths = { [host]: { username: "token", password } };
    await cluster.create("secrets", {
      metadata: { name, namespace },
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths })).toString("base64") },
    } as never);
  }
  /** As somebody would who exports, deletes and creates it. */
  async function remakePod(namespace: string, name: string): Promise<void> {
    const { signal } = new AbortController();
    const at = { apiVersion: "v1", resource: "pods", namespace, name };
    const pod = await cluster.client.get<KubernetesObject & { readonly spec?: { readonly nodeName?: string } }>(at, signal);
    await cluster.client.delete(at, {}, signal);
    await until(async () => (await cluster.client.get(at, signal)) === undefined);
    const { nodeName: _, ...spec } = pod?.spec ?? {};
    const { labels, annotations } = pod?.metadata ?? {};
    const metadata = { name, namespace, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
    await cluster.create("pods", { metadata, spec } as KubernetesObject);
  }
  const check = (namespace: string, app: string, timeout: string) =>
    ({ namespace, match_labels: { app }, timeouts: { create: timeout, read: null, update: timeout } }) as {
      [name: string]: Value;
    };
  /** The lines of each message, without the head. */
  const lines = (said: readonly { readonly detail: string }[]) => said.map(({ detail }) => detail.split("\n").slice(0, -1));

  it("three Pods of a private image pull, and are seen to have", async () => {
    await podsOf(cluster, "linked").createDeployment("liberty", 3, { image: LIBERTY });
    const { said, state } = await provider.apply(null, check("linked", "liberty", "60s"));
    expect({ said, status: state?.status }).toEqual({ said: [], status: "pulled" });
    await podsOf(cluster, "linked").running("liberty", 3);
  });

  it("the same Deployment in a namespace that was left out: the registry's refusal, and why", async () => {
    await podsOf(cluster, "left-out").createDeployment("liberty", 3, { image: LIBERTY });
    const { said, state } = await provider.apply(null, check("left-out", "liberty", "15s"));
    expect([state, said.length]).toEqual([null, 1]);
    expect(lines(said)[0]).toEqual([
      expect.stringContaining(`${LIBERTY}: not pulled for container main of 3 Pods (liberty-`),
      expect.stringMatching(/^The kubelet says: (ErrImagePull|ImagePullBackOff): .*(401 Unauthorized|insufficient_scope)/),
      "Pull secrets of these Pods: none.",
      expect.stringContaining(
        "Likely cause: no pull secret is linked to ServiceAccount default in namespace left-out, and the Pod names none itself.",
      ),
    ]);
  });

  it("a Pod has its own pull secrets, or else its ServiceAccount's, and the kubelet tries each", async () => {
    const cases: { readonly [app: string]: readonly [namespace: string, own: readonly string[], has: readonly string[]] } = {
      named: ["left-out", ["pull"], ["pull"]],
      "by-account": ["linked", [], ["pull"]],
      both: ["linked", ["pull"], ["pull"]],
      several: ["linked", ["gone", "wrong", "pull"], ["gone", "wrong", "pull"]],
    };
    for (const [app, [namespace, imagePullSecrets]] of Object.entries(cases))
      await podsOf(cluster, namespace).createPod(app, { image: LIBERTY, imagePullSecrets });
    await podsOf(cluster, "linked").createPod("own", { image: LIBERTY, imagePullSecrets: ["wrong"] });
    const pulled = Object.entries(cases).map(async ([app, [namespace]]) => {
      const { said } = await provider.apply(null, check(namespace, app, "60s"));
      const [pod] = await podsOf(cluster, namespace).running(app, 1);
      return [app, said, pod?.spec.imagePullSecrets?.map(({ name }) => name)];
    });
    const own = provider.apply(null, check("linked", "own", "15s"));
    expect(await Promise.all(pulled)).toEqual(Object.entries(cases).map(([app, [, , has]]) => [app, [], has]));
    // A list of one's own is all that a Pod has: what its ServiceAccount has would pull.
    expect(lines((await own).said)[0]?.slice(2)).toEqual([
      "Pull secrets of the Pod: wrong.",
      expect.stringContaining(`the registry refuses the credential that pull secret wrong holds for ${HOST}`),
    ]);
  });

  it("main.ts: its samples are checked; a revoked token is reported, a deploy repairs it, and no Pod that runs starts anew", async () => {
    const main = await startMainStack("pull-check-node", ".", {}, { cluster });
    const deployed = await main.cdktf("deploy", "--auto-approve");
    expect({ code: deployed.code, output: deployed.output }).toMatchObject({ code: 0 });
    const terraform = await main.terraform();
    const checks = await Promise.all(
      ["ibmliberty-deployment", "nginx-deployment", "sample-pod"].map(async (name) => {
        const address = Object.keys(await addressesOf(terraform)).find((found) =>
          found.startsWith(`registry_pull_check.access_${name}`),
        );
        return (await terraform.attributes<{ status: string }>(address ?? ""))?.status;
      }),
    );
    expect(checks).toEqual(["pulled", "pulled", "pulled"]);
    expect(expectWell(await terraform.plan())).toMatchObject({ changes: {}, messages: [] });

    /** Which Pods of the Deployments there are, and how often each has started anew. */
    const running = async () =>
      (
        await Promise.all([
          podsOf(cluster, "team-a").running("ibmliberty-deployment", 3),
          podsOf(cluster, "team-b").running("nginx-deployment", 3),
        ])
      )
        .flat()
        .map(({ metadata, status }) => [metadata.uid, status?.containerStatuses?.map(({ restartCount }) => restartCount)]);
    const before = await running();

    // The token is revoked, and the Pod made anew, by hand: a plan tells of both and an apply repairs them.
    const { control } = openBluemix(cluster.state);
    const issued = (await control.tokens()).filter(({ region, revoked }) => region === "dedicated" && !revoked);
    for (const { id } of issued) await control.revoke(id);
    await remakePod("team-a", "sample-pod");
    await podsOf(cluster, "team-a").pullFailure("sample-pod");
    const planned = expectWell(await terraform.plan());
    const refused = planned.messages.filter(({ summary }) => summary === "Image could not be pulled");
    expect(refused.map(({ severity, detail }) => [severity, detail.split("\n").at(3)])).toEqual([
      [
        "warning",
        expect.stringContaining(
          "the registry refuses the credential that pull secret registry-pull holds for registry.acme.example.com",
        ),
      ],
    ]);
    expect(
      Object.entries(planned.changes).filter(([address]) => address.startsWith("registry_pull_check.access_sample-pod")),
    ).toMatchObject([[expect.anything(), ["delete", "create"]]]);
    expectWell(await terraform.apply("plan.bin"));
    await podsOf(cluster, "team-a").running("sample-pod", 1);
    expect(await running()).toEqual(before);
    expect(expectWell(await terraform.plan())).toMatchObject({ changes: {}, messages: [] });
  });

  it("where the registry is not reached from here, a tag and a repository read alike, as the kubelet has it", async () => {
    await podsOf(cluster, "linked").createPod("unreached", { image: `${HOST}/team/nothing:latest` });
    const elsewhere = { REGISTRY_ACCESS_ENDPOINTS: `${HOST}=http://127.0.0.1:9` };
    const far = inProcess(pullCheckResource, cluster.identities.apply, elsewhere);
    const { said } = await far.apply(null, check("linked", "unreached", "15s"));
    expect(lines(said)[0]?.at(-1)).toContain(
      `Likely cause: there is no tag latest in repository team/nothing of ${HOST}, or no such repository.`,
    );
  });

  it("each failure is told apart", async () => {
    await addRegistryHost(cluster.state, { host: "down.example.com", url: "http://127.0.0.1:9" });
    await addRegistryHost(cluster.state, { host: "stranger.example.com", url: cluster.state.apiServer });
    const cases: { readonly [app: string]: readonly [image: string, cause: string, pullSecrets?: readonly string[]] } = {
      tag: [
        `${HOST}/team/ibmliberty:none`,
        `there is no tag none in repository team/ibmliberty of ${HOST}. Its tags are latest. Look at the spelling, and whether it was pushed.`,
      ],
      repository: [
        `${HOST}/team/nothing:latest`,
        `there is no repository team/nothing at ${HOST}. Look at the spelling, and whether it was pushed.`,
      ],
      forbidden: [`${HOST}/stranger/app:latest`, "the registry refuses the credential that pull secret pull holds"],
      down: [
        "down.example.com/app:1",
        "the registry is not reached: nothing answers at 127.0.0.1:9, where the node asks for down.example.com.",
      ],
      stranger: [
        "stranger.example.com/app:1",
        `TLS: the node does not know the authority that signed the certificate of ${new URL(cluster.state.apiServer).host}, where the node asks for stranger.example.com.`,
      ],
      unknown: ["no-such-host.example.com/app:1", "the registry is not reached: no-such-host.example.com has no address"],
      gone: [LIBERTY, "pull secret gone is listed by the Pod, but is not in namespace linked.", ["gone"]],
      elsewhere: [
        LIBERTY,
        `the Pod's pull secrets hold no credential for ${HOST} (elsewhere holds registry.eu-gb.bluemix.net).`,
        ["elsewhere"],
      ],
      wrong: [LIBERTY, `the registry refuses the credential that pull secret wrong holds for ${HOST}`, ["wrong"]],
    };
    const pods = podsOf(cluster, "linked");
    for (const [app, [image, , imagePullSecrets]] of Object.entries(cases))
      await pods.createPod(app, { image, ...(imagePullSecrets ? { imagePullSecrets } : {}) });
    const told = await Promise.all(
      Object.keys(cases).map(async (app) => {
        const { said } = await provider.apply(null, check("linked", app, "25s"));
        return [app, lines(said)[0]?.find((line) => line.startsWith("Likely cause: ")) ?? said];
      }),
    );
    expect(told).toEqual(Object.entries(cases).map(([app, [, cause]]) => [app, expect.stringContaining(cause)]));
  });
});
