import { formatProgress } from "../../../domain/pulls/progress";
import { pullCheck } from "../../../schema/pull-check";
import type { ConfiguredProvider } from "../../configured/provider";
import { endingAfter, timeLimit } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import type { ObjectValue } from "../../framework/value";
import { explain } from "./explain";
import { look } from "./look";
import { asState, selectionOf } from "./model";

/**
 * Looks whether a Pod can't pull any more, and warns why. It never fails: what stands in its way is the next apply's matter, and an
 * error would block the plan that repairs it. Pods that are on their way, or not there, change nothing.
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
    return unchanged;
  }
}
