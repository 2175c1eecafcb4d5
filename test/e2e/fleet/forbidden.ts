import { createUserKubeconfig } from "../../../sandbox";
import { PATCH, PULL_SECRET } from "../support/access-hcl";
import { applyObjects, untilAllowed } from "../support/identities";
import { errorsOf, expectWell, type Message, removeStack } from "../support/terraform";
import {
  bluemix,
  cluster,
  createOther,
  expectNothingToDo,
  expectServed,
  hcl,
  NAMESPACES,
  OTHER_NAME,
  secretsNamed,
  stack,
  useServedFleet,
} from "./setting";

const TEAM = "tests/half";
const MAY = NAMESPACES.filter((_, index) => index % 2 === 0);
const MAY_NOT = NAMESPACES.filter((_, index) => index % 2 === 1);
/** The first of those that are refused, and how many more. */
const FOLDED = `${MAY_NOT.slice(0, 5).join(", ")} and ${MAY_NOT.length - 5} more`;

/** Somebody with rights in half of the namespaces, each by a binding of its own, and none over all. */
export function testForbidden(): void {
  describe("fleet: half of the namespaces are forbidden", () => {
    let kubeconfig: string;
    useServedFleet();

    beforeAll(async () => {
      const apiGroup = "rbac.authorization.k8s.io";
      const subjects = [{ apiGroup, kind: "User", name: "half" }];
      const bind = (namespace: string, kind: string, name: string) => {
        const metadata = { name: "half", namespace };
        return { kind: "RoleBinding", metadata, roleRef: { apiGroup, kind, name }, subjects };
      };
      const rule = { apiGroups: [""], resources: ["namespaces"], resourceNames: ["kube-system"], verbs: ["get"] };
      const which = { kind: "Role", metadata: { name: "half", namespace: "kube-system" }, rules: [rule] };
      const bindings = MAY.map((namespace) => bind(namespace, "ClusterRole", "limited-apply"));
      await applyObjects(cluster, [which, bind("kube-system", "Role", "half")]);
      await Promise.all(bindings.map((binding) => applyObjects(cluster, [binding])));
      kubeconfig = await createUserKubeconfig(cluster.state, { name: "half" });
      await Promise.all([
        untilAllowed(kubeconfig, "get", "secrets", OTHER_NAME, MAY.at(-1) ?? ""),
        untilAllowed(kubeconfig, "get", "namespaces", "kube-system", "kube-system"),
      ]);
    });
    const told = (messages: readonly Message[]) => messages.find(({ address }) => address === PULL_SECRET)?.detail;

    it("a plan says so in one message, an apply stops before the first write; what is allowed is served, though no list over all is", async () => {
      const half = await createOther("half", () => ({ KUBE_CONFIG_PATH: kubeconfig }));
      const write = (namespaces: readonly string[]) => half.write(hcl({ owner: TEAM, namespaces, secretName: OTHER_NAME }));
      write(NAMESPACES);
      const { messages } = expectWell(await half.plan());
      expect(told(messages)).toContain(`in ${FOLDED}`);
      const refused = errorsOf(await half.apply("plan.bin"));
      expect(refused).toMatchObject([{ summary: "Not allowed", detail: expect.stringContaining(`in ${FOLDED}`) }]);
      expect((await secretsNamed(OTHER_NAME)).size).toBe(0);

      write(MAY);
      expectWell(await half.apply());
      expect([...(await secretsNamed(OTHER_NAME)).keys()]).toEqual(MAY);
      await expectNothingToDo(half);
      expectWell(await half.destroy());
      removeStack(half);
      expect([(await secretsNamed(OTHER_NAME)).size, await bluemix.living(TEAM)]).toEqual([0, []]);
    });

    it("on_refused = skip: what is allowed is served, the rest is blocked, in few words, and tried again once it is allowed", async () => {
      const half = await createOther("half-skip", () => ({ KUBE_CONFIG_PATH: kubeconfig }));
      const skip = 'on_refused = "skip"';
      half.write(hcl({ owner: TEAM, secretName: OTHER_NAME, pullSecret: skip, patch: skip }));
      const { messages } = expectWell(await half.apply());
      const left = messages.filter(({ detail }) => detail.includes(`in ${FOLDED}`) && detail.includes("They are left out."));
      // Terraform prints them in any order.
      expect(left.map(({ severity, summary, address }) => `${severity}: ${summary} (${address})`).sort()).toEqual([
        `warning: Not allowed (${PULL_SECRET})`,
        `warning: Not allowed (${PATCH})`,
      ]);
      expect(messages.length).toBeLessThan(10);
      expect([...(await secretsNamed(OTHER_NAME)).keys()]).toEqual(MAY);
      type Targets = { readonly targets: { readonly [namespace: string]: { readonly status: string } } };
      const { targets } = (await half.attributes<Targets>(PULL_SECRET)) as Targets;
      const blocked = (namespace: string) => (MAY_NOT.includes(namespace) ? "blocked" : "in_sync");
      expect(targets).toEqual(Object.fromEntries(NAMESPACES.map((namespace) => [namespace, { status: blocked(namespace) }])));

      // A refresh does without them, too, and each plan tries them again.
      const again = expectWell(await half.plan());
      expect(again.changes).toEqual({ [PULL_SECRET]: ["update"], [PATCH]: ["update"] });
      expect(told(again.messages)).toContain(`in ${FOLDED}. An apply by this identity would leave these namespaces out`);
      half.write(hcl({ owner: TEAM, secretName: OTHER_NAME, pullSecret: `${skip}\n  labels = { round = "two" }`, patch: skip }));
      expectWell(await half.apply());
      const secrets = [...(await secretsNamed(OTHER_NAME))].map(([namespace, { metadata }]) => [
        namespace,
        metadata.labels?.round,
      ]);
      expect(secrets).toEqual(MAY.map((namespace) => [namespace, "two"]));
      expectWell(await half.destroy());
      removeStack(half);
      expect([(await secretsNamed(OTHER_NAME)).size, await bluemix.living(TEAM)]).toEqual([0, []]);
    });

    it("a refresh of what is not allowed fails in one message, and loses nothing", async () => {
      stack.write(hcl({ kubernetes: `{ config_path = ${JSON.stringify(kubeconfig)} }` }));
      const refused = errorsOf(await stack.plan());
      expect(refused.filter(({ address }) => address === PULL_SECRET)).toMatchObject([
        { detail: expect.stringContaining(`could not be read in ${FOLDED}`) },
      ]);
      stack.write(hcl());
      await expectServed();
    });
  });
}
