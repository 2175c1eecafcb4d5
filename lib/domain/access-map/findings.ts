import { pullSecretsOf, serviceAccountOf } from "../pulls/pod";
import { type Access, type AccessMap, isAlive } from "./access-map";
import { type ClusterFacts, namesOf, otherSecretsOf, wasLookedAt } from "./facts";
import type { ReadPullSecret } from "./pull-secret";

/** What deserves somebody's attention. The first four keep Pods from pulling. */
export type FindingKind =
  | "undecodable_secret"
  | "missing_secret"
  | "ignored_secret"
  | "expired_credential"
  | "expiring_credential"
  | "unused_secret";

/** One thing that was found. */
export interface Finding {
  readonly kind: FindingKind;
  readonly namespace: string;
  readonly pullSecret: string;
  /** Whose lists name it: `ServiceAccount default`, `3 Pods of ServiceAccount default`, `Deployment shop`. */
  readonly usedBy: readonly string[];
  /** What is wrong, as the end of a sentence about the pull secret. */
  readonly detail: string;
}

/** The kinds in order of urgency. */
const FINDING_KINDS: readonly FindingKind[] = [
  "undecodable_secret",
  "missing_secret",
  "ignored_secret",
  "expired_credential",
  "expiring_credential",
  "unused_secret",
];

/** Whether Pods can't pull because of it. */
export function isUrgent({ kind, usedBy }: Finding): boolean {
  return kind !== "expiring_credential" && kind !== "unused_secret" && usedBy.length > 0;
}

/** Looks for what is wrong. @param soonSeconds - a credential that ends within this time is expiring */
export function findingsOf(facts: ClusterFacts, map: AccessMap, now: Date, soonSeconds: number): readonly Finding[] {
  const users = usersOf(facts, map.access);
  const others = otherUses(facts);
  const about = (namespace: string, pullSecret: string) => ({
    namespace,
    pullSecret,
    usedBy: users.get(keyOf(namespace, pullSecret)) ?? [],
  });
  const inSecrets = map.pullSecrets.flatMap((secret): readonly Finding[] => {
    const of = about(secret.namespace, secret.name);
    const faults = faultsOf(secret, now, soonSeconds).map((fault) => ({ ...of, ...fault }));
    const isUsed = of.usedBy.length > 0 || others.has(keyOf(secret.namespace, secret.name));
    if (isUsed || !isWhollyLookedAt(facts, secret.namespace)) return faults;
    return [...faults, { ...of, kind: "unused_secret", detail: "is used by nothing in its namespace" }];
  });
  const inEntries = map.access.flatMap(({ namespace, entries }) =>
    entries.flatMap(({ pullSecret, status, fault = "" }): readonly Finding[] => {
      if (status === "missing") return [{ ...about(namespace, pullSecret), kind: "missing_secret", detail: "is not there" }];
      return status === "ignored" ? [{ ...about(namespace, pullSecret), kind: "ignored_secret", detail: fault }] : [];
    }),
  );
  const once = new Map([...inSecrets, ...inEntries].map((finding) => [JSON.stringify(finding), finding] as const));
  const rank = (finding: Finding) =>
    `${isUrgent(finding) ? 0 : 1}${FINDING_KINDS.indexOf(finding.kind)}${finding.namespace}/${finding.pullSecret}`;
  return [...once.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function faultsOf(secret: ReadPullSecret, now: Date, soonSeconds: number): readonly Pick<Finding, "kind" | "detail">[] {
  const { status, fault = "", registries } = secret;
  if (status === "undecodable") return [{ kind: "undecodable_secret", detail: fault }];
  const ends = new Map<string, string[]>();
  for (const { host, expires } of registries)
    if (typeof expires === "object") ends.set(expires.at, [...(ends.get(expires.at) ?? []), host]);
  return [...ends].sort().flatMap(([at, hosts]) => {
    const left = Date.parse(at) - now.getTime();
    if (left > soonSeconds * 1000) return [];
    const kind = left <= 0 ? ("expired_credential" as const) : ("expiring_credential" as const);
    return [{ kind, detail: `has for ${hosts.join(", ")} a credential that ${left <= 0 ? "ended" : "ends"} at ${at}` }];
  });
}

/** Nothing uses a Secret only where everything that might was looked at. */
function isWhollyLookedAt(facts: ClusterFacts, namespace: string): boolean {
  return (["ServiceAccounts", "Pods", "workloads"] as const).every((kind) => wasLookedAt(facts, kind, namespace));
}

/** Secrets that something uses for anything but pulling. */
function otherUses({ accounts, pods, templates }: ClusterFacts): ReadonlySet<string> {
  const at = (namespace: string | undefined, names: readonly string[]) => names.map((name) => keyOf(namespace ?? "", name));
  return new Set([
    ...accounts.flatMap(({ metadata, secrets }) => at(metadata.namespace, namesOf(secrets))),
    ...pods.flatMap(({ metadata, spec = {} }) => at(metadata.namespace, otherSecretsOf(spec))),
    ...templates.flatMap(({ namespace, spec }) => at(namespace, otherSecretsOf(spec))),
  ]);
}

/** Who names a pull secret, by namespace and name. */
function usersOf(facts: ClusterFacts, access: readonly Access[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  const add = (namespace: string, name: string, user: string) => {
    const key = keyOf(namespace, name);
    const found = users.get(key) ?? [];
    if (!found.includes(user)) users.set(key, [...found, user]);
  };
  for (const { namespace, serviceAccount, through, entries } of access)
    if (through === "service_account")
      for (const { pullSecret } of entries) add(namespace, pullSecret, `ServiceAccount ${serviceAccount}`);
  const pods = new Map<string, { namespace: string; name: string; account: string; count: number }>();
  for (const pod of facts.pods.filter(isAlive)) {
    const [namespace, account] = [pod.metadata.namespace ?? "", serviceAccountOf(pod)];
    for (const name of pullSecretsOf(pod)) {
      const key = `${keyOf(namespace, name)}/${account}`;
      pods.set(key, { namespace, name, account, count: (pods.get(key)?.count ?? 0) + 1 });
    }
  }
  for (const { namespace, name, account, count } of pods.values())
    add(namespace, name, `${count} ${count === 1 ? "Pod" : "Pods"} of ServiceAccount ${account}`);
  for (const { namespace, what, spec } of facts.templates)
    for (const name of namesOf(spec.imagePullSecrets)) add(namespace, name, what);
  return users;
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
