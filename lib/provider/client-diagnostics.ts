import { ClientError } from "../clients/client-error";
import { sentence } from "../clients/sentence";
import type { Path } from "../domain/problem";
import { type Diagnostic, DiagnosticError } from "./framework/diagnostic";

/** The one place where a client's failure becomes a message to the user. */

/** What was being done, for the message. */
export interface Doing {
  /** Starts the detail: `The pull secret in namespace "team-a" could not be written`. No full stop. */
  readonly what: string;
  /** The attribute at fault. */
  readonly path?: Path;
  /** What usually helps with a 403, in one sentence. */
  readonly permission?: string;
  /** Where the address stands, for who doesn't find anybody there. @default - "the address in the provider's configuration" */
  readonly address?: string;
  /** What goes without the one who can't be reached, in one sentence. */
  readonly unreachable?: string;
}

/** A failure as a diagnostic; undefined for what is no client's failure: it is a bug, or has its own words already. */
export function toDiagnostic(error: unknown, { what, path, permission, address, unreachable }: Doing): Diagnostic | undefined {
  if (!ClientError.is(error)) return undefined;
  const help = error.code === "forbidden" ? permission : error.code === "unreachable" ? unreachable : undefined;
  const detail = [`${what}: ${sentence(error.message)}`, adviceOf(error, address), help]
    .filter((part) => part !== undefined)
    .join(" ");
  return { severity: "error", summary: summaryOf(error), detail, ...(path === undefined ? {} : { path }) };
}

/** Throws a failure as a DiagnosticError; what is no client's failure is thrown as it is. */
function fail(error: unknown, doing: Doing): never {
  const diagnostic = toDiagnostic(error, doing);
  throw diagnostic === undefined ? error : new DiagnosticError([diagnostic]);
}

/** Runs a step; its client's failures become a message that says what was being done. */
export async function during<T>(doing: Doing, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return fail(error, doing);
  }
}

function summaryOf(error: ClientError): string {
  switch (error.code) {
    case "unauthenticated":
      return "Login refused";
    case "forbidden":
      return "Not allowed";
    case "not_found":
      return "Not found";
    case "conflict":
      return "Changed by somebody else at the same moment";
    case "invalid":
      return error.options.status === undefined ? "Invalid configuration" : "Request refused";
    case "gone":
    case "server_error":
      return "The service failed";
    case "throttled":
      return "Too many requests";
    case "unreachable":
      return "Unreachable";
    case "untrusted":
      return "Certificate not trusted";
    case "malformed":
      return "Unexpected answer";
    case "no_registry":
      return "Not a container registry";
    case "aborted":
      return "Cancelled";
  }
}

function adviceOf({ code }: ClientError, address = "the address in the provider's configuration"): string | undefined {
  if (code === "throttled" || code === "server_error")
    return "Nothing that exists is taken for gone because of this. Try again later.";
  if (code === "aborted") return "Run it again to finish.";
  if (code === "unreachable") return `Check ${address}, and that this machine reaches it (network, VPN, HTTPS_PROXY).`;
  if (code === "no_registry") return `Check ${address}.`;
  return undefined;
}
