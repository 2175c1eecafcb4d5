import { formatLabelSelector } from "../../../domain/label-selector";
import type { Pod } from "../../../domain/pulls/pod";
import type { State } from "../../../schema/model";
import type { pullCheck } from "../../../schema/pull-check";
import type { ObjectValue } from "../../framework/value";
import { listed } from "../placement/report";

/** The state of `registry_pull_check`. */
export type PullCheckState = State<typeof pullCheck>;

/** A value that is wholly known, as a state. */
export function asState(value: ObjectValue): PullCheckState {
  return value as unknown as PullCheckState;
}

/** Which Pods are checked. */
export interface Selection {
  readonly namespace: string;
  readonly labels: { readonly [name: string]: string };
  /** The same as the API takes it. */
  readonly selector: string;
  /** How many there have to be; null for as many as their workloads want. */
  readonly wanted: number | null;
}

/** The Pods that a state, or a plan, is about. */
export function selectionOf({ namespace, match_labels: labels, pods }: PullCheckState): Selection {
  return { namespace, labels, selector: formatLabelSelector(labels), wanted: pods };
}

/** The Pods in a message: `Pods with app=shop in namespace team-a`. */
export function describeSelection({ selector, namespace }: Selection): string {
  return `Pods with ${selector} in namespace ${namespace}`;
}

/** The id of a check. */
export function idOf({ namespace, selector }: Selection): string {
  return `${namespace}/${selector}`;
}

/** Names of Pods in one message. */
export const SHOWN_PODS = 5;

/** `Pod shop-1`, `3 Pods (shop-1, shop-2, shop-3)`. */
export function namePods(pods: readonly Pod[]): string {
  const names = pods.map(({ metadata }) => metadata.name).sort();
  return names.length === 1 ? `Pod ${names[0]}` : `${names.length} Pods (${listed(names, SHOWN_PODS)})`;
}
