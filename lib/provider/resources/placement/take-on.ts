import { describeCluster } from "../../../domain/cluster-identity";
import type { ConfiguredProvider } from "../../configured/provider";
import type { Diagnostic } from "../../framework/diagnostic";
import { isUnknown, UNKNOWN, type Value } from "../../framework/value";
import { type ClusterAccess, openCluster, UNREADABLE, type Whereabouts } from "./cluster";
import { parseSeen } from "./cluster-memory";
import { listed } from "./report";

/** A resource in a message about its cluster. */
export interface Subject {
  /** The start of a sentence, such as `Pull secret "pull"`. */
  readonly what: string;
  /** Its targets in the state. */
  readonly targets: readonly string[];
}

/** The warnings where another cluster is taken on, or where this may be another one; once in a run for each resource. */
export function warnOfTakingOn(
  { announced }: ConfiguredProvider,
  { leftBehind, doubted, unchecked, now }: ClusterAccess,
  { what, targets }: Subject,
  report: (diagnostic: Diagnostic) => void,
): void {
  const once = (diagnostic: Diagnostic) => {
    if (!announced.has(diagnostic.detail)) report(diagnostic);
    announced.add(diagnostic.detail);
  };
  if (unchecked !== undefined) {
    const detail = `${what} is for the cluster ${unchecked} (cluster_uid of the provider "registry"). Whether ${describeCluster(now)} is that one can't be told. ${UNREADABLE}`;
    once({ severity: "warning", summary: "Cluster not checked", detail });
  }
  if (doubted !== undefined) {
    const detail =
      `${what} was written to ${describeCluster(doubted)}, and the provider is configured for ${describeCluster(now)} now. Whether it is the same cluster can't be told: ` +
      `${doubted.id === null ? "the UID of kube-system was not known" : "the address is the same, and the CA is another: it was rotated, or the cluster was rebuilt"}. ${now.id === null ? `${UNREADABLE} ` : ""}Look where the configuration leads before you apply.`;
    once({ severity: "warning", summary: "Perhaps another cluster", detail });
  }
  if (leftBehind === undefined) return;
  const places = targets.length === 0 ? "" : ` for ${listed(targets)}`;
  const detail =
    `${what} was written to ${describeCluster(leftBehind)}${places}. The provider is configured for ${describeCluster(now)} now, and on_other_cluster is "recreate": ` +
    "an apply writes all of it anew there, and a destroy only forgets it. What is in the first cluster is left behind as it is: nothing of it is deleted. " +
    "Take on_other_cluster out again when this is done, so that a mistaken configuration is an error.";
  once({ severity: "warning", summary: "Another cluster is taken on", detail });
}

/** The warning where a destroy forgets what is in another cluster. */
export function forgotten({ leftBehind, now }: ClusterAccess, { what, targets }: Subject): Diagnostic {
  const left = leftBehind === undefined ? "another cluster" : describeCluster(leftBehind);
  return {
    severity: "warning",
    summary: "Left behind in another cluster",
    detail: `${what} was written to ${left}, and is forgotten: nothing was deleted there (${listed(targets)}), nor in ${describeCluster(now)}, which the provider is configured for now.`,
  };
}

/**
 * The `cluster` to plan for an update: the refresh has seen whether another one is to be taken on. The cluster is asked only where
 * there was no refresh, and where that matters.
 */
export async function planCluster(
  provider: ConfiguredProvider,
  where: Whereabouts,
  subject: Subject,
  { signal, report }: { readonly signal: AbortSignal; report(diagnostic: Diagnostic): void },
): Promise<Value> {
  if (provider.onOtherCluster === "error") return where.cluster;
  // A cluster that the same apply makes anew.
  if (provider.cluster.unknown !== undefined) return UNKNOWN;
  const seen = parseSeen(where.privateData);
  if (seen !== undefined) return seen.isOther ? seen.id : where.cluster;
  const access = await openCluster(provider, where, subject.what, signal);
  warnOfTakingOn(provider, access, subject, report);
  return access.leftBehind === undefined ? where.cluster : access.id;
}

/** The state's `cluster` after an apply: what was planned, or what was found. */
export function clusterAfter(planned: Value | undefined, found: string | null): Value {
  return planned === undefined || isUnknown(planned) ? found : planned;
}
