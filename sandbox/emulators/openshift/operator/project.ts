import type { ApiObject, Texts } from "../kubernetes-api";

/** The annotations of a project, which are its namespace's. */
const DESCRIPTION = "openshift.io/description";
const DISPLAY_NAME = "openshift.io/display-name";
const REQUESTER = "openshift.io/requester";

const FORBIDDEN_NAMES = ["openshift", "kubernetes", "kube"];

/** A project is a namespace as its users see it. */
export function toProject({ metadata, spec, status }: ApiObject): ApiObject {
  const { managedFields: _managedFields, ...shown } = metadata;
  return {
    kind: "Project",
    apiVersion: "project.openshift.io/v1",
    metadata: shown as ApiObject["metadata"],
    spec: { finalizers: spec?.finalizers ?? [] },
    status: { phase: status?.phase },
  };
}

/** Why nobody may ask for a project of this name; undefined where one may. */
export function forbiddenName(name: string): string | undefined {
  if (FORBIDDEN_NAMES.includes(name)) return `cannot request a project with the name ${JSON.stringify(name)}`;
  const prefix = FORBIDDEN_NAMES.map((word) => `${word}-`).find((start) => name.startsWith(start));
  return prefix === undefined ? undefined : `cannot request a project starting with ${JSON.stringify(prefix)}`;
}

/** The namespace of a new project, by the template that OpenShift comes with. */
export function namespaceOf(request: ApiObject, requester: string): object {
  const annotations: Texts = {
    [DESCRIPTION]: String(request.description ?? ""),
    [DISPLAY_NAME]: String(request.displayName ?? ""),
    [REQUESTER]: requester,
  };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: request.metadata.name, annotations } };
}

/** The requester becomes the project's administrator. */
export function administratorBinding(requester: string): object {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "admin" },
    subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: requester }],
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" },
  };
}

/** What of a change of a project only its namespace takes: a path and why. Undefined where the project takes it. */
export function refusedChange(before: Texts | undefined, after: { readonly [name: string]: string | null }): string | undefined {
  const refused = Object.keys(after).find(
    (name) => name !== DESCRIPTION && name !== DISPLAY_NAME && (after[name] ?? undefined) !== before?.[name],
  );
  return refused && `metadata.annotations[${refused}]: Invalid value: "": field is immutable, try updating the namespace`;
}
