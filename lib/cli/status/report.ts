import { type AccessMap, accessMapOf } from "../../domain/access-map/access-map";
import type { ClusterFacts, NotLooked } from "../../domain/access-map/facts";
import { type Finding, findingsOf, isUrgent } from "../../domain/access-map/findings";
import { type FoldedAccess, type FoldedFinding, foldAccess, foldFindings } from "../../domain/access-map/fold";

/** Where and when was looked. */
export interface Looked {
  readonly server: string;
  /** @default - none was used */
  readonly context?: string | undefined;
  /** The UID of the kube-system namespace. @default - it may not be read */
  readonly cluster?: string | undefined;
  readonly at: Date;
}

/** The state of a cluster's pull access. */
export interface StatusReport extends Looked {
  readonly namespaces: readonly string[];
  /** Null where Secrets may not be read. */
  readonly pullSecrets: number | null;
  /** What has no pull secret at all: new Pods of these ServiceAccounts pull public images alone. */
  readonly without: { readonly accounts: number; readonly namespaces: readonly string[] };
  readonly access: readonly FoldedAccess[];
  readonly findings: readonly FoldedFinding[];
  /** Whether Pods can't pull because of one of them. */
  readonly hasUrgent: boolean;
  readonly notLooked: readonly NotLooked[];
  /** The only names of Secrets that were looked for. @default - all pull secrets were */
  readonly secretNames?: readonly string[];
}

/** Makes the report of what was read. @param soonSeconds - a credential that ends within this time is expiring */
export function statusReport(looked: Looked, facts: ClusterFacts, soonSeconds: number): StatusReport {
  const map: AccessMap = accessMapOf(facts);
  const findings: readonly Finding[] = findingsOf(facts, map, looked.at, soonSeconds);
  const isBare = ({ entries, through }: AccessMap["access"][number]) => entries.length === 0 && through === "service_account";
  const bare = map.access.filter(isBare);
  return {
    ...looked,
    namespaces: facts.namespaces,
    pullSecrets: facts.notLooked.some(({ kind, namespace }) => kind === "Secrets" && namespace === undefined)
      ? null
      : map.pullSecrets.length,
    without: { accounts: bare.length, namespaces: [...new Set(bare.map(({ namespace }) => namespace))] },
    access: foldAccess(map.access.filter((access) => !isBare(access))),
    findings: foldFindings(findings),
    hasUrgent: findings.some(isUrgent),
    notLooked: facts.notLooked,
    ...(facts.secretNames === undefined ? {} : { secretNames: facts.secretNames }),
  };
}

/** The report as data: names as in the provider's attributes, times in RFC 3339, null where something is not known. */
export function statusJson(report: StatusReport): object {
  return {
    server: report.server,
    context: report.context ?? null,
    cluster: report.cluster ?? null,
    looked_at: report.at.toISOString(),
    namespaces: report.namespaces.length,
    pull_secrets: report.pullSecrets,
    access: report.access.map(({ namespaces, serviceAccount, through, pods, entries, isBroken }) => ({
      namespaces,
      service_account: serviceAccount,
      through,
      pods,
      can_pull: !isBroken,
      pull_secrets: entries.map(({ pullSecret, status, fault, owner, registries }) => ({
        name: pullSecret,
        status,
        fault: fault ?? null,
        owner: owner ?? null,
        registries: registries.map(({ host, expires }) => ({
          host,
          expires_at: typeof expires === "object" ? expires.at : null,
          expiry: typeof expires === "object" ? "known" : expires,
        })),
      })),
    })),
    without_pull_secret: { service_accounts: report.without.accounts, namespaces: report.without.namespaces },
    findings: report.findings.map((finding) => ({
      kind: finding.kind,
      urgent: isUrgent({ ...finding, namespace: "" }),
      namespaces: finding.namespaces,
      pull_secret: finding.pullSecret,
      used_by: finding.usedBy,
      detail: finding.detail,
    })),
    not_looked: report.notLooked.map(({ kind, namespace, reason }) => ({ kind, namespace: namespace ?? null, reason })),
  };
}
