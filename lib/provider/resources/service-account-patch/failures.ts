import type { Settled } from "../../concurrency";
import type { Diagnostic } from "../../framework/diagnostic";
import { missingNamespaces } from "../placement/namespaces";
import { MissingTarget, missingAccounts } from "./accounts";
import type { Target } from "./model";
import { failureOf } from "./write";

/** All that went wrong with some targets: what is missing in one message each for namespaces and ServiceAccounts, then the rest. */
export function failuresOf(
  targets: readonly Target[],
  outcomes: readonly Settled<unknown>[],
  server: string,
  consequence: string,
): readonly Diagnostic[] {
  const errors = outcomes.flatMap((outcome, index) => {
    const target = targets[index];
    return outcome.outcome === "failed" && target !== undefined ? [{ target, error: outcome.error }] : [];
  });
  const missing = (what: MissingTarget["missing"]) =>
    errors.filter(({ error }) => error instanceof MissingTarget && error.missing === what).map(({ target }) => target);
  const namespaces = [...new Set(missing("namespace").map(({ namespace }) => namespace))];
  const accounts = missing("account");
  const others = errors.filter(({ error }) => !(error instanceof MissingTarget));
  return [
    ...(namespaces.length === 0 ? [] : [missingNamespaces(namespaces, server, consequence)]),
    ...(accounts.length === 0 ? [] : [missingAccounts(accounts, server, consequence)]),
    ...others.flatMap(({ error, target }) => failureOf(error, target)),
  ];
}
