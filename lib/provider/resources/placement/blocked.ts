import { ClientError } from "../../../clients/client-error";
import { type Doing, toDiagnostic } from "../../client-diagnostics";
import type { Diagnostic } from "../../framework/diagnostic";

/**
 * True where the cluster takes no such write from anybody: a namespace that is being deleted, a quota, a webhook. That the caller may
 * not write says nothing about the target: an API server says so in the same words, whatever authorizes.
 */
export function isBlocked(error: unknown): boolean {
  if (ClientError.is(error, "invalid")) return true;
  return ClientError.is(error, "forbidden") && !/ cannot \w+ resource /.test(error.message);
}

/** A write's failure as a diagnostic. What is refused for another reason than a missing permission is not told as one. */
export function explainWrite(error: unknown, doing: Doing): Diagnostic | undefined {
  if (!ClientError.is(error, "forbidden") || !isBlocked(error)) return toDiagnostic(error, doing);
  const { permission: _, ...rest } = doing;
  const diagnostic = toDiagnostic(error, rest);
  const advice =
    "As far as the answer tells, no permission is missing: a quota, an admission webhook or the like refuses it. Ask who looks after that there.";
  return diagnostic && { ...diagnostic, summary: "Refused by the cluster", detail: `${diagnostic.detail} ${advice}` };
}
