import type { AccessEntry } from "../../domain/access-map/access-map";
import { isUrgent } from "../../domain/access-map/findings";
import type { FoldedAccess, FoldedFinding } from "../../domain/access-map/fold";
import type { Expiry } from "../../domain/access-map/pull-secret";
import { type Block, counted, type Document, formatCount, type Line, printable, someOf } from "../document/document";
import type { StatusReport } from "./report";

/** The report as a document. @param soonSeconds - as the report was made */
export function statusDocument(report: StatusReport, soonSeconds: number): Document {
  return [
    title(report),
    ...(report.access.length === 0
      ? [{ kind: "text" as const, text: "No ServiceAccount and no Pod that was looked at names a pull secret." }]
      : [accessTable(report, soonSeconds)]),
    ...without(report),
    ...findings(report),
    ...notLooked(report),
  ];
}

function title({ server, context, namespaces, pullSecrets, findings: found, hasUrgent, notLooked: gaps }: StatusReport): Block {
  const where = context === undefined ? server : `${server} (context ${printable(context)})`;
  const parts = [
    counted(namespaces.length, "namespace"),
    pullSecrets === null ? "pull secrets not looked at" : counted(pullSecrets, "pull secret"),
    found.length === 0 ? "nothing found to be wrong" : counted(found.length, "finding"),
    ...(gaps.length === 0 ? [] : ["not all could be looked at"]),
  ];
  const tone = hasUrgent ? "bad" : gaps.length + found.length > 0 ? "careful" : "good";
  return { kind: "title", text: `${where}: ${parts.join(", ")}`, tone };
}

function accessTable({ access, at }: StatusReport, soonSeconds: number): Block {
  const rows = access.flatMap((one) => {
    const lines =
      one.entries.length === 0 ? [nothing()] : one.entries.flatMap((entry) => entryLines(entry, breakerOf(one), at, soonSeconds));
    return lines.map((line, index) => (index === 0 ? [...whose(one), ...line, podsOf(one)] : [blank, blank, ...line, blank]));
  });
  return { kind: "table", head: ["Namespaces", "ServiceAccount", "Pull secret", "Registry", "Expires", "Pods"], rows };
}

const blank: Line = { text: "" };

function whose({ namespaces, serviceAccount, through, isBroken }: FoldedAccess): readonly Line[] {
  const names = someOf(namespaces);
  const where = namespaces.length > 4 ? `${formatCount(namespaces.length)}: ${names}` : names;
  const who = through === "pods" ? `${serviceAccount} (Pods with a list of their own)` : serviceAccount;
  return [isBroken ? { text: where, tone: "bad" } : { text: where }, { text: who }];
}

/** The pull secret that keeps the others of its list from being used. */
function breakerOf({ entries }: FoldedAccess): string | undefined {
  return entries.find(({ status }) => status === "undecodable")?.pullSecret;
}

function podsOf({ pods }: FoldedAccess): Line {
  return pods === null ? { text: "not looked", tone: "careful" } : { text: formatCount(pods) };
}

function nothing(): readonly Line[] {
  return [{ text: "none" }, { text: "public images alone" }, blank];
}

/** One line a registry: pull secret, registry, expiry. */
function entryLines(
  entry: AccessEntry,
  breaker: string | undefined,
  at: Date,
  soonSeconds: number,
): readonly (readonly Line[])[] {
  const owner = entry.owner === undefined ? "" : ` (${printable(entry.owner)})`;
  const name: Line = { text: `${entry.pullSecret}${owner}` };
  switch (entry.status) {
    case "missing":
      return [[{ ...name, tone: "bad" }, { text: "not there", tone: "bad" }, blank]];
    case "not_looked":
      return [[name, { text: "not looked", tone: "careful" }, { text: "not looked", tone: "careful" }]];
    case "ignored":
      return [[{ ...name, tone: "bad" }, { text: "passed over by the kubelet", tone: "bad" }, blank]];
    case "undecodable":
      return [[{ ...name, tone: "bad" }, { text: "breaks every pull", tone: "bad" }, blank]];
    case "usable":
    case "leaving":
      return entry.registries.map(({ host, expires }, index) => [
        index > 0 ? blank : entry.status === "leaving" ? { text: `${name.text}, being deleted`, tone: "careful" } : name,
        breaker === undefined ? { text: host } : { text: `${host} (blocked by ${breaker})`, tone: "bad" },
        expiryLine(expires, at, soonSeconds),
      ]);
  }
}

