import { formatProgress } from "../../../domain/pulls/progress";
import { pullCheck } from "../../../schema/pull-check";
import { toDiagnostic } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { endingAfter, isAbort, timeLimit } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { explain } from "./explain";
import { look, looking } from "./look";
import { asState, type Selection, selectionOf } from "./model";

/**
 * Looks whether a Pod can't pull any more, and warns why. It never fails: what stands in its way is a warning and the next apply's
 * matter, and an error would block the plan that repairs it. Pods that are on their way, or not there, change nothing.
 */
export async function read(
  { state: value, privateData }: { readonly state: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const state = asState(value);
  const unchanged: ApplyResult = { state: value, privateData };
  if (provider.cluster.unknown !== undefined || provider.pullChecks === "skip" || state.status === "not_checked")
    return unchanged;
  const selection = selectionOf(state);
  const lookAtPods = async (signal: AbortSignal): Promise<ApplyResult> => {
    const client = await provider.cluster.client();
    const sight = await look(client, selection, signal);
    if (sight.failed.length === 0)
      return { state: { ...value, status: sight.state === "pulled" ? "pulled" : state.status }, privateData };
    log.info(`a refresh saw Pods that can't pull: ${formatProgress(sight)}`, { id: state.id ?? "" });
    const failures = { ...sight, waiting: [], wanted: 0, expectation: { ...sight.expectation, unsettled: [] } };
    for (const diagnostic of await explain(
      { client, registries: provider.registries },
      selection,
      failures,
      "as this refresh sees them",
      signal,
    ))
      report({ ...diagnostic, severity: "warning" });
    return { state: { ...value, status: "failing" }, privateData };
  };
  try {
    return await endingAfter(timeLimit(pullCheck, value, "read").milliseconds, lookAtPods, caller);
  } catch (error) {
    if (caller.aborted) throw error;
    // Not even a bug of ours: the plan that repairs what it is about has to go on.
    const reason = error instanceof Error ? error.message : String(error);
    log.warn("the Pods of a pull check could not be looked at; its status stays as it was", { reason });
    report(notLookedAt(error, selection, `Its status stays ${JSON.stringify(state.status)}.`));
    return unchanged;
  }
}

/** A warning that the status is an old one: what was not allowed, or who was not reached. */
function notLookedAt(error: unknown, selection: Selection, so: string): Diagnostic {
  const doing = looking(selection);
  const told = error instanceof DiagnosticError ? error.diagnostics[0] : toDiagnostic(error, doing);
  const why = isAbort(error) ? "there was no answer in time (timeouts.read)" : "see the log (TF_LOG_PROVIDER=WARN)";
  const detail = told === undefined || isAbort(error) ? `${doing.what}: ${why}.` : told.detail;
  return { severity: "warning", summary: "Pulls could not be looked at", detail: `${detail} ${so}`, path: ["namespace"] };
}
