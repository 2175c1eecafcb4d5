import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient, ServiceAccountObject } from "../../../clients/kubernetes/client";
import { serviceAccountAt } from "../../../clients/kubernetes/service-accounts";
import { sleep } from "../../../clients/sleep";
import { verbsInWords } from "../../../domain/permissions";
import { type PullSecretEntries, sameEntries } from "../../../domain/pull-secret-entries";
import { backoff } from "../../deadline";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { explainWrite } from "../placement/blocked";
import { describeTarget, entriesOf, type Target, withEntries } from "./model";

/** How often a ServiceAccount is written that is said not to be there, and is shown all the same. */
const MISSED = 4;

/** A ServiceAccount as a change left it. */
export interface Changed {
  readonly entries: PullSecretEntries;
  /** Its resourceVersion, where it was written. @default - it was as it should be */
  readonly revision?: string | undefined;
}

/** A change to a ServiceAccount's entries, made anew from what is there each time. */
export type Change = (entries: PullSecretEntries) => PullSecretEntries;

/**
 * Changes a ServiceAccount's entries in one guarded PUT, and only them. Whoever writes it at the same moment is not overwritten:
 * it is read again, and again, until the signal ends that.
 *
 * @returns how it is after that, or undefined where there is no such ServiceAccount (any more)
 */
export async function changeEntries(
  client: KubernetesClient,
  target: Target,
  found: ServiceAccountObject | undefined,
  change: Change,
  { signal, random }: { readonly signal: AbortSignal; readonly random: () => number },
): Promise<Changed | undefined> {
  const at = serviceAccountAt(target.namespace, target.account);
  let current = found;
  let missed = 0;
  for (let attempt = 0; ; attempt++) {
    if (current === undefined) return undefined;
    const before = entriesOf(current);
    const after = change(before);
    if (sameEntries(before, after)) return { entries: after };
    try {
      const { metadata } = await client.replace(at, withEntries(current, after), signal);
      return { entries: after, revision: metadata.resourceVersion };
    } catch (error) {
      // What is taken for gone is not looked at again: only where it can't be read either, it is.
      const gone = ClientError.is(error, "not_found") && ++missed < MISSED;
      if (!gone && !ClientError.is(error, "conflict")) throw error;
      await sleep(backoff(attempt, random), signal);
      current = await client.get<ServiceAccountObject>(at, signal);
    }
  }
}

/** One target's failure as messages; what is no client's failure and has no words of its own is a bug, and thrown. */
export function failureOf(error: unknown, target: Target): readonly Diagnostic[] {
  if (error instanceof DiagnosticError) return error.diagnostics;
  const diagnostic = explainWrite(error, {
    what: `The ${describeTarget(target)} could not be patched`,
    path: ["namespaces"],
    permission: `It takes the verbs ${verbsInWords("apply", "serviceaccounts")} on serviceaccounts in namespace ${JSON.stringify(target.namespace)} (a Role there, or a ClusterRole).`,
  });
  if (diagnostic === undefined) throw error;
  return [diagnostic];
}
