import { createUserKubeconfig } from "../../../sandbox";
import { until } from "../support/cluster";
import { applyObjects } from "../support/identities";
import { createStack, errorsOf, expectWell, removeStack, type Stack } from "../support/terraform";
import { CORE, type OpenSetting, provider, REQUESTS } from "./setting";

const RBAC = "rbac.authorization.k8s.io";
const NAME = "provisioned";
const PROJECT = `/apis/project.openshift.io/v1/projects/${NAME}`;

/** Who may request projects and nothing else, and projects that somebody else requested. */
export function testSelfProvisioner(open: OpenSetting): void {
  describe("who may only request projects", () => {
    let stack: Stack;
    const write = (more = "") =>
      stack.write(
        `${provider("provisioner", "{}")}\nresource "registry_openshift_project" "p" {\n name = "${NAME}"\n ${more}\n}`,
      );

    beforeAll(async () => {
      const { cluster } = open();
      const user = "provisioner";
      const subjects = [{ apiGroup: RBAC, kind: "User", name: user }];
      const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name: "self-provisioner" };
      await applyObjects(cluster, [{ kind: "ClusterRoleBinding", metadata: { name: user }, roleRef, subjects }]);
      stack = await createStack("openshift-provisioner", {
        KUBE_CONFIG_PATH: await createUserKubeconfig(cluster.state, { name: user }),
      });
    });
    afterAll(() => removeStack(stack));

    test("makes one, whose rights come a moment later, plans nothing, changes it, and destroys it", async () => {
      const { api } = open();
      write();
      expectWell(await stack.apply());
      expect((await api("GET", PROJECT)).body.metadata.annotations?.["openshift.io/requester"]).toBe("provisioner");
      expect(expectWell(await stack.plan()).changes).toEqual({});
      write('description = "changed"');
      expectWell(await stack.apply());
      expect((await api("GET", PROJECT)).body.metadata.annotations?.["openshift.io/description"]).toContain("changed");
      expectWell(await stack.destroy());
      await until(async () => (await api("GET", CORE(NAME, "").replace(/\/$/, ""))).status === 404);
    });

    test("fails when somebody else requested it with our mark in its description, and leaves it alone", async () => {
      const { api } = open();
      write();
      expectWell(await stack.apply());
      const description = (await api("GET", PROJECT)).body.metadata.annotations?.["openshift.io/description"];
      expectWell(await stack.destroy());
      await until(async () => (await api("GET", PROJECT)).status === 404);
      await api("POST", REQUESTS, { metadata: { name: NAME }, description });
      // As one who sees it: an administrator's token of a ServiceAccount, who did not request it.
      const binding = { metadata: { name: "seer" }, roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "admin" } };
      const subjects = [{ apiGroup: RBAC, kind: "User", name: "provisioner" }];
      await api("POST", `/apis/${RBAC}/v1/namespaces/${NAME}/rolebindings`, { ...binding, subjects });
      await until(async () => !/\b403\b|may not see/.test(JSON.stringify(errorsOf(await stack.apply()))));
      const errors = errorsOf(await stack.apply());
      expect(errors.map(({ summary }) => summary)).toEqual(["Project is there already"]);
      expect(expectWell(await stack.destroy()).messages.filter(({ severity }) => severity === "error")).toEqual([]);
      expect((await api("GET", PROJECT)).body.metadata.annotations?.["openshift.io/description"]).toBe(description);
      await api("DELETE", PROJECT);
    });
  });
}