function expiryLine(expires: Expiry, at: Date, soonSeconds: number): Line {
  if (expires === "never") return { text: "never" };
  if (expires === "unknown") return { text: "unknown" };
  const left = (Date.parse(expires.at) - at.getTime()) / 1000;
  const text = `${expires.at} (${left <= 0 ? `${span(-left)} ago` : `in ${span(left)}`})`;
  return left <= 0 ? { text, tone: "bad" } : left <= soonSeconds ? { text, tone: "careful" } : { text };
}

/** Of a time in seconds as much as one plans by: days, or else hours, or else minutes. */
function span(seconds: number): string {
  if (seconds >= 2 * 86_400) return counted(Math.floor(seconds / 86_400), "day");
  return seconds >= 2 * 3600 ? counted(Math.floor(seconds / 3600), "hour") : counted(Math.floor(seconds / 60), "minute");
}

function without({ without: { accounts, namespaces } }: StatusReport): readonly Block[] {
  if (accounts === 0) return [];
  const text = `Without a pull secret: ${counted(accounts, "ServiceAccount")} in ${counted(namespaces.length, "namespace")} (${someOf(namespaces)}).`;
  return [{ kind: "text", text }];
}

function findings({ findings: found }: StatusReport): readonly Block[] {
  if (found.length === 0) return [];
  const lines = found.map((finding): Line => {
    const tone = isUrgent({ ...finding, namespace: "" }) ? "bad" : finding.kind === "unused_secret" ? "plain" : "careful";
    return { text: sentenceOf(finding), tone };
  });
  return [
    { kind: "heading", text: "Findings" },
    { kind: "list", lines },
  ];
}

function sentenceOf({ kind, namespaces, pullSecret, usedBy, detail }: FoldedFinding): string {
  const places =
    namespaces.length === 1
      ? `namespace ${namespaces[0]}`
      : `${formatCount(namespaces.length)} namespaces (${someOf(namespaces)})`;
  const effect = {
    undecodable_secret: "Pods with it in their list can't pull anything, also not from elsewhere",
    missing_secret: "Pods pull without it",
    ignored_secret: "Pods pull without it",
    expired_credential: "the registry refuses it",
    expiring_credential: "",
    unused_secret: "",
  }[kind];
  const users = usedBy.length === 0 || kind === "unused_secret" ? "" : ` Named by ${someOf(usedBy, 4)}.`;
  return `Secret ${pullSecret} in ${places} ${detail}${effect === "" ? "" : `: ${effect}`}.${users}`;
}

function notLooked({ notLooked: gaps, secretNames }: StatusReport): readonly Block[] {
  const byReason = new Map<string, { kind: string; namespaces: string[]; reason: string }>();
  for (const { kind, namespace, reason } of gaps) {
    // The reasons of many namespaces differ in their names alone.
    const key = `${kind}/${namespace === undefined}`;
    const found = byReason.get(key) ?? { kind, namespaces: [], reason };
    if (namespace !== undefined) found.namespaces.push(namespace);
    byReason.set(key, found);
  }
  const lines = [...byReason.values()].map(({ kind, namespaces, reason }): Line => {
    const where = namespaces.length === 0 ? "" : ` in ${counted(namespaces.length, "namespace")} (${someOf(namespaces)})`;
    const hint =
      kind === "Secrets" && namespaces.length === 0
        ? " Where only Secrets of certain names may be read, name them with --secret."
        : "";
    return { text: `${kind}${where}: ${printable(reason)}${/[.!?]$/.test(reason) ? "" : "."}${hint}`, tone: "careful" };
  });
  const asked: readonly Line[] =
    secretNames === undefined
      ? []
      : [{ text: `Secrets of other names than ${secretNames.map((name) => printable(name)).join(", ")}: left out by --secret.` }];
  if (lines.length + asked.length === 0) return [];
  return [
    { kind: "heading", text: "Not looked at" },
    { kind: "list", lines: [...lines, ...asked] },
  ];
}
