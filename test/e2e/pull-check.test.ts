/** registry_pull_check against a real API server and its controllers; the kubelet's part is played by the test. */
import type { KubernetesObject, SecretObject } from "../../lib/clients/kubernetes/client";
import { accessRules, type PolicyRule } from "../../lib/domain/access-rules";
import type { Pod } from "../../lib/domain/pulls/pod";
import type { Value } from "../../lib/provider/framework/value";
import { pullCheckResource } from "../../lib/provider/resources/pull-check";
import { createUserKubeconfig } from "../../sandbox";
import { startCluster, until } from "./support/cluster";
import { block, object, quoted } from "./support/hcl";
import { applyObjects, type LimitedCluster, underRoles, untilAllowed } from "./support/identities";
import { type InProcess, inProcess } from "./support/in-process";
import { startApply } from "./support/interrupt";
import { makeNode, NODE, reportEvent, reportStatus, startKubelet } from "./support/kubelet";
import { createStack, errorsOf, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const { signal } = new AbortController();
const HOST = "registry.example:5000";
const IMAGE = `${HOST}/team/app:1`;
const NAMES = { pullSecrets: ["shop-pull", "pull", "other", "gone"], serviceAccounts: ["default"], pullChecks: true };
let cluster: LimitedCluster;

beforeAll(async () => {
  cluster = await underRoles(await startCluster("pull-check"), NAMES);
  await makeNode(cluster);
  for (const namespace of ["team-a", "team-b", "team-q"]) {
    await cluster.createNamespace(namespace);
    await until(async () => (await cluster.serviceAccount(namespace)) !== undefined);
  }
});
afterAll(() => cluster?.stop());

const dockerConfig = (hosts: readonly string[], password = "hunter22") =>
  Buffer.from(
    JSON.stringify({ auths: Object.fromEntries(hosts.map((host) => [host, { username: "acme", password }])) }),
  ).toString("base64");

/** Makes a Pod on the node, without a controller. */
function makePod(namespace: string, name: string, spec: object = {}): Promise<Pod & KubernetesObject> {
  const containers = [{ name: "app", image: IMAGE }];
  return cluster.create("pods", {
    metadata: { name, namespace, labels: { app: name } },
    spec: { nodeName: NODE, containers, ...spec },
  } as Pod & KubernetesObject);
}

const refusedBy = (image: string) =>
  `failed to pull and unpack image "${image}": failed to resolve reference "${image}": pulling from host ${HOST} failed with status code [manifests 1]: 401 Unauthorized`;
const waiting = (reason: string, message?: string, name = "app", image = IMAGE) => ({
  name,
  image,
  imageID: "",
  ready: false,
  restartCount: 0,
  state: { waiting: { reason, message } },
});
const ran = (state: object, name = "app", image = IMAGE) => ({
  ...waiting("", "", name, image),
  imageID: `${image}@sha256:0`,
  state,
});

describe("registry_pull_check: why Pods have not pulled", () => {
  let checks: InProcess;
  beforeAll(async () => {
    checks = inProcess(pullCheckResource, cluster.identities.apply);
    const secret = (name: string, hosts: readonly string[]): SecretObject => ({
      metadata: { name, namespace: "team-a" },
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": dockerConfig(hosts) },
    });
    await cluster.create("secrets", secret("pull", [HOST]));
    await cluster.create("secrets", secret("other", ["registry.example"]));
  });

  const check = (namespace: string, name: string, timeout = "1s", more: object = {}) =>
    ({ namespace, match_labels: { app: name }, timeouts: { create: timeout, read: null, update: timeout }, ...more }) as {
      [name: string]: Value;
    };

  interface Case {
    readonly namespace?: string;
    readonly spec?: object;
    readonly status: object;
    /** Reason, message, container. */
    readonly events?: readonly (readonly [string, string, string?])[];
    /** What is said besides the head, line by line. */
    readonly says: readonly string[];
  }
  const cases: { readonly [name: string]: Case } = {
    "no-secret": {
      namespace: "team-b",
      status: {
        containerStatuses: [waiting("ImagePullBackOff", `Back-off pulling image "${IMAGE}": ErrImagePull: ${refusedBy(IMAGE)}`)],
      },
      says: [
        `${IMAGE}: not pulled for container app of Pod no-secret.`,
        `The kubelet says: ImagePullBackOff: Back-off pulling image "${IMAGE}": ErrImagePull: ${refusedBy(IMAGE)}`,
        "Pull secrets of the Pod: none.",
        "Likely cause: no pull secret is linked to ServiceAccount default in namespace team-b, and the Pod names none itself. Add the namespace to the access (registry_pull_secret and registry_service_account_patch; RegistryAccess in the constructs), or name a pull secret in the Pod.",
      ],
    },
    "missing-secret": {
      spec: { imagePullSecrets: [{ name: "gone" }] },
      status: { containerStatuses: [waiting("ImagePullBackOff", `Back-off pulling image "${IMAGE}"`)] },
      events: [["Failed", `Failed to pull image "${IMAGE}": rpc error: code = Unknown desc = ${refusedBy(IMAGE)}`, "app"]],
      says: [
        `${IMAGE}: not pulled for container app of Pod missing-secret.`,
        `The kubelet says: ImagePullBackOff: rpc error: code = Unknown desc = ${refusedBy(IMAGE)}`,
        "Pull secrets of the Pod: gone (not there).",
        "Likely cause: pull secret gone is listed by the Pod, but is not in namespace team-a. Make it there (registry_pull_secret, with the namespace in namespaces), or list the right name.",
      ],
    },
    "another-host": {
      spec: { imagePullSecrets: [{ name: "other" }] },
      status: { containerStatuses: [waiting("ErrImagePull", refusedBy(IMAGE))] },
      says: [
        `${IMAGE}: not pulled for container app of Pod another-host.`,
        `The kubelet says: ErrImagePull: ${refusedBy(IMAGE)}`,
        "Pull secrets of the Pod: other.",
        `Likely cause: the Pod's pull secrets hold no credential for ${HOST} (other holds registry.example). The kubelet compares hosts letter by letter, and ports: "${HOST}" is not "registry.example". Add the host to the pull secret's registries, or write the image's host as it stands there.`,
      ],
    },
    "init-refused": {
      spec: { imagePullSecrets: [{ name: "pull" }], initContainers: [{ name: "init", image: IMAGE }] },
      status: {
        initContainerStatuses: [waiting("ErrImagePull", refusedBy(IMAGE), "init")],
        containerStatuses: [waiting("PodInitializing")],
      },
      says: [
        `${IMAGE}: not pulled for container init of Pod init-refused.`,
        `The kubelet says: ErrImagePull: ${refusedBy(IMAGE)}`,
        "Pull secrets of the Pod: pull.",
        `Likely cause: the registry refuses the credential that pull secret pull holds for ${HOST}: it was revoked, has expired or is wrong, or it may not read team/app. A plan says whether a registry token of registry_token is still good; a user name with its password is only tried by a pull, or by the data source registry_image. The kubelet tries again within five minutes of a repair.`,
      ],
    },
    "init-crashes": {
      spec: { initContainers: [{ name: "init", image: IMAGE }] },
      status: {
        initContainerStatuses: [ran({ waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } }, "init")],
        containerStatuses: [waiting("PodInitializing")],
      },
      says: [
        "Pod init-crashes: init container init has its image and does not come to an end, and the others wait for it: CrashLoopBackOff: back-off 10s",
      ],
    },
    "not-mounted": {
      status: { containerStatuses: [waiting("ContainerCreating")] },
      events: [["FailedMount", 'MountVolume.SetUp failed for volume "x" : secret "x" not found']],
      says: [
        `Pod not-mounted: it is on node ${NODE}, and the last that is said of it is FailedMount: MountVolume.SetUp failed for volume "x" : secret "x" not found`,
      ],
    },
  };
  it.each(Object.entries(cases))("%s", async (name, { namespace = "team-a", spec, status, events = [], says }) => {
    const pod = await makePod(namespace, name, spec);
    await reportStatus(cluster, pod, { phase: "Pending", ...status });
    for (const [reason, message, container] of events)
      await reportEvent(cluster, pod, reason, message, container === undefined ? undefined : `spec.containers{${container}}`);
    const { said, state } = await checks.apply(null, check(namespace, name));
    expect({ state, said: said.map(({ severity, detail }) => [severity, ...detail.split("\n").slice(0, -1)]) }).toEqual({
      state: null,
      said: [["error", ...says]],
    });
    expect(said[0]?.detail).toContain(
      `Pods with app=${name} in namespace ${namespace}, within 1s (timeouts.create): 0 of 1 Pod has pulled all images`,
    );
    expect(JSON.stringify(said)).not.toContain("hunter22");
  });

  it("no scheduler puts a Pod on a node: as the real one says it", async () => {
    await cluster.create("pods", {
      metadata: { name: "unplaced", namespace: "team-a", labels: { app: "unplaced" } },
      spec: { containers: [{ name: "app", image: IMAGE }], nodeSelector: { disk: "gold" } },
    } as KubernetesObject);
    const at = { apiVersion: "v1", resource: "pods", namespace: "team-a", name: "unplaced" };
    await until(
      async () => ((await cluster.client.get<Pod & KubernetesObject>(at, signal))?.status?.conditions ?? []).length > 0,
    );
    const { said } = await checks.apply(null, check("team-a", "unplaced"));
    expect(said[0]).toMatchObject({ summary: "Pod has not pulled its images" });
    expect(said[0]?.detail).toMatch(
      /^Pod unplaced: no node takes it, so nothing is pulled: Unschedulable: 0\/1 nodes are available: /,
    );
  });

  it("there are no Pods: none are made, the quota forbids them, or there is no namespace", async () => {
    await cluster.create("resourcequotas", {
      metadata: { name: "none", namespace: "team-q" },
      spec: { hard: { pods: "0" } },
    } as KubernetesObject);
    await makeDeployment("team-q", "shop", 2);
    const at = { apiVersion: "apps/v1", resource: "deployments", namespace: "team-q", name: "shop" };
    await until(async () => JSON.stringify(await cluster.client.get(at, signal)).includes("ReplicaFailure"));
    const [none, quota, nowhere] = await Promise.all([
      checks.apply(null, check("team-b", "nobody", "1s", { pods: 3 })),
      checks.apply(null, check("team-q", "shop")),
      checks.apply(null, check("nowhere", "shop")),
    ]);
    expect(none.said.map(({ summary, detail }) => [summary, detail.split("\n").slice(0, 2)])).toEqual([
      [
        "Pods are missing",
        [
          "There is no such Pod, and there should be 3.",
          "No workload makes Pods with app=nobody either, as far as can be seen: look at the labels, and whether what makes the Pods comes before the check (depends_on).",
        ],
      ],
    ]);
    expect(quota.said[0]?.detail).toMatch(
      /^There is no such Pod, and there should be 2\.\nDeployment shop can't make its Pods: FailedCreate: .*exceeded quota: none/,
    );
    expect(nowhere.said[0]?.detail.split("\n").slice(0, 2)).toEqual([
      "There is no such Pod, and there should be 1.",
      "The namespace does not exist.",
    ]);
  });

  it("a name that is none is not waited for; a container that does not start is a warning", async () => {
    const wrong = await makePod("team-b", "wrong-name", { containers: [{ name: "app", image: "Registry/App" }] });
    await reportStatus(cluster, wrong, {
      containerStatuses: [waiting("InvalidImageName", "couldn't parse image name", "app", "Registry/App")],
    });
    const { said, state } = await checks.apply(null, check("team-b", "wrong-name", "5m"));
    expect([state, said[0]?.detail]).toEqual([null, expect.stringContaining("where waiting is of no use")]);
    const late = await makePod("team-b", "not-started");
    await reportStatus(cluster, late, { containerStatuses: [waiting("CreateContainerConfigError", 'configmap "x" not found')] });
    const done = await checks.apply(null, check("team-b", "not-started"));
    expect({
      status: done.state?.status,
      id: done.state?.id,
      said: done.said.map(({ severity, detail }) => [severity, detail]),
    }).toEqual({
      status: "pulled",
      id: "team-b/app=not-started",
      said: [
        [
          "warning",
          'All images were pulled, so this check is well. But some containers don\'t start: not-started/app: CreateContainerConfigError: configmap "x" not found',
        ],
      ],
    });
  });

  it("what may not be looked at is told, and fails nothing but a check without Pods", async () => {
    const listing = (...resources: string[]) => [{ apiGroups: [""], resources, verbs: ["list"] }];
    const only = await makeUser("pods-only", listing("pods"));
    const nobody = await makeUser("nobody", listing("endpoints"));
    const limited = inProcess(pullCheckResource, only);
    const { said } = await limited.apply(null, check("team-a", "missing-secret"));
    expect(said.map(({ detail }) => detail.split("\n").slice(1))).toEqual([
      [
        `The kubelet says: ImagePullBackOff: Back-off pulling image "${IMAGE}"`,
        "Pull secrets of the Pod: gone (not looked at).",
        expect.stringContaining("Likely cause: "),
        expect.stringContaining("Pods with app=missing-secret"),
        "Could not be looked at for this: events of Pod missing-secret (list): not allowed, Secret gone (get): not allowed.",
      ],
    ]);
    const done = await checks.apply(null, check("team-b", "not-started"));
    const blind = inProcess(pullCheckResource, nobody);
    expect(await blind.refresh(done)).toMatchObject({
      said: [{ severity: "warning", summary: "Pulls could not be looked at", detail: expect.stringContaining("list on pods") }],
      state: { status: "pulled" },
    });
    const { said: denied, state } = await blind.apply(null, check("team-b", "not-started"));
    expect([state, denied.map(({ summary, path }) => [summary, path])]).toEqual([null, [["Not allowed", ["namespace"]]]]);
  });

  const lost: { readonly [resource: string]: readonly [app: string, says: string] } = {
    events: ["missing-secret", "Could not be looked at for this: events of Pod missing-secret (list): not allowed."],
    secrets: ["missing-secret", "Could not be looked at for this: Secret gone (get): not allowed."],
    serviceaccounts: ["bare", "Could not be looked at for this: ServiceAccount default (get): not allowed."],
    ...Object.fromEntries(
      ["deployments", "replicasets", "statefulsets", "daemonsets"].map((resource) => [
        resource,
        ["nobody", "Deployments and other workloads may not be listed here, so nothing is known of what they want."],
      ]),
    ),
  };
  it.each(Object.entries(lost))(
    "without the published roles' right to %s, a check says what it could not see, and with all nothing of it",
    async (resource, [app, says]) => {
      if (app === "bare") {
        const bare = await makePod("team-b", app, { imagePullSecrets: [] });
        await reportStatus(cluster, bare, { containerStatuses: [waiting("ErrImagePull", refusedBy(IMAGE))] });
      }
      const namespace = app === "bare" ? "team-b" : "team-a";
      const rules = accessRules("apply", NAMES)
        .map(({ why: _, ...rule }) => ({ ...rule, resources: rule.resources.filter((other) => other !== resource) }))
        .filter(({ resources }) => resources.length > 0)
        .sort((a) => (a.resources.includes("pods") ? -1 : 1));
      const without = inProcess(pullCheckResource, await makeUser(`no-${resource}`, rules));
      const [{ said }, all] = await Promise.all([
        without.apply(null, check(namespace, app)),
        checks.apply(null, check(namespace, app)),
      ]);
      expect(said[0]?.detail).toContain(says);
      expect(all.said[0]?.detail).not.toContain(says);
    },
  );
});

