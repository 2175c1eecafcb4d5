import type { ObjectKind } from "../object-kind";

/** kubernetes_role_binding_v1; Kubernetes refuses another `role_ref`, so that one makes another object. */
export const roleBinding: ObjectKind = {
  type: "kubernetes_role_binding_v1",
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  resource: "rolebindings",
  namespaced: true,
  stateOnly: [],
  change: (current, wanted) => ({ ...current, subjects: wanted.subjects ?? [] }),
};
