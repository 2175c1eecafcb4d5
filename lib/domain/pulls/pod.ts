/** How Pods pull their images, as the kubelet reports it: what has pulled, what waits, what failed, and why. */

/** A Pod, as far as pulling goes. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly uid?: string;
    readonly labels?: { readonly [name: string]: string };
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly OwnerReference[];
  };
  readonly spec?: {
    readonly nodeName?: string;
    readonly serviceAccountName?: string;
    readonly imagePullSecrets?: readonly { readonly name?: string }[];
    readonly initContainers?: readonly Container[];
    readonly containers?: readonly Container[];
    readonly ephemeralContainers?: readonly Container[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
}

/** Who made an object. */
export interface OwnerReference {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
  readonly uid?: string;
  readonly controller?: boolean;
}

/** One condition of an object's status. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface Container {
  readonly name: string;
  readonly image?: string;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: object;
  readonly terminated?: { readonly exitCode?: number };
}

interface ContainerStatus {
  readonly name: string;
  readonly imageID?: string;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

/** One container's image, and how far it is. */
export interface ContainerPull {
  readonly container: string;
  /** Where events about it say that they belong: `spec.containers{app}`. */
  readonly fieldPath: string;
  /** The image reference as the Pod has it. */
  readonly image: string;
  /** `waiting` has not begun, or is under way. */
  readonly state: "pulled" | "waiting" | "failed";
  /** The kubelet's word for why the container does not run: `ImagePullBackOff`, `CrashLoopBackOff`. @default - it says none */
  readonly reason?: string;
  /** The kubelet's words. @default - none */
  readonly message?: string;
}

/** What a container waits with before, or while, its image is pulled. */
const UNDER_WAY: ReadonlySet<string> = new Set(["", "ContainerCreating", "PodInitializing"]);

/** What comes only once the image is there: the kubelet pulls, then creates, then starts (kubelet, startContainer). */
const AFTER_THE_PULL: ReadonlySet<string> = new Set([
  "CreateContainerConfigError",
  "PreCreateHookError",
  "CreateContainerError",
  "PreStartHookError",
  "RunContainerError",
  "PostStartHookError",
  "CrashLoopBackOff",
]);

/** The pulls of a Pod's containers: init containers first, in which order the kubelet goes, ephemeral ones last. */
export function pullsOf({ spec = {}, status = {} }: Pod): readonly ContainerPull[] {
  const kinds = [
    ["initContainers", spec.initContainers, status.initContainerStatuses],
    ["containers", spec.containers, status.containerStatuses],
    ["ephemeralContainers", spec.ephemeralContainers, status.ephemeralContainerStatuses],
  ] as const;
  return kinds.flatMap(([field, containers = [], statuses = []]) =>
    containers.map(({ name, image = "" }): ContainerPull => {
      const found = statuses.find((other) => other.name === name);
      return { container: name, fieldPath: `spec.${field}{${name}}`, image, ...standingOf(found, status.phase) };
    }),
  );
}

/** A container that has run before may have to pull anew: what it waits for now comes first. */
function standingOf(
  status: ContainerStatus | undefined,
  phase: string | undefined,
): Pick<ContainerPull, "state" | "reason" | "message"> {
  const { reason = "", message } = status?.state?.waiting ?? {};
  const told = { ...(reason === "" ? {} : { reason }), ...(message === undefined ? {} : { message }) };
  if (AFTER_THE_PULL.has(reason)) return { state: "pulled", ...told };
  // Some failures have no word of their own: then the reason is the error itself, such as of a Secret that can't be decoded.
  if (!UNDER_WAY.has(reason)) return { state: "failed", ...told };
  const ran = [status?.state, status?.lastState].some((state) => state?.running !== undefined || state?.terminated !== undefined);
  if (ran || (status?.imageID ?? "") !== "" || phase === "Succeeded") return { state: "pulled", ...told };
  return { state: "waiting", ...told };
}

/** Whether one of a Pod's containers runs, or ran. */
export function hasStarted({ status = {} }: Pod): boolean {
  const all = [status.initContainerStatuses, status.containerStatuses, status.ephemeralContainerStatuses];
  return all
    .flatMap((statuses) => statuses ?? [])
    .flatMap(({ state, lastState }) => [state, lastState])
    .some((state) => state?.running !== undefined || state?.terminated !== undefined);
}

/** How a Pod stands: `leaving` is being deleted, `ended` was given up (evicted, refused by its node) before it had all its images. */
export type PodStanding = "pulled" | "waiting" | "failed" | "leaving" | "ended";

/** How a Pod stands with all its images. */
export function standingOfPod(pod: Pod): PodStanding {
  if (pod.metadata.deletionTimestamp !== undefined) return "leaving";
  const states = pullsOf(pod).map(({ state }) => state);
  if (states.every((state) => state === "pulled")) return "pulled";
  if (pod.status?.phase === "Failed") return "ended";
  return states.includes("failed") ? "failed" : "waiting";
}

/** The names of the pull secrets that a Pod really has: its own, or those that admission copied from its ServiceAccount. */
export function pullSecretsOf({ spec }: Pod): readonly string[] {
  return [...new Set((spec?.imagePullSecrets ?? []).flatMap(({ name }) => (name === undefined || name === "" ? [] : [name])))];
}

/** Whose Pod it is. */
export function serviceAccountOf({ spec }: Pod): string {
  return spec?.serviceAccountName ?? "default";
}

/** The owner that controls an object. */
export function controllerOf({ metadata }: Pick<Pod, "metadata">): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}
