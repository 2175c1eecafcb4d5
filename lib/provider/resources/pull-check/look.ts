import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { listPods, listWorkloads } from "../../../clients/kubernetes/pods";
import type { Pod } from "../../../domain/pulls/pod";
import { type Progress, progressOf } from "../../../domain/pulls/progress";
import { expectationOf, type Workload } from "../../../domain/pulls/workload";
import type { Doing } from "../../client-diagnostics";
import { describeSelection, type Selection } from "./model";

/** What one look found. */
export interface Sight extends Progress {
  /** Whether Deployments and the like may be read: else nobody says how many Pods there should be, and of which template. */
  readonly seesWorkloads: boolean;
}

/**
 * Looks once at the Pods. Workloads come first: Pods that are listed after them are at least as new as what they say.
 * @throws ClientError where Pods can't be listed
 */
export async function look(client: KubernetesClient, selection: Selection, signal: AbortSignal): Promise<Sight> {
  const { namespace, selector, labels, wanted } = selection;
  const workloads: readonly Workload[] | undefined = await listWorkloads(client, namespace, selector, signal);
  const pods = await listPods<Pod>(client, namespace, selector, signal);
  return { ...progressOf(expectationOf(pods, workloads, labels), wanted), seesWorkloads: workloads !== undefined };
}

/** What is being done by a look, for messages. */
export function looking(selection: Selection): Doing {
  return {
    what: `The ${describeSelection(selection)} could not be looked at`,
    path: ["namespace"],
    permission: "It takes the verb list on pods there, which the published roles have for pull checks (docs/permissions.md).",
  };
}