/** A user with these rules, everywhere, and nothing else. */
async function makeUser(name: string, rules: readonly Omit<PolicyRule, "why">[]): Promise<string> {
  const apiGroup = "rbac.authorization.k8s.io";
  const subjects = [{ apiGroup, kind: "User", name }];
  await applyObjects(cluster, [
    { kind: "ClusterRole", metadata: { name }, rules },
    { kind: "ClusterRoleBinding", metadata: { name }, roleRef: { apiGroup, kind: "ClusterRole", name }, subjects },
  ]);
  const kubeconfig = await createUserKubeconfig(cluster.state, { name });
  const [
    {
      verbs: [verb = ""],
      resources: [resource = ""],
    } = { verbs: [], resources: [] },
  ] = rules;
  await untilAllowed(kubeconfig, verb, resource, "", "team-a");
  return kubeconfig;
}

/** A Deployment on the node; the real controllers make its Pods, and admission gives them their ServiceAccount's pull secrets. */
async function makeDeployment(namespace: string, name: string, replicas: number): Promise<void> {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { nodeName: NODE, containers: [{ name: "app", image: IMAGE }] } };
  const deployment = { metadata: { name, namespace }, spec: { replicas, selector: { matchLabels: labels }, template } };
  await cluster.client.create(
    { apiVersion: "apps/v1", resource: "deployments", namespace },
    deployment as KubernetesObject,
    {},
    signal,
  );
}

