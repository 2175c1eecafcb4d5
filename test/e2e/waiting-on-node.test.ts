/** Pods made before their pull secret, on a real node: in a namespace that was left out, and before an access; and an image pinned by digest. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { accessHcl } from "./support/access-hcl";
import { type Cluster, startCluster, until } from "./support/cluster";
import { dedicatedEnvironment } from "./support/dedicated";
import { block, quoted } from "./support/hcl";
import { applyYaml, type LimitedCluster, underRoles } from "./support/identities";
import { startMainStack } from "./support/main-stack";
import { describeOnNode } from "./support/node";
import { type PodObject, podsOf } from "./support/pods";
import { createStack, errorsOf, expectWell, removeStack } from "./support/terraform";

jest.setTimeout(600_000);

const LIBERTY = "registry.ng.bluemix.net/team/ibmliberty";
const APP = "registry.acme.example.com/acme/app:latest";
const PULLED_BY_DIGEST = new RegExp(`^${LIBERTY}@sha256:[0-9a-f]{64}$`);
const NOT_LINKED = /no pull secret is linked to ServiceAccount default in namespace team-b, and the Pod names none itself\./;

const uidsOf = (pods: readonly PodObject[]) => pods.map(({ metadata }) => metadata.uid).sort();

describeOnNode("Pods made before their pull secret, on a node", () => {
  let cluster: Cluster;
  let limited: LimitedCluster;
  beforeAll(async () => {
    cluster = await startCluster("waiting-node", { node: true });
    const names = { pullSecrets: ["pull"], serviceAccounts: ["default"], pullChecks: true };
    limited = await underRoles(cluster, names);
    const yaml = readFileSync(resolve(__dirname, "../../docs/rbac/waiting-pods.yaml"), "utf8");
    await applyYaml(cluster, yaml.replace(/kind: User, name: registry-/g, "kind: User, name: limited-"));
  });
  afterAll(() => cluster?.stop());

  /** Waits until the kubelet has said of every Pod that its image can't be pulled. */
  async function refused(namespace: string, app: string, count: number): Promise<readonly PodObject[]> {
    const pods = podsOf(cluster, namespace);
    const failing = ({ status }: PodObject) =>
      /^(?:ErrImagePull|ImagePullBackOff)$/.test(status?.containerStatuses?.[0]?.state.waiting?.reason ?? "");
    await until(async () => (await pods.list(app)).filter(failing).length === count);
    return await pods.list(app);
  }

  it("a Deployment in a namespace that was left out: explained, and repaired by the deploy that adds the namespace", async () => {
    const main = (served: string, timeout: string) =>
      startMainStack("waiting-node", "test/e2e/left-out", { SERVED: served, CHECK_TIMEOUT: timeout }, { cluster });
    const first = await main("team-a", "20s");
    const synthesized = await first.cdktf("synth");
    expect({ code: synthesized.code, output: synthesized.output }).toMatchObject({ code: 0 });
    const errors = errorsOf(await (await first.terraform()).apply());
    expect(errors.map(({ summary }) => summary)).toEqual(Array(2).fill("Image could not be pulled"));
    for (const { detail } of errors) {
      expect(detail).toMatch(NOT_LINKED);
      expect(detail).toMatch(/The kubelet says: .*(401 Unauthorized|insufficient_scope)/);
      expect(detail).toContain("within 20s (timeouts.create)");
    }
    const waiting = await refused("team-b", "liberty", 3);
    // What the same apply made besides is well: pinned by digest, and running.
    const [pinned] = await podsOf(cluster, "team-a").running("pinned", 1);
    expect(pinned?.spec.containers?.[0]?.image).toMatch(PULLED_BY_DIGEST);

    const second = await main("team-a,team-b", "3m");
    const repaired = await second.cdktf("deploy", "--auto-approve");
    expect({ code: repaired.code, output: repaired.output }).toMatchObject({ code: 0 });
    const running = await podsOf(cluster, "team-b").running("liberty", 3);
    expect(uidsOf(running).filter((uid) => uidsOf(waiting).includes(uid))).toEqual([]);
    expect(uidsOf(await podsOf(cluster, "team-a").list("pinned"))).toEqual([pinned?.metadata.uid]);
    await podsOf(cluster, "team-b").running("lone-pod", 1);
    const { changes, messages } = expectWell(await (await second.terraform()).plan());
    // A Pod that names no pull secret is taken for drift by hashicorp/kubernetes, once it has its ServiceAccount's.
    expect(Object.keys(changes).filter((address) => !address.includes("lone-pod"))).toEqual([]);
    expect(messages).toEqual([]);
  });

  it("a Deployment first, the access later: it waits, and says why; recreate_waiting_pods has it run", async () => {
    await cluster.createNamespace("later");
    await until(async () => (await cluster.serviceAccount("later")) !== undefined);
    await podsOf(cluster, "later").createDeployment("app", 2, { image: APP });
    const waiting = await refused("later", "app", 2);

    const stack = await createStack("waiting-node", dedicatedEnvironment(cluster.state), undefined, limited.envOf);
    const write = (recreate: boolean, timeout: string) =>
      stack.write(
        accessHcl(limited, {
          owner: "tests/waiting-node",
          namespaces: ["later"],
          patch: recreate ? "recreate_waiting_pods = true" : "",
        }) +
          block('resource "registry_pull_check" "app"', {
            namespace: quoted("later"),
            match_labels: '{ app = "app" }',
            timeouts: `{ create = ${quoted(timeout)} }`,
            depends_on: "[registry_service_account_patch.pull]",
          }),
      );
    try {
      write(false, "10s");
      const [error] = errorsOf(await stack.apply());
      expect(error?.detail).toContain(
        "the Pod was made before ServiceAccount default in namespace later had pull secret pull: a Pod gets them when it is made, and never later.",
      );
      expect(uidsOf(await podsOf(cluster, "later").list("app"))).toEqual(uidsOf(waiting));

      write(true, "3m");
      const planned = expectWell(await stack.plan());
      expect(planned.messages.map(({ summary }) => summary)).toEqual(["2 Pods will be recreated"]);
      expectWell(await stack.apply("plan.bin"));
      const running = await podsOf(cluster, "later").running("app", 2);
      expect(uidsOf(running).filter((uid) => uidsOf(waiting).includes(uid))).toEqual([]);
      expect(expectWell(await stack.plan())).toMatchObject({ changes: {}, messages: [] });
    } finally {
      removeStack(stack);
    }
  });

  it("a Deployment made in the same moment as the patch runs, too", async () => {
    await cluster.createNamespace("moments");
    await until(async () => (await cluster.serviceAccount("moments")) !== undefined);
    const stack = await createStack("waiting-node", dedicatedEnvironment(cluster.state), undefined, limited.envOf);
    const access = { owner: "tests/moments", namespaces: ["moments"], patch: "recreate_waiting_pods = true" };
    stack.write(accessHcl(limited, access));
    try {
      // The plan first, so that the Pods are hardly older than the patch.
      expectWell(await stack.plan());
      await podsOf(cluster, "moments").createDeployment("app", 2, { image: APP });
      await until(async () => (await podsOf(cluster, "moments").list("app")).length === 2);
      expectWell(await stack.apply("plan.bin"));
      await podsOf(cluster, "moments").running("app", 2);
    } finally {
      removeStack(stack);
    }
  });
});
