import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writePrivateFile } from "../files";

/** A request that the API server answered. */
export interface AuditedRequest {
  readonly user: string;
  /** As in RBAC: `list`, `create`. */
  readonly verb: string;
  /** Path and query. */
  readonly uri: string;
  /** The status of the answer. */
  readonly code: number;
}

const logFile = (folder: string): string => join(folder, "audit.log");

/**
 * Has the API server write down every request of these users, and of nobody else, at no cost to the others.
 *
 * @returns arguments of the API server
 */
export async function prepareAudit(folder: string, users: readonly string[]): Promise<string[]> {
  if (users.length === 0) return [];
  const policy = join(folder, "audit-policy.json");
  // A request that has begun is left out: one that was answered counts, once.
  const rules = [{ level: "Metadata", users, omitStages: ["RequestReceived", "ResponseStarted"] }, { level: "None" }];
  await writePrivateFile(policy, JSON.stringify({ apiVersion: "audit.k8s.io/v1", kind: "Policy", rules }));
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${logFile(folder)}`];
}

/** What was written down so far, in the order of the answers. */
export async function readAudit({ folder }: { readonly folder: string }): Promise<AuditedRequest[]> {
  const lines = (await readFile(logFile(folder), "utf8").catch(() => "")).split("\n");
  return lines.filter((line) => line !== "").map(parseAuditLine);
}

/** One line of the log; https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ has all fields. */
function parseAuditLine(line: string): AuditedRequest {
  const event = JSON.parse(line) as {
    readonly user: { readonly username: string };
    readonly verb: string;
    readonly requestURI: string;
    readonly responseStatus?: { readonly code?: number };
  };
  return {
    user: event.user.username,
    verb: event.verb,
    uri: event.requestURI,
    code: event.responseStatus?.code ?? 0,
  };
}
