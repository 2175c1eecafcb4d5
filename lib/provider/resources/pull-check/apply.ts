import { type Pod, pullsOf } from "../../../domain/pulls/pod";
import { pullCheck } from "../../../schema/pull-check";
import type { Operation } from "../../../schema/timeouts";
import { toDiagnostic } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { endingAfter, timeLimit } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { listed } from "../placement/report";
import { explain } from "./explain";
import { looking } from "./look";
import { asState, describeSelection, idOf, SHOWN_PODS, selectionOf } from "./model";
import { awaitPulls, cancelled } from "./wait";

/** To find out why has a time of its own: the check's is over then. */
const EXPLAIN_MILLISECONDS = 15_000;

/** Waits for the Pods. A failure leaves no state, so that the next apply checks anew. */
export function create(
  { planned }: { readonly planned: ObjectValue },
  context: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  return check(planned, "create", context);
}

/** Waits anew where the Pods may have to pull, or may not have; a failure keeps the state, so that the next apply checks anew. */
export async function update(
  { prior, planned }: { readonly prior: ObjectValue; readonly planned: ObjectValue },
  context: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  if (prior.status === "pulled" && prior.pods === planned.pods) return { state: planned };
  return check(planned, "update", context);
}

async function check(
  planned: ObjectValue,
  operation: Operation,
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const state = asState(planned);
  const selection = selectionOf(state);
  const checked: ApplyResult = { state: { ...planned, id: idOf(selection) } };
  if (state.status === "not_checked") {
    if (!provider.announced.has(SKIPPED.detail)) report(SKIPPED);
    provider.announced.add(SKIPPED.detail);
    return checked;
  }
  const client = await provider.cluster.client();
  const limit = timeLimit(pullCheck, planned, operation);
  const now = () => provider.runtime.clock().getTime();
  const { isDone, sight, failure } = await endingAfter(
    limit.milliseconds,
    (signal) => awaitPulls(client, selection, { signal, caller, log, now }),
    caller,
  );
  if (sight !== undefined && isDone) {
    const late = notStarted(sight.pulled);
    if (late !== undefined) report(late);
    return checked;
  }
  const within = sight?.state === "hopeless" ? "where waiting is of no use" : `within ${limit.text} (timeouts.${operation})`;
  const explainSight = async (signal: AbortSignal) =>
    sight === undefined ? [] : explain({ client, registries: provider.registries }, selection, sight, within, signal);
  const explained = await endingAfter(EXPLAIN_MILLISECONDS, explainSight, caller);
  if (caller.aborted && sight !== undefined) throw cancelled(selection, sight);
  caller.throwIfAborted();
  const unreachable = failure === undefined ? undefined : toDiagnostic(failure, looking(selection));
  const all = [...explained, ...(unreachable === undefined ? [] : [unreachable])];
  throw new DiagnosticError(all.length > 0 ? all : [nothingSeen(describeSelection(selection), within)]);
}

const SKIPPED: Diagnostic = {
  severity: "warning",
  summary: "Pulls are not checked",
  detail:
    'pull_checks is "skip" in the provider "registry" (or REGISTRY_ACCESS_PULL_CHECKS): whether Pods can pull was not looked at. Without it the next plan checks what was skipped.',
};

function nothingSeen(what: string, within: string): Diagnostic {
  const detail = `The API server gave no answer about ${what} ${within}.`;
  return { severity: "error", summary: "Not done in time", detail, path: ["timeouts"] };
}

/** What has its image and does not start is not the pull's fault, but hardly what was meant. */
function notStarted(pods: readonly Pod[]): Diagnostic | undefined {
  const late = pods.flatMap((pod) =>
    pullsOf(pod).flatMap(({ container, reason = "", message }) =>
      reason === "" || reason === "ContainerCreating" || reason === "PodInitializing"
        ? []
        : [`${pod.metadata.name}/${container}: ${reason}${message === undefined ? "" : `: ${message}`}`],
    ),
  );
  if (late.length === 0) return undefined;
  return {
    severity: "warning",
    summary: "Pulled, but not started",
    detail: `All images were pulled, so this check is well. But some containers don't start: ${listed(late, SHOWN_PODS)}`,
  };
}