/** They stay, being deleted, since no kubelet says that their containers have ended; their controllers make others. */
async function deletePods(namespace: string, app: string): Promise<void> {
  const of = { apiVersion: "v1", resource: "pods", namespace };
  for (const { metadata } of await cluster.client.list(of, { labelSelector: `app=${app}` }, signal)) {
    await cluster.client.delete({ ...of, name: metadata.name }, {}, signal);
  }
}

describe("registry_pull_check: a life", () => {
  const CHECK = "registry_pull_check.shop";
  const PULL_SECRET = "registry_pull_secret.pull";
  const PATCH = "registry_service_account_patch.pull";
  let stack: Stack;
  let accepted = "first";
  let kubelet: { stop(): Promise<void> };
  /** Tags that the registry has. */
  const tags = new Set(["1"]);

  beforeAll(async () => {
    stack = await createStack("pull-check", { REGISTRY_SHOP_PASSWORD: "first" }, undefined, cluster.envOf);
    await makeDeployment("team-b", "shop", 2);
    kubelet = startKubelet(cluster, ["team-b"], async (image, pod) => {
      const refused = refusedBy(image);
      for (const { name = "" } of pod.spec?.imagePullSecrets ?? []) {
        const config = (await cluster.dockerConfig("team-b", name)) as
          | { auths?: { [host: string]: { password?: string } } }
          | undefined;
        if (config?.auths?.[HOST]?.password === accepted)
          return tags.has(image.split(":").at(-1) ?? "")
            ? undefined
            : `failed to resolve reference "${image}": ${image}: not found`;
      }
      return image.startsWith(HOST) ? refused : undefined;
    });
  });
  afterAll(async () => {
    await kubelet?.stop();
    removeStack(stack);
  });

  const write = (namespaces: readonly string[], timeout: string) => {
    stack.write(
      [
        block('provider "registry"', { owner: quoted("tests/pull-check"), kubernetes: cluster.kubernetes }),
        block('resource "registry_pull_secret" "pull"', {
          name: quoted("shop-pull"),
          namespaces: quoted(namespaces),
          registries: `[${object({ hosts: quoted([HOST]), username: quoted("acme"), password_env: quoted("REGISTRY_SHOP_PASSWORD") })}]`,
        }),
        block('resource "registry_service_account_patch" "pull"', {
          namespaces: quoted(namespaces),
          pull_secrets: "[registry_pull_secret.pull.name]",
        }),
        `resource "registry_pull_check" "shop" {
  namespace    = "team-b"
  match_labels = { app = "shop" }
  timeouts     = { create = "${timeout}", update = "${timeout}" }
  depends_on   = [${PULL_SECRET}, ${PATCH}]
  lifecycle { replace_triggered_by = [${PULL_SECRET}, ${PATCH}] }
}
`,
      ].join(""),
    );
  };
  const status = async () => (await stack.attributes<{ status: string }>(CHECK))?.status;

  test("a namespace left out: the apply fails with the kubelet's 401 and says why, and leaves no check", async () => {
    write(["team-a"], "3s");
    const failed = await stack.apply();
    expect(errorsOf(failed).map(({ summary, address }) => [summary, address])).toEqual([["Image could not be pulled", CHECK]]);
    expect(errorsOf(failed)[0]?.detail).toContain("401 Unauthorized");
    expect(errorsOf(failed)[0]?.detail).toContain("no pull secret is linked to ServiceAccount default in namespace team-b");
    expect(await status()).toBeUndefined();
  });

  test("the namespace is added: the next apply gets there, once the Pods are made anew", async () => {
    write(["team-a", "team-b"], "2m");
    const apply = stack.apply();
    await until(async () => ((await cluster.serviceAccount("team-b"))?.imagePullSecrets ?? []).length > 0);
    await deletePods("team-b", "shop");
    expectWell(await apply);
    expect(await status()).toBe("pulled");
    expect(expectWell(await stack.plan())).toMatchObject({ changes: {}, messages: [] });
  });

  test("the credential is revoked: a plan warns and never fails, and a new credential is checked", async () => {
    accepted = "second";
    await deletePods("team-b", "shop");
    await until(async () => JSON.stringify(await pods()).includes("ErrImagePull"));
    const planned = expectWell(await stack.plan());
    expect(planned.changes).toEqual({ [CHECK]: ["update"] });
    expect(planned.text).toContain('status       = "failing" -> "pulled"');
    expect(planned.messages).toMatchObject([{ severity: "warning", summary: "Image could not be pulled" }]);
    expect(planned.messages[0]?.detail).toContain(
      `the registry refuses the credential that pull secret shop-pull holds for ${HOST}`,
    );
    stack.env.REGISTRY_SHOP_PASSWORD = "second";
    const repair = expectWell(await stack.plan());
    expect(repair.changes).toEqual({ [PULL_SECRET]: ["update"], [CHECK]: ["delete", "create"] });
    expectWell(await stack.apply("plan.bin"));
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  test("a rollout to a tag that is not there: the old Pods still run, and don't count", async () => {
    const at = { apiVersion: "apps/v1", resource: "deployments", namespace: "team-b", name: "shop" };
    type Template = { spec: { template: { spec: { containers: { image: string }[] } } } };
    const found = (await cluster.client.get<KubernetesObject & Template>(at, signal)) as KubernetesObject & Template;
    const [container] = found.spec.template.spec.containers;
    if (container) container.image = `${HOST}/team/app:2`;
    await cluster.client.replace(at, found, signal);
    write(["team-a", "team-b"], "5s");
    const failed = await stack.apply(`-replace=${CHECK}`);
    expect(errorsOf(failed).map(({ summary }) => summary)).toEqual(["Image could not be pulled"]);
    expect(errorsOf(failed)[0]?.detail).toContain(
      `Likely cause: there is no tag 2 in repository team/app of ${HOST}, or no such repository.`,
    );
    tags.add("2");
    write(["team-a", "team-b"], "2m");
    expectWell(await stack.apply());
  });

  test("Ctrl-C ends the wait; no check is left, and the next apply makes it", async () => {
    tags.delete("2");
    await deletePods("team-b", "shop");
    write(["team-a", "team-b"], "5m");
    expectWell(await stack.destroy(`-target=${CHECK}`));
    await until(async () => JSON.stringify(await pods()).includes("ErrImagePull"));
    const apply = await startApply(stack);
    await until(async () => apply.output().includes(`${CHECK}: Creating`));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const { findings } = await apply.interrupt();
    expect(findings.filter(({ severity }) => severity === "error").map(({ summary }) => summary)).toContain("Cancelled");
    expect(findings.map(({ detail }) => detail).join()).toContain(
      "was cancelled; until then: 0 of 2 Pods have pulled all images",
    );
    expect(await status()).toBeUndefined();
    tags.add("2");
    expectWell(await stack.apply());
    expect(await status()).toBe("pulled");
  });

  test("pull_checks = skip: nothing is looked at, and the next plan without it checks what was skipped", async () => {
    stack.env.REGISTRY_ACCESS_PULL_CHECKS = "skip";
    expect(expectWell(await stack.apply(`-replace=${CHECK}`)).messages).toMatchObject([
      { severity: "warning", summary: "Pulls are not checked" },
    ]);
    expect(await status()).toBe("not_checked");
    stack.env.REGISTRY_ACCESS_PULL_CHECKS = undefined;
    expect(expectWell(await stack.plan()).changes).toEqual({ [CHECK]: ["update"] });
    expectWell(await stack.apply("plan.bin"));
    expect(await status()).toBe("pulled");
    expectWell(await stack.destroy());
  });

  const pods = () =>
    cluster.client.list({ apiVersion: "v1", resource: "pods", namespace: "team-b" }, { labelSelector: "app=shop" }, signal);
});
