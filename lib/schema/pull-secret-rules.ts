import { isLabelValue, isQualifiedName } from "../domain/kubernetes-name";
import { formatPath, type Problem } from "../domain/problem";
import { toConfigKey } from "../domain/registry-host";
import type { PartlyKnown } from "./attribute";
import { hasNoCredential, problemsOfCredential } from "./credential-entry";
import { isObject } from "./partly-known";

function entriesOf(config: PartlyKnown): readonly (PartlyKnown | undefined)[] {
  return Array.isArray(config.registries) ? config.registries.map((entry) => (isObject(entry) ? entry : undefined)) : [];
}

/** One host, one credential: the kubelet would try two in no promised order. */
export function hostsAreListedOnce(config: PartlyKnown): readonly Problem[] {
  const seen = new Map<string, { readonly host: string; readonly at: string }>();
  const problems: Problem[] = [];
  entriesOf(config).forEach((entry, index) => {
    const copied = isObject(entry?.copy_from) ? entry.copy_from.hosts : undefined;
    const [hosts, where] = Array.isArray(copied) ? [copied, ["copy_from", "hosts"]] : [entry?.hosts, ["hosts"]];
    if (!Array.isArray(hosts)) return;
    if (hosts.length === 0 && copied === undefined) {
      problems.push({
        path: ["registries", index, "hosts"],
        summary: "No registry host",
        detail: 'hosts is an empty list. Give at least one registry host, such as "registry.example.com".',
      });
    }
    hosts.forEach((host, position) => {
      if (typeof host !== "string") return;
      const earlier = seen.get(toConfigKey(host));
      if (earlier === undefined) {
        seen.set(toConfigKey(host), { host, at: formatPath(["registries", index, ...where, position]) });
        return;
      }
      problems.push({
        path: ["registries", index, ...where, position],
        summary: "Two entries for one registry host",
        detail: `${JSON.stringify(host)} ${earlier.host === host ? "stands" : `is the same registry as ${JSON.stringify(earlier.host)}, which stands`} in ${earlier.at} already. A docker config JSON holds one credential per host: keep one of the two.`,
      });
    });
  });
  return problems;
}

/** Each entry has exactly one credential, and all of it. */
export function credentialsAreWhole(config: PartlyKnown): readonly Problem[] {
  return entriesOf(config).flatMap((entry, index) => {
    if (entry === undefined) return [];
    const problems = problemsOfCredential(entry, ["registries", index], "; or none of them, for a public registry");
    return problems.length > 0 ? problems : problemsOfEmail(entry, index);
  });
}

/** An address goes with a credential. */
function problemsOfEmail(entry: PartlyKnown, index: number): readonly Problem[] {
  if (entry.email === null || entry.email === undefined || entry.copy_from !== null || !hasNoCredential(entry)) return [];
  return [
    {
      path: ["registries", index, "email"],
      summary: "An e-mail address without a credential",
      detail: `email is ${JSON.stringify(entry.email)}, but the entry has no credential, so nothing is written for it. Leave email out.`,
    },
  ];
}

/** A Secret for public registries alone would be empty. */
export function someCredential(config: PartlyKnown): readonly Problem[] {
  const entries = entriesOf(config);
  if (entries.length === 0) return [];
  const none = entries.every((entry) => entry !== undefined && entry.copy_from === null && hasNoCredential(entry));
  if (!none) return [];
  return [
    {
      path: ["registries"],
      summary: "No registry needs a credential",
      detail:
        "None of the entries has a credential, so the Secret would be empty. Public registries need no pull secret: leave the resource out.",
    },
  ];
}

/** Labels and annotations that the API server would refuse, and those that are ours. */
export function metadataIsValid(config: PartlyKnown): readonly Problem[] {
  return [...problemsOfKeys(config, "labels", true), ...problemsOfKeys(config, "annotations", false)];
}

/** The prefix of our own annotations and the label that every object of ours carries. */
const RESERVED = /^(registry-access\/|app\.kubernetes\.io\/managed-by$)/;

/** True for a label's or annotation's key that only the provider sets. */
export function isReservedKey(key: string): boolean {
  return RESERVED.test(key);
}

function problemsOfKeys(config: PartlyKnown, attribute: string, isLabel: boolean): Problem[] {
  const map = config[attribute];
  if (!isObject(map)) return [];
  return Object.entries(map as PartlyKnown).flatMap(([key, value]) => {
    const what = attribute.slice(0, -1);
    const at = (detail: string): Problem[] => [{ path: [attribute, key], summary: `Invalid ${what}`, detail }];
    if (isReservedKey(key)) return at(`${JSON.stringify(key)} is set by the provider itself. Choose another key.`);
    if (!isQualifiedName(key))
      return at(
        `${JSON.stringify(key)} is not a ${what}'s key. It is "[prefix/]name", the name 1 to 63 letters, digits, '-', '_' and '.'.`,
      );
    if (isLabel && typeof value === "string" && !isLabelValue(value)) {
      return at(
        `${JSON.stringify(value)} is not a label's value: up to 63 letters, digits, '-', '_' and '.'. An annotation takes any text.`,
      );
    }
    return [];
  });
}
