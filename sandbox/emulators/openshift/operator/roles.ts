/** OpenShift's own ClusterRoles, as much of them as decides on images and projects (openshift-apiserver's bootstrap policy). */

const IMAGES = ["", "image.openshift.io"];
const PROJECTS = ["", "project.openshift.io"];
const READ = ["get", "list", "watch"];
const ALL = ["create", "delete", "deletecollection", ...READ, "patch", "update"];
const STREAMS = ["imagestreamimages", "imagestreammappings", "imagestreams", "imagestreamtags", "imagetags"];

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const layers = (...verbs: readonly string[]): Rule => ({ apiGroups: IMAGES, resources: ["imagestreams/layers"], verbs });
const namespaces: Rule = { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] };
const projects = (...verbs: readonly string[]): Rule => ({ apiGroups: PROJECTS, resources: ["projects"], verbs });
const editing: readonly Rule[] = [
  { apiGroups: [""], resources: ["secrets", "serviceaccounts"], verbs: ALL },
  { apiGroups: IMAGES, resources: [...STREAMS, "imagestreams/secrets"], verbs: ALL },
  { apiGroups: IMAGES, resources: ["imagestreamimports"], verbs: ["create"] },
];

/** @param parts - of which roles of Kubernetes it becomes a part: `view`, `edit`, `admin` */
function role(name: string, rules: readonly Rule[], parts: readonly string[] = []) {
  const labels = Object.fromEntries(parts.map((part) => [`rbac.authorization.k8s.io/aggregate-to-${part}`, "true"]));
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name, ...(parts.length > 0 && { labels }) },
    rules,
  };
}

/** The roles, ready to be applied. `edit` and `admin` hold `imagestreams/layers` through those that are a part of them; `view` does too. */
export const ROLES = [
  role("system:image-puller", [layers("get")]),
  role("system:image-pusher", [layers("get", "update")]),
  role(
    "system:image-builder",
    [layers("get", "update"), { apiGroups: IMAGES, resources: ["imagestreams"], verbs: ["create"] }],
    ["admin", "edit"],
  ),
  role(
    "registry-viewer",
    [{ apiGroups: IMAGES, resources: STREAMS, verbs: READ }, layers("get"), namespaces, projects("get")],
    ["view"],
  ),
  role("registry-editor", [...editing, layers("get", "update"), namespaces, projects("get")], ["edit"]),
  role(
    "registry-admin",
    [
      ...editing,
      layers("get", "update"),
      { apiGroups: ["rbac.authorization.k8s.io"], resources: ["rolebindings", "roles"], verbs: ALL },
      namespaces,
      projects("delete", "get"),
    ],
    ["admin"],
  ),
  role("system:openshift:aggregate-to-admin", [projects("delete", "get", "patch", "update")], ["admin"]),
  role("system:deployer", [
    { apiGroups: [""], resources: ["pods"], verbs: ["create", ...READ] },
    { apiGroups: [""], resources: ["replicationcontrollers"], verbs: ["delete", ...READ, "update"] },
  ]),
  role("self-provisioner", [{ apiGroups: PROJECTS, resources: ["projectrequests"], verbs: ["create"] }]),
];
