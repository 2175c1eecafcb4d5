/** kubernetes_role_binding_v1, of which nothing is recorded but its schema. */
import { objectOf, stateOf } from "../../../sandbox/kubernetes-provider/object-state";
import { planLegacy } from "../../../sandbox/kubernetes-provider/plan";
import { roleBinding } from "../../../sandbox/kubernetes-provider/resources/role-binding";
import { resourceSchema } from "../../../sandbox/kubernetes-provider/schemas";
import { asTerraform } from "./recorded";

const ignored = { annotations: [], labels: [] };
const schema = resourceSchema(roleBinding.type);
const body = {
  metadata: { name: "pullers", namespace: "edge" },
  role_ref: { api_group: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:image-puller" },
  subject: [{ api_group: "", kind: "ServiceAccount", name: "puller", namespace: "edge" }],
};
const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:image-puller" };
const subject = { kind: "ServiceAccount", name: "puller", namespace: "edge" };
const found = {
  metadata: { name: "pullers", namespace: "edge", uid: "f6ad1d0c", resourceVersion: "7" },
  roleRef,
  subjects: [subject],
};
const config = asTerraform(schema, body);

test("the object sent is what the configuration says", () => {
  const { planned } = planLegacy(schema, config, null);
  expect(JSON.parse(JSON.stringify(objectOf(roleBinding, schema, planned)))).toEqual({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "pullers", namespace: "edge" },
    roleRef,
    subjects: [subject],
  });
});

test("its state has what its schema has, and no timeouts; a second plan changes nothing", () => {
  const state = stateOf(roleBinding, schema, found, undefined, ignored);
  expect(Object.keys(state).sort()).toEqual(["id", "metadata", "role_ref", "subject"]);
  expect(state).toMatchObject({ id: "edge/pullers", subject: [{ api_group: "", name: "puller", namespace: "edge" }] });
  expect(planLegacy(schema, config, state)).toEqual({ planned: state, requiresReplace: [] });
});

test("another role makes another binding, another subject does not", () => {
  const state = stateOf(roleBinding, schema, found, undefined, ignored);
  const withRole = asTerraform(schema, { ...body, role_ref: { ...body.role_ref, name: "edit" } });
  expect(planLegacy(schema, withRole, state).requiresReplace).toEqual([["role_ref", 0, "name"]]);
  const withSubject = asTerraform(schema, { ...body, subject: [{ ...body.subject[0], name: "other" }] });
  expect(planLegacy(schema, withSubject, state).requiresReplace).toEqual([]);
});
