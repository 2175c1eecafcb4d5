import type { PullCheckStatus } from "../../../schema/pull-check";
import type { ConfiguredProvider } from "../../configured/provider";
import type { PlanRequest, PlanResult, TypeContext } from "../../framework/definition";
import { isWhollyKnown, UNKNOWN } from "../../framework/value";
import { asState, idOf, selectionOf } from "./model";

/** Plans that the Pods have pulled, or that nothing is checked. What pulled once stays so, until a refresh sees otherwise. Contacts nothing. */
export async function plan({ prior, proposed }: PlanRequest, { provider }: TypeContext<ConfiguredProvider>): Promise<PlanResult> {
  const isKnown = isWhollyKnown(proposed.namespace ?? null) && isWhollyKnown(proposed.match_labels ?? null);
  const id = isKnown ? idOf(selectionOf(asState(proposed))) : UNKNOWN;
  const isSkipped = provider.pullChecks === "skip" && (prior === null || prior.status !== "pulled");
  const status: PullCheckStatus = isSkipped ? "not_checked" : "pulled";
  return { planned: { ...proposed, id, status } };
}
