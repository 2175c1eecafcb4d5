import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { sleep } from "../../../clients/sleep";
import { formatProgress } from "../../../domain/pulls/progress";
import { during } from "../../client-diagnostics";
import type { Logger } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { look, looking, type Sight } from "./look";
import { describeSelection, type Selection } from "./model";

/** Pulls take seconds or minutes: what is asked twice a second at first, and every four seconds later on, is soon enough. */
const FIRST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 4_000;
/** Where workloads may not be read, a controller gets this long to make the Pods of a template that was changed a moment ago. */
const UNSEEN_ROLLOUT_MILLISECONDS = 5_000;

/** How a wait ended. */
export interface Waited {
  /** The last look that came to something; undefined where none did. */
  readonly sight: Sight | undefined;
  readonly isDone: boolean;
  /** Why the last looks came to nothing. @default - they did */
  readonly failure?: ClientError;
}

/**
 * Looks again and again until all Pods have pulled, none of them ever can, or the signal ends it. An API server that is away for a
 * while is waited for as well. Lists, and no watch: it takes one verb less, has nothing to lose in between (a restarted API server, an
 * expired version), and what has to be put together comes from five collections anyway.
 * @throws what looking again can't mend, such as a missing permission; and where the caller ended it
 */
export async function awaitPulls(
  client: KubernetesClient,
  selection: Selection,
  {
    signal,
    caller,
    log,
    now,
  }: { readonly signal: AbortSignal; readonly caller: AbortSignal; readonly log: Logger; now(): number },
): Promise<Waited> {
  const begun = now();
  let last: { readonly sight?: Sight; readonly failure?: ClientError } = {};
  let said = "";
  try {
    for (let wait = FIRST_PAUSE_MILLISECONDS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MILLISECONDS)) {
      try {
        const sight = await look(client, selection, signal);
        last = { sight };
        const text = formatProgress(sight);
        if (text !== said) log.info(`${describeSelection(selection)}: ${text}`, { seconds: Math.round((now() - begun) / 1000) });
        said = text;
        const isEarly = !sight.seesWorkloads && now() - begun < UNSEEN_ROLLOUT_MILLISECONDS;
        if (sight.state === "pulled" && !isEarly) return { sight, isDone: true };
        if (sight.state === "hopeless") return { sight, isDone: false };
      } catch (error) {
        if (signal.aborted || !ClientError.is(error, "unreachable", "server_error", "throttled"))
          return await during(looking(selection), () => Promise.reject(error));
        last = { ...last, failure: error };
        log.warn("the Pods could not be looked at; trying again", { reason: error.message });
      }
      await sleep(wait, signal);
    }
  } catch (error) {
    if (caller.aborted && last.sight !== undefined) throw cancelled(selection, last.sight);
    if (caller.aborted || !signal.aborted) throw error;
    return { sight: last.sight, isDone: false, ...(last.failure === undefined ? {} : { failure: last.failure }) };
  }
}

/** The error of a check that was cancelled: what was seen last is not asked for again. */
export function cancelled(selection: Selection, sight: Sight): DiagnosticError {
  const detail = `The check of ${describeSelection(selection)} was cancelled; until then: ${formatProgress(sight)}. Run it again to finish.`;
  return DiagnosticError.at(undefined, "Cancelled", detail);
}
