/** What we do in a cluster, as RBAC names it: one list that the published roles, the reviews before a write and the error texts come from. */

/** What of a cluster's we touch. */
export type GrantedResource = "secrets" | "serviceaccounts" | "namespaces";
/** What we do with it. */
export type Verb = "get" | "list" | "create" | "update" | "delete";
/** Who does it: who applies needs what a plan needs, too. */
export type Phase = "plan" | "apply";

/** All phases. */
export const PHASES: readonly Phase[] = ["plan", "apply"];

/** One permission. */
export interface Permission {
  readonly resource: GrantedResource;
  readonly verb: Verb;
  /** The first phase that needs it. */
  readonly phase: Phase;
  /** What for, as a sentence. */
  readonly why: string;
  /** What is lost without it, as a sentence. @default - nothing works without it */
  readonly without?: string;
  /** Where it is of use. @default - in every namespace that is served, and for all of them at once */
  readonly scope?: "cluster";
}

/** All of them. `create` is the one that RBAC can't limit to names: a new object has none yet when it is asked for. */
export const PERMISSIONS: readonly Permission[] = [
  { resource: "secrets", verb: "get", phase: "plan", why: "Compares a pull secret with what was written." },
  {
    resource: "secrets",
    verb: "list",
    phase: "plan",
    scope: "cluster",
    why: "Reads the pull secrets of one name in all namespaces by one request, and no other Secret.",
    without: "They are read one by one, and copies outside the namespaces served are not seen.",
  },
  {
    resource: "serviceaccounts",
    verb: "get",
    phase: "plan",
    why: "Compares a ServiceAccount's pull secrets with what was added.",
  },
  {
    resource: "serviceaccounts",
    verb: "list",
    phase: "plan",
    scope: "cluster",
    why: "Reads the ServiceAccounts of one name in all namespaces by one request.",
    without: "They are read one by one, and entries outside the namespaces served are not seen.",
  },
  {
    resource: "namespaces",
    verb: "get",
    phase: "plan",
    why: "Sees that a namespace exists, and by kube-system's UID which cluster it is.",
    without:
      "A missing namespace is found by the write that fails, and another cluster is told by its address alone: a new one is an error where the UID was known before, and else a warning.",
  },
  {
    resource: "namespaces",
    verb: "list",
    phase: "plan",
    scope: "cluster",
    why: "Selects namespaces by labels and names.",
    without: "They have to be named.",
  },
  { resource: "secrets", verb: "create", phase: "apply", why: "Makes a pull secret that is not there." },
  { resource: "secrets", verb: "update", phase: "apply", why: "Rotates and repairs a pull secret in place." },
  { resource: "secrets", verb: "delete", phase: "apply", why: "Removes a pull secret, also to undo a create that failed." },
  {
    resource: "serviceaccounts",
    verb: "update",
    phase: "apply",
    why: "Adds and takes away our own entries of imagePullSecrets.",
  },
];

/** What a pull check lists in the namespace of its Pods, beside the Secrets and ServiceAccounts above, which it gets where it may. */
export interface PullCheckPermission {
  /** As RBAC has it: "" is the core group. */
  readonly apiGroup: "" | "apps";
  readonly resource: "pods" | "events" | "deployments" | "replicasets" | "statefulsets" | "daemonsets";
  /** What for, as a sentence. */
  readonly why: string;
  /** What is lost without it, as a sentence. @default - nothing can be checked without it */
  readonly without?: string;
}

/** All that `registry_pull_check` needs, in both phases: a refresh looks, too. All by `list`, which RBAC can't limit to names that nobody knows yet. */
export const PULL_CHECK_PERMISSIONS: readonly PullCheckPermission[] = [
  { apiGroup: "", resource: "pods", why: "Sees how far Pods are with their images." },
  {
    apiGroup: "",
    resource: "events",
    why: "Reads why a pull failed where the Pod's status no longer says it.",
    without: "Older kubelets' reasons, and why a Pod does not get as far as pulling, are not told.",
  },
  ...(["deployments", "replicasets", "statefulsets", "daemonsets"] as const).map((resource) => ({
    apiGroup: "apps" as const,
    resource,
    why: "Tells how many Pods there should be, and which of them have the last template.",
    without:
      "One Pod is enough unless `pods` says how many; the newest one's template is taken for the last, so a rollout that its controller has not begun may be missed.",
  })),
];

/** What `recreate_waiting_pods` needs beside that. RBAC can't limit it to names that nobody knows yet. */
export interface WaitingPodsPermission {
  readonly resource: "pods";
  readonly verb: "list" | "delete";
  /** The first phase that needs it. */
  readonly phase: Phase;
  /** What for, as a sentence. */
  readonly why: string;
}

/** All of it. Without any of it the patch is made all the same, and Pods that wait are left. */
export const WAITING_PODS_PERMISSIONS: readonly WaitingPodsPermission[] = [
  {
    resource: "pods",
    verb: "list",
    phase: "plan",
    why: "Finds Pods that wait for a pull secret, and afterwards those that took their places.",
  },
  { resource: "pods", verb: "delete", phase: "apply", why: "Deletes those that wait, so that their controllers make them anew." },
];

/**
 * In the plan role alone, and nothing that the API server knows: it tells the provider that this identity is only there to plan,
 * so that its plans don't warn of the writes that it may not do.
 */
export const PLAN_ONLY = { apiGroup: "registry-access", resource: "stacks", verb: "plan" } as const;

/** The two roles' names. */
export const ROLE_NAMES: { readonly [P in Phase]: string } = { plan: "registry-access-plan", apply: "registry-access-apply" };

/** How a plan may say that a permission or a namespace is missing; the first is the default. */
export const ON_MISSING_ACCESS = ["warn", "error"] as const;
/** How a plan says that a permission or a namespace is missing. */
export type OnMissingAccess = (typeof ON_MISSING_ACCESS)[number];

/** The verbs that change something. */
export const WRITE_VERBS: ReadonlySet<Verb> = new Set<Verb>(["create", "update", "delete"]);

/** The permissions of a phase, in the order in which roles and texts name them. */
export function permissionsOf(phase: Phase, resource?: GrantedResource): readonly Permission[] {
  return PERMISSIONS.filter(
    (permission) =>
      (resource === undefined || permission.resource === resource) && (phase === "apply" || permission.phase === "plan"),
  );
}

/** A list in words: `get, list and update`. */
export function inWords(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** Every verb that one resource takes, in words. */
export function verbsInWords(phase: Phase, resource: GrantedResource): string {
  return inWords(permissionsOf(phase, resource).map(({ verb }) => verb));
}
