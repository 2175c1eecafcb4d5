import { ClientError } from "../../../clients/client-error";
import { type Doing, toDiagnostic } from "../../client-diagnostics";
import type { Diagnostic } from "../../framework/diagnostic";

/** An API server that can't ask a webhook which has to agree: it says so as an error of its own (500). */
const WEBHOOK_AWAY = /\bfailed calling webhook\b/;

/**
 * True where the cluster takes no such write from anybody: a namespace that is being deleted, a quota, a webhook that refuses or does not
 * answer. That the caller may not write says nothing about the target: an API server says so in the same words, whatever authorizes.
 */
export function isBlocked(error: unknown): boolean {
  if (ClientError.is(error, "invalid") || isWebhookAway(error)) return true;
  return ClientError.is(error, "forbidden") && !/ cannot \w+ resource /.test(error.message);
}

/** A write's failure as a diagnostic. What is refused for another reason than a missing permission is not told as one. */
export function explainWrite(error: unknown, doing: Doing): Diagnostic | undefined {
  const isAway = isWebhookAway(error);
  if (!isAway && !(ClientError.is(error, "forbidden") && isBlocked(error))) return toDiagnostic(error, doing);
  const { permission: _, ...rest } = doing;
  const diagnostic = toDiagnostic(error, rest);
  const advice = isAway
    ? "An admission webhook that has to agree does not answer. Ask who looks after it (kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations)."
    : "As far as the answer tells, no permission is missing: a quota, an admission webhook or the like refuses it. Ask who looks after that there.";
  return diagnostic && { ...diagnostic, summary: "Refused by the cluster", detail: `${diagnostic.detail} ${advice}` };
}

function isWebhookAway(error: unknown): boolean {
  return ClientError.is(error, "server_error") && WEBHOOK_AWAY.test(error.message);
}
