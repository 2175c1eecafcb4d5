import { pullSecretsOf, serviceAccountOf } from "../pulls/pod";
import { type AccountFacts, type ClusterFacts, namesOf, type PodFacts, wasLookedAt } from "./facts";
import { type OpenedRegistry, type ReadPullSecret, readPullSecret } from "./pull-secret";

/** One entry of an `imagePullSecrets`, and what it leads to. */
export interface AccessEntry {
  /** The name of the pull secret. */
  readonly pullSecret: string;
  /** `not_looked`: Secrets may not be read there, or this one was not asked for. */
  readonly status: ReadPullSecret["status"] | "missing" | "not_looked";
  /** What is wrong with it, as the end of a sentence. @default - nothing */
  readonly fault?: string;
  /** @default - it names no owner */
  readonly owner?: string;
  readonly registries: readonly OpenedRegistry[];
}

/** What pulls in one namespace: new Pods of a ServiceAccount, or Pods that have another list than theirs would get. */
export interface Access {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly through: "service_account" | "pods";
  /** How many Pods that have not ended pull so; null where Pods may not be read. */
  readonly pods: number | null;
  readonly entries: readonly AccessEntry[];
  /** An entry can't be decoded: the kubelet then pulls nothing for these Pods, neither from elsewhere nor public images. */
  readonly isBroken: boolean;
}

/** The access map of a cluster. */
export interface AccessMap {
  readonly access: readonly Access[];
  /** All pull secrets that were read, also those that nothing uses. */
  readonly pullSecrets: readonly ReadPullSecret[];
}

/** Which Pods, of which ServiceAccount, can pull from where, through which pull secret. In order of namespaces and names. */
export function accessMapOf(facts: ClusterFacts): AccessMap {
  const all = facts.secrets.map(readPullSecret);
  const find = finder(facts, all);
  const podsBy = grouped(facts.pods.filter(isAlive), (pod) => `${pod.metadata.namespace}/${serviceAccountOf(pod)}`);
  const accounts = new Map(facts.accounts.map((account) => [placeOf(account), account] as const));
  const keys = [...new Set([...accounts.keys(), ...podsBy.keys()])].sort();
  const access = keys.flatMap((key) => {
    const [namespace = "", serviceAccount = ""] = key.split("/");
    const pods = podsBy.get(key) ?? [];
    return accessOf({ namespace, serviceAccount, account: accounts.get(key), pods }, facts, find);
  });
  return { access, pullSecrets: all.filter(({ fault }) => fault === undefined || !isOfAnotherType(fault)) };
}

interface Place {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly account: AccountFacts | undefined;
  readonly pods: readonly PodFacts[];
}

function accessOf(
  { namespace, serviceAccount, account, pods }: Place,
  facts: ClusterFacts,
  find: (namespace: string, name: string) => AccessEntry,
): readonly Access[] {
  const own = account === undefined ? undefined : namesOf(account.imagePullSecrets);
  const byList = grouped(pods, (pod) => pullSecretsOf(pod).join("/"));
  const lists = new Map<string, Access["through"]>([
    ...[...byList.keys()].sort().map((list) => [list, "pods"] as const),
    ...(own === undefined ? [] : [[own.join("/"), "service_account"] as const]),
  ]);
  const arePodsRead = wasLookedAt(facts, "Pods", namespace);
  const rows = [...lists].map(([list, through]): Access => {
    const entries = list === "" ? [] : list.split("/").map((name) => find(namespace, name));
    return {
      namespace,
      serviceAccount,
      through,
      pods: arePodsRead ? (byList.get(list) ?? []).length : null,
      entries,
      isBroken: entries.some(({ status }) => status === "undecodable"),
    };
  });
  return rows.sort((a, b) => Number(a.through === "pods") - Number(b.through === "pods"));
}

function finder(facts: ClusterFacts, secrets: readonly ReadPullSecret[]): (namespace: string, name: string) => AccessEntry {
  const byPlace = new Map(secrets.map((secret) => [`${secret.namespace}/${secret.name}`, secret] as const));
  const asked = facts.secretNames === undefined ? undefined : new Set(facts.secretNames);
  return (namespace, name) => {
    const found = byPlace.get(`${namespace}/${name}`);
    if (found !== undefined) {
      const { name: pullSecret, namespace: _, ...rest } = found;
      return { pullSecret, ...rest };
    }
    const isKnown = wasLookedAt(facts, "Secrets", namespace) && asked?.has(name) !== false;
    return { pullSecret: name, status: isKnown ? "missing" : "not_looked", registries: [] };
  };
}

function placeOf({ metadata }: AccountFacts): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** Pods that have ended pull nothing any more. */
export function isAlive({ metadata, status }: PodFacts): boolean {
  return metadata.deletionTimestamp === undefined && status?.phase !== "Succeeded" && status?.phase !== "Failed";
}

/** A Secret that was looked up because an entry names it, though it is none for pulling. */
function isOfAnotherType(fault: string): boolean {
  return fault.startsWith("is of type");
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
