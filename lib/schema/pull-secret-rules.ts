import { isLabelValue, isQualifiedName } from "../domain/kubernetes-name";
import type { Problem } from "../domain/problem";
import { toConfigKey } from "../domain/registry-host";
import type { PartlyKnown, PartlyKnownValue } from "./attribute";

function entriesOf(config: PartlyKnown): readonly (PartlyKnown | undefined)[] {
  return Array.isArray(config.registries) ? config.registries.map((entry) => (isObject(entry) ? entry : undefined)) : [];
}

function isObject(value: PartlyKnownValue): value is PartlyKnown {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One host, one credential: the kubelet would try two in no promised order. */
export function hostsAreListedOnce(config: PartlyKnown): readonly Problem[] {
  const seen = new Map<string, { readonly host: string; readonly at: string }>();
  const problems: Problem[] = [];
  entriesOf(config).forEach((entry, index) => {
    const hosts = entry?.hosts;
    if (!Array.isArray(hosts)) return;
    if (hosts.length === 0) {
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
        seen.set(toConfigKey(host), { host, at: `registries[${index}].hosts[${position}]` });
        return;
      }
      problems.push({
        path: ["registries", index, "hosts", position],
        summary: "Two entries for one registry host",
        detail: `${JSON.stringify(host)} ${earlier.host === host ? "stands" : `is the same registry as ${JSON.stringify(earlier.host)}, which stands`} in ${earlier.at} already. A docker config JSON holds one credential per host: keep one of the two.`,
      });
    });
  });
  return problems;
}

/** Each entry has exactly one credential, and all of it. */
export function credentialsAreWhole(config: PartlyKnown): readonly Problem[] {
  return entriesOf(config).flatMap((entry, index) => (entry === undefined ? [] : problemsOfCredential(entry, index)));
}

const PARTS = ["credential_id", "username", "password_wo", "password_env"] as const;

function problemsOfCredential(entry: PartlyKnown, index: number): readonly Problem[] {
  const given = PARTS.filter((name) => entry[name] !== null);
  // What is not known yet may still turn out to be null: judge only what is certain.
  const certain = given.filter((name) => entry[name] !== undefined);
  const at = (name: string, summary: string, detail: string): Problem[] => [
    { path: ["registries", index, name], summary, detail },
  ];
  const allowed =
    "Allowed are: credential_id alone; username with either password_wo or password_env; or none of them, for a public registry.";

  if (certain.includes("credential_id") && certain.length > 1) {
    return at(
      "credential_id",
      "Two credentials for one registry entry",
      `credential_id stands beside ${certain.slice(1).join(" and ")}. ${allowed}`,
    );
  }
  if (certain.includes("password_wo") && certain.includes("password_env")) {
    return at("password_env", "Two passwords for one registry entry", `Both password_wo and password_env are set. ${allowed}`);
  }
  if (certain.includes("username") && given.length === 1) {
    return at(
      "username",
      "A user name without a password",
      `username is ${JSON.stringify(entry.username)}, and no password is set. ${allowed}`,
    );
  }
  const password = certain.find((name) => name.startsWith("password"));
  if (password !== undefined && entry.username === null) {
    return at(password, "A password without a user name", `${password} is set, and username is not. ${allowed}`);
  }
  if (typeof entry.password_wo_version === "number" && entry.password_wo === null) {
    return at(
      "password_wo_version",
      "A version without a write-only password",
      "password_wo_version counts the changes of password_wo, which is not set. Set both, or neither.",
    );
  }
  if (entry.email !== null && entry.email !== undefined && given.length === 0) {
    return at(
      "email",
      "An e-mail address without a credential",
      `email is ${JSON.stringify(entry.email)}, but the entry has no credential, so nothing is written for it. Leave email out.`,
    );
  }
  return [];
}

/** A Secret for public registries alone would be empty. */
export function someCredential(config: PartlyKnown): readonly Problem[] {
  const entries = entriesOf(config);
  if (entries.length === 0) return [];
  const none = entries.every((entry) => entry !== undefined && PARTS.every((name) => entry[name] === null));
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
  if (!isObject(map ?? null)) return [];
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
