import type { Operation } from "../../../schema/timeouts";
import type { Settled } from "../../concurrency";
import { isAbort } from "../../deadline";
import type { Diagnostic } from "../../framework/diagnostic";
import { missingNamespaces } from "../placement/namespaces";
import { listed } from "../placement/report";
import { goingNamespaces, type Missing, MissingTarget, missingAccounts } from "./accounts";
import { describeTarget, type Target } from "./model";
import { failureOf } from "./write";

/**
 * All that went wrong with some targets: what is missing, and what there was no time for, in one message each; then the rest.
 * `operation` names the timeout that would give it more time.
 */
export function failuresOf(
  targets: readonly Target[],
  outcomes: readonly Settled<unknown>[],
  { server, operation, consequence }: { readonly server: string; readonly operation: Operation; readonly consequence: string },
): readonly Diagnostic[] {
  const errors = outcomes.flatMap((outcome, index) => {
    const target = targets[index];
    return outcome.outcome === "failed" && target !== undefined ? [{ target, error: outcome.error }] : [];
  });
  const missing = (what: Missing) =>
    errors.filter(({ error }) => error instanceof MissingTarget && error.missing === what).map(({ target }) => target);
  const namespaces = [...new Set(missing("namespace").map(({ namespace }) => namespace))];
  const accounts = missing("account");
  const going = missing("namespace_going");
  const late = errors.filter(({ error }) => isAbort(error)).map(({ target }) => target);
  const others = errors.filter(({ error }) => !(error instanceof MissingTarget) && !isAbort(error));
  return [
    ...(namespaces.length === 0 ? [] : [missingNamespaces(namespaces, server, consequence)]),
    ...(accounts.length === 0 ? [] : [missingAccounts(accounts, server, consequence)]),
    ...(going.length === 0 ? [] : [goingNamespaces(going, server, consequence)]),
    ...(late.length === 0 ? [] : [outOfTime(late, operation, consequence)]),
    ...others.flatMap(({ error, target }) => failureOf(error, target)),
  ];
}

function outOfTime(targets: readonly Target[], operation: Operation, consequence: string): Diagnostic {
  const detail = [
    `Cancelled, or out of time, while this was waited for or written: ${listed(targets.map(describeTarget))}.`,
    consequence,
    `Run it again to finish; timeouts = { ${operation} = "…" } gives it more time.`,
  ];
  return {
    severity: "error",
    summary: "Not finished",
    detail: detail.filter((part) => part !== "").join(" "),
    path: ["timeouts"],
  };
}
