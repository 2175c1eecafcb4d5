import type { ApiObject, KubernetesApi } from "../kubernetes-api";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const GROUP = "project.openshift.io";
/** On the copies: they are known by it, and what they are copies of. */
const COPY = "sandbox.openshift.io/project-rights";
/** OpenShift's API servers learn of a new RoleBinding one after the other: until then, its subjects are refused. */
const DELAY_MILLISECONDS = 1_000;

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** The cluster's RBAC. */
export interface FoundRights {
  readonly namespaces: readonly ApiObject[];
  readonly roleBindings: readonly ApiObject[];
  readonly roles: readonly ApiObject[];
  readonly clusterRoles: readonly ApiObject[];
}

/** Keeps the rights on projects. */
export interface ProjectRights {
  /** True where some are not old enough yet to count: to be called again. */
  keep(found: FoundRights): Promise<boolean>;
}

/**
 * To OpenShift's API server a request about one project is one in the namespace of its name: what a RoleBinding there grants on
 * `projects` counts (apiserver-library-go, the request's resolver). A plain API server takes projects for things outside of namespaces, so
 * each such grant is said again here: a ClusterRole for this one name, and its ClusterRoleBinding, while the RoleBinding stands.
 */
export function createProjectRights(api: KubernetesApi): ProjectRights {
  const seen = new Map<string, number>();
  return {
    async keep(found) {
      const wanted = found.roleBindings.flatMap((binding) => copyOf(binding, found));
      const copies = found.clusterRoles.filter(({ metadata }) => metadata.annotations?.[COPY] !== undefined);
      for (const { metadata } of copies.filter((one) => !wanted.some(({ name }) => name === one.metadata.name))) {
        await api.delete(`${RBAC}/clusterrolebindings/${encodeURIComponent(metadata.name)}`);
        await api.delete(`${RBAC}/clusterroles/${encodeURIComponent(metadata.name)}`);
      }
      let isYoung = false;
      for (const { name, uid, role, binding } of wanted) {
        const there = copies.find(({ metadata }) => metadata.name === name);
        if (there?.metadata.annotations?.[COPY] === role.metadata.annotations[COPY]) continue;
        const since = seen.get(uid) ?? Date.now();
        seen.set(uid, since);
        if (Date.now() - since < DELAY_MILLISECONDS) isYoung = true;
        else {
          await api.apply(`${RBAC}/clusterrolebindings/${encodeURIComponent(name)}`, binding);
          // Last: by this one it is known that all is there.
          await api.apply(`${RBAC}/clusterroles/${encodeURIComponent(name)}`, role);
        }
      }
      return isYoung;
    },
  };
}

/** What a RoleBinding grants on the project of its namespace. */
function copyOf(binding: ApiObject, found: FoundRights) {
  const { namespace = "", uid = "", resourceVersion = "" } = binding.metadata;
  const isGoing = found.namespaces.some(
    ({ metadata }) => metadata.name === namespace && metadata.deletionTimestamp !== undefined,
  );
  // A RoleBinding may leave the namespace of a ServiceAccount out where it is its own.
  const subjects = ((binding.subjects ?? []) as readonly { readonly kind: string; readonly namespace?: string }[]).map(
    (subject) => (subject.kind === "ServiceAccount" ? { namespace, ...subject } : subject),
  );
  const role = roleOf(binding, found);
  const verbs = [...new Set(((role?.rules ?? []) as readonly Rule[]).flatMap((rule) => verbsOf(rule, namespace)))].sort();
  if (isGoing || subjects.length === 0 || verbs.length === 0) return [];
  const name = `sandbox:project:${namespace}:${binding.metadata.name}`;
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const metadata = { name, annotations: { [COPY]: `${resourceVersion} ${verbs.join(",")}` } };
  return [
    {
      name,
      uid,
      role: {
        apiVersion,
        kind: "ClusterRole",
        metadata,
        rules: [{ apiGroups: [GROUP], resources: ["projects"], resourceNames: [namespace], verbs }],
      },
      binding: {
        apiVersion,
        kind: "ClusterRoleBinding",
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
        subjects,
      },
    },
  ];
}

function roleOf(binding: ApiObject, { roles, clusterRoles }: FoundRights): ApiObject | undefined {
  const { kind, name } = binding.roleRef as { readonly kind: string; readonly name: string };
  if (kind === "ClusterRole") return clusterRoles.find(({ metadata }) => metadata.name === name);
  return roles.find(({ metadata }) => metadata.name === name && metadata.namespace === binding.metadata.namespace);
}

function verbsOf({ apiGroups = [], resources = [], resourceNames = [], verbs }: Rule, project: string): readonly string[] {
  const covers = (values: readonly string[], value: string): boolean => values.includes(value) || values.includes("*");
  const isNamed = resourceNames.length === 0 || resourceNames.includes(project);
  return isNamed && covers(apiGroups, GROUP) && covers(resources, "projects") ? verbs : [];
}
