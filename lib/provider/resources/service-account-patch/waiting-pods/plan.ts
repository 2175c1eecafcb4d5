import { ClientError } from "../../../../clients/client-error";
import type { ConfiguredProvider } from "../../../configured/provider";
import { endingAfter, isAbort } from "../../../deadline";
import type { TypeContext } from "../../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../../framework/diagnostic";
import { equal } from "../../../framework/equal";
import type { ObjectValue } from "../../../framework/value";
import { openCluster, type Whereabouts } from "../../placement/cluster";
import { findObstacles } from "../../placement/obstacles";
import { describeDenied, needsOf, PLAN_PATIENCE_MILLISECONDS, withoutOthersWrites } from "../../placement/permissions";
import { stringsIn } from "../../placement/targets";
import { readAccounts } from "../accounts";
import { THIS_PATCH, targetOf } from "../model";
import { namespacesOf } from "../wanted";
import { entriesAfter } from "./entries";
import { findWaitingPods } from "./find";
import { leftWaiting, mayBeRecreated, podWarning, toBeRecreated } from "./messages";

/** Whether an apply of this plan looks for Pods that wait: only one that changes something is an apply at all. */
function recreates(prior: ObjectValue | null, planned: ObjectValue): boolean {
  return planned.recreate_waiting_pods === true && (prior === null || !equal(prior, planned));
}

/**
 * At plan: warns how many Pods the apply will delete, which ones it leaves, and what it may not do. It is only a look: what can't be
 * seen is left to the apply.
 */
export async function warnOfWaitingPods(
  prior: ObjectValue | null,
  planned: ObjectValue,
  keys: readonly string[],
  where: Whereabouts | null,
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<void> {
  if (provider.cluster.unknown !== undefined || !recreates(prior, planned)) return;
  const { known: pullSecrets } = stringsIn(planned.pull_secrets);
  const [targets, namespaces] = [keys.map(targetOf), namespacesOf(keys)];
  if (targets.length === 0 || pullSecrets.length === 0) return;
  const look = async (signal: AbortSignal) => {
    const { client } = await openCluster(provider, where, THIS_PATCH, signal);
    const needs = needsOf("pods", "", ["list", "delete"], namespaces);
    const { denied } = await findObstacles(client, { unseen: [], needs }, { signal, log });
    const missing = await withoutOthersWrites(client, denied, { signal, log });
    if (missing.length > 0) {
      const severity: Diagnostic["severity"] = provider.onMissingAccess === "error" ? "error" : "warning";
      report({ ...podWarning("Permissions missing", `${await describeDenied(client, missing, signal)} ${WITHOUT}`), severity });
    }
    const accounts = await readAccounts(client, targets, { signal, log });
    const { waiting } = await findWaitingPods(client, targets, entriesAfter(client, accounts, pullSecrets), signal);
    // Where deleting is not allowed, it says above that they are left.
    const forbidden = new Set(missing.map(({ namespace }) => namespace));
    const allowed = waiting.filter(({ target }) => !forbidden.has(target.namespace));
    const told = [toBeRecreated(allowed, pullSecrets), mayBeRecreated(allowed, pullSecrets), leftWaiting(waiting)];
    for (const warning of told) if (warning !== undefined) report(warning);
  };
  try {
    await endingAfter(PLAN_PATIENCE_MILLISECONDS, look, caller);
  } catch (error) {
    if (!isAbort(error) && !ClientError.is(error) && !(error instanceof DiagnosticError)) throw error;
    log.debug("a plan without a look at Pods that wait", { reason: (error as Error).message });
  }
}

const WITHOUT =
  "recreate_waiting_pods takes that (docs/rbac/waiting-pods.yaml; recreateWaitingPods of the construct AccessRoles). The patch is written all the same, and Pods that wait there are left as they are.";
