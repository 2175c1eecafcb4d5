import { isRecord } from "../json";
import type { Plan, PlanChange, PlanValues } from "../plan-json/read-plan";
import { type CredentialChange, hostsIn, isCredential } from "./credentials";
import { type Before, type Editors, rewriteOf, safeName, type TargetChange, targetsOf } from "./targets";

/** A `registry_pull_secret`, before and after. */
export interface SecretChange {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly copiedFrom?: string;
  /** By namespace; undefined where nothing changes. */
  readonly targets: ReadonlyMap<string, TargetChange | undefined>;
}

/** What the plan tells besides. */
export interface SecretContext {
  readonly drifted: Before;
  /** The registries of each credential, by its id. */
  readonly known: ReadonlyMap<string, readonly string[]>;
  readonly credentials: readonly CredentialChange[];
  readonly attributes: readonly string[];
  readonly editors: Editors;
}

/** What becomes of a pull secret. */
export function secretOf(change: PlanChange, { drifted, known, credentials, attributes, editors }: SecretContext): SecretChange {
  const { before, after } = change;
  const values = after ?? before ?? {};
  const entries = Array.isArray(values.registries) ? values.registries.filter(isRecord) : [];
  const issued = credentials.filter(({ action }) => action === "issue" || action === "rotate");
  const hosts = entries.flatMap((entry) => {
    const own = hostsIn(entry.hosts);
    if (own.length > 0) return own;
    if (typeof entry.credential_id === "string") return known.get(entry.credential_id) ?? [];
    // One that is not there yet has no id: where the plan issues one alone, it is that.
    return issued.length === 1 && !isRecord(entry.copy_from) ? (issued[0]?.hosts ?? []) : [];
  });
  const [copy] = entries.flatMap(({ copy_from: from }) => (isRecord(from) ? [from] : []));
  const copiedFrom = copy === undefined ? undefined : `${safeName(copy.namespace)}/${safeName(copy.name)}`;
  const replaced = replacedCredential(before, credentials);
  const rewrite: TargetChange | undefined =
    replaced === undefined || after === null || change.actions.includes("no-op")
      ? rewriteOf(change, attributes)
      : { action: "rotate", reason: `credential ${replaced.oldId} is replaced: ${replaced.reason}` };
  return {
    name: safeName(values.name),
    hosts: [...new Set(hosts)].sort(),
    ...(copiedFrom === undefined ? {} : { copiedFrom }),
    targets: targetsOf(change, { drifted, rewrite, editors, isOf: "pull secret" }),
  };
}

/** The credential that a Secret held, where the plan replaces it. */
function replacedCredential(before: PlanValues | null, credentials: readonly CredentialChange[]): CredentialChange | undefined {
  const entries = Array.isArray(before?.registries) ? before.registries.filter(isRecord) : [];
  return credentials.find(
    ({ action, oldId }) =>
      action === "rotate" &&
      oldId !== undefined &&
      entries.some(({ credential_id: id }) => typeof id === "string" && id.endsWith(oldId.slice(1))),
  );
}

/** The registries of each credential, by its id. */
export function knownHosts(plan: Plan): ReadonlyMap<string, readonly string[]> {
  const all = plan.changes.filter(isCredential).flatMap(({ before, after }) => [before, after]);
  return new Map(
    all.flatMap((values) =>
      typeof values?.credential_id === "string" ? [[values.credential_id, hostsIn(values.hosts)] as const] : [],
    ),
  );
}
