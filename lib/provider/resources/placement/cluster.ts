import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { type ClusterIdentity, describeCluster, isOtherCluster, mayBeOtherCluster } from "../../../domain/cluster-identity";
import type { ConfiguredProvider } from "../../configured/provider";
import { notKnownYet } from "../../configured/unknown";
import type { PrivateData } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, textOf, type Value } from "../../framework/value";
import { formatCluster, identityOf, parseCluster } from "./cluster-memory";

/** Which cluster a state, and a plan made on it, are about. */
export interface Whereabouts {
  /** The state's `cluster`. */
  readonly cluster: string | null;
  readonly privateData: PrivateData;
  /** The plan's `cluster`, at apply. @default - there is no plan to keep to */
  readonly planned?: Value | undefined;
}

/** The cluster that a resource works on. */
export interface ClusterAccess {
  readonly client: KubernetesClient;
  /** The UID of its kube-system namespace; null where that may not be read, and was not before. */
  readonly id: string | null;
  /** What to remember in the private data: for messages, and to know it again where its UID may not be read. */
  readonly memory: NonNullable<PrivateData>;
  /** The cluster that the state is about, where this is another one that is to be taken on. What the state says is not about this one. */
  readonly leftBehind: ClusterIdentity | undefined;
  /** The same, where nothing but the address or the CA says that this may be another one. */
  readonly doubted: ClusterIdentity | undefined;
  /** The configuration's `cluster_uid`, where it can't be told whether this is that cluster. */
  readonly unchecked: string | undefined;
  /** This cluster, for messages. */
  readonly now: ClusterIdentity;
}

/** The provider's configuration leads to another cluster than the state, the plan or itself is about. */
export class WrongCluster extends DiagnosticError {
  constructor(summary: string, detail: string) {
    super([{ severity: "error", summary, detail, path: ["cluster"] }]);
  }
}

/**
 * Connects, and makes sure that it is the cluster that the state is about, or one that may be taken on in its place. Asks it for nothing
 * but its UID. `where` is null for what is to be made, `what` starts a sentence about the resource.
 * @throws WrongCluster where another cluster is behind the provider's configuration: there, everything would look missing
 */
export async function openCluster(
  provider: ConfiguredProvider,
  where: Whereabouts | null,
  what: string,
  signal: AbortSignal,
): Promise<ClusterAccess> {
  const client = await provider.cluster.client();
  const now = identityOf(client, await provider.cluster.id(signal));
  const { clusterUid } = provider;
  if (clusterUid !== undefined && now.id !== null && now.id !== clusterUid) throw notTheConfigured(what, clusterUid, now);
  const former = parseCluster(where?.cluster ?? null, where?.privateData ?? null);
  const isOther = isOtherCluster(former, now);
  if (isOther && provider.onOtherCluster === "error") throw anotherCluster(what, former, now);
  const id = isOther ? now.id : (now.id ?? former.id);
  refuseOtherPlan(where?.planned, isOther ? now.id : former.id, what, now);
  const doubted = mayBeOtherCluster(former, now) ? former : undefined;
  return {
    client,
    id,
    memory: formatCluster(now),
    leftBehind: isOther ? former : undefined,
    doubted,
    unchecked: now.id === null ? clusterUid : undefined,
    now,
  };
}

/** A plan is for one cluster: a saved one may be applied where the configuration leads elsewhere. */
function refuseOtherPlan(planned: Value | undefined, expected: string | null, what: string, now: ClusterIdentity): void {
  if (planned === undefined || isUnknown(planned) || planned === expected) return;
  const plan = planned === null ? "a cluster whose UID could not be read" : `the cluster ${textOf(planned)}`;
  throw new WrongCluster(
    "The plan is for another cluster",
    `${what} was planned for ${plan}, but the provider is configured for ${describeCluster(now)} now. Nothing was written. Make a new plan, with a refresh.`,
  );
}

/** Why a cluster can't be told. */
export const UNREADABLE = 'It can\'t be read now: that takes the verb get on the namespace "kube-system" (docs/permissions.md).';

function notTheConfigured(what: string, clusterUid: string, now: ClusterIdentity): WrongCluster {
  return new WrongCluster(
    "Another cluster than the configured one",
    `${what} is for the cluster ${clusterUid} (cluster_uid of the provider "registry"), but the provider is configured for ${describeCluster(now)} now. ` +
      "Nothing was read or written in the cluster. A cluster is told by the UID of its kube-system namespace. " +
      "Point the provider's kubernetes configuration (config_path, config_context, KUBE_* variables) to the first one. " +
      "If the second one is right, set cluster_uid to its UID.",
  );
}

function anotherCluster(what: string, former: ClusterIdentity, now: ClusterIdentity): WrongCluster {
  return new WrongCluster(
    "Another cluster",
    `${what} was written to ${describeCluster(former)}, but the provider is configured for ${describeCluster(now)} now. ` +
      "Nothing was read or written in the cluster. A cluster is told by the UID of its kube-system namespace. " +
      (now.id === null && former.id !== null ? `${UNREADABLE} Where it is the same cluster at a new address, grant that. ` : "") +
      "Point the provider's kubernetes configuration (config_path, config_context, KUBE_* variables) back to the first one. " +
      'If that one was rebuilt as the second, set on_other_cluster = "recreate" in the provider "registry": what was written to the first is then forgotten, and all is written anew.',
  );
}

/** The provider's owner, at apply. */
export function ownerOf(provider: ConfiguredProvider): string {
  if (isUnknown(provider.owner)) throw notKnownYet(["owner"], "the owner");
  return provider.owner;
}

/** The id of a new resource: drawn at apply, so that a successor's is another one. */
export function drawInstance(provider: ConfiguredProvider): string {
  return provider.runtime.randomBytes(8).toString("hex");
}
