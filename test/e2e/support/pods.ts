import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import type { Cluster } from "./cluster";

/** A Pod as its node reports it. */
export interface PodObject extends KubernetesObject {
  readonly spec: {
    readonly containers?: readonly { readonly image: string }[];
    readonly imagePullSecrets?: readonly { readonly name: string }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly {
      readonly ready: boolean;
      readonly restartCount: number;
      readonly state: { readonly waiting?: { readonly reason: string; readonly message?: string } };
    }[];
  };
}

/** What happened to an object, as `kubectl describe` shows it. */
export interface EventObject extends KubernetesObject {
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly name: string };
}

/** A container of a Pod. */
export interface ContainerSpec {
  readonly image: string;
  /** @default - none: the Pod gets its ServiceAccount's */
  readonly imagePullSecrets?: readonly string[];
}

const { signal } = new AbortController();
const PATIENCE_MS = 90_000;

/** The Pods of a cluster with a node, in one namespace. */
export function podsOf({ client }: Cluster, namespace: string) {
  const location = { apiVersion: "v1", resource: "pods", namespace };
  const podSpec = ({ image, imagePullSecrets }: ContainerSpec) => ({
    containers: [{ name: "main", image }],
    terminationGracePeriodSeconds: 0,
    ...(imagePullSecrets && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
  });
  const list = async (app: string) => await client.list<PodObject>(location, { labelSelector: `app=${app}` }, signal);
  return {
    list,
    async createPod(name: string, container: ContainerSpec): Promise<void> {
      await client.create(
        location,
        { metadata: { name, labels: { app: name } }, spec: podSpec(container) } as KubernetesObject,
        {},
        signal,
      );
    },
    async createDeployment(name: string, replicas: number, container: ContainerSpec): Promise<void> {
      const labels = { app: name };
      const deployment = {
        metadata: { name },
        spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec(container) } },
      };
      await client.create(
        { apiVersion: "apps/v1", resource: "deployments", namespace },
        deployment as KubernetesObject,
        {},
        signal,
      );
    },
    /** Waits until so many Pods run, and no others are there: those that a rollout replaces take a moment to go. */
    async running(app: string, count: number): Promise<readonly PodObject[]> {
      return await eventually(async () => {
        const pods = await list(app);
        const well = pods.filter(({ status }) => status?.containerStatuses?.every(({ ready }) => ready));
        return well.length === count && pods.length === count
          ? pods
          : `${app}: ${JSON.stringify(pods.map(({ status }) => status?.containerStatuses ?? status))}`;
      });
    },
    /** Waits until a container waits for its image, and returns what the events say of it. */
    async pullFailure(app: string): Promise<string> {
      return await eventually(async () => {
        const [pod] = await list(app);
        const reason = pod?.status?.containerStatuses?.[0]?.state.waiting?.reason ?? "";
        const events = await client.list<EventObject>({ apiVersion: "v1", resource: "events", namespace }, {}, signal);
        const failed = events.find(({ involvedObject, reason: why }) => involvedObject.name === app && why === "Failed");
        return /^(?:ErrImagePull|ImagePullBackOff)$/.test(reason) && failed !== undefined ? failed : `${app}: ${reason}`;
      }).then(({ message }) => message);
    },
  };
}

/** Asks until there is an answer other than a text, which says what is still missing. */
export async function eventually<T extends object>(ask: () => Promise<T | string>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (typeof answer !== "string") return answer;
    if (Date.now() > end) throw new Error(`it did not come about within ${PATIENCE_MS / 1000} s: ${answer}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
