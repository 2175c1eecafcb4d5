import { readLogins } from "../docker-config";
import { isRecord } from "../json";
import { jwtPayload } from "../jwt";
import { OWNER_ANNOTATION } from "../ownership";
import { dockerConfigIn, pullSecretKeys } from "../pulls/pull-secret-keys";
import { comparableKey, describeConfigKey, fromConfigKey } from "../registry-host";
import type { Secret } from "../secret";
import { formatTime, timeOf } from "../token-status";
import type { SecretFacts } from "./facts";

/** When a credential ends: a time (RFC 3339), never by itself, or unknown, since the value does not say. */
export type Expiry = { readonly at: string } | "never" | "unknown";

/** A registry that a pull secret opens. */
export interface OpenedRegistry {
  /** The registry host, or the key as it stands where it is for a path or has a `*`. */
  readonly host: string;
  readonly expires: Expiry;
}

/** A pull secret as far as anybody may see it. */
export interface ReadPullSecret {
  readonly name: string;
  readonly namespace: string;
  /** Whose it is, from our annotation. @default - it names no owner */
  readonly owner?: string;
  /**
   * `usable` by the kubelet; `ignored`: it passes it over; `undecodable`: it can't pull anything with it there, also not from elsewhere
   * (facts: kubernetes.io/dockerconfigjson); `leaving`: usable, and being deleted.
   */
  readonly status: "usable" | "ignored" | "undecodable" | "leaving";
  /** What is wrong with it, as the end of a sentence. @default - nothing */
  readonly fault?: string;
  readonly registries: readonly OpenedRegistry[];
}

/** Reads a Secret as the kubelet does, and keeps nothing of its credentials but when they end. */
export function readPullSecret({ metadata, type, data }: SecretFacts): ReadPullSecret {
  const owner = metadata.annotations?.[OWNER_ANNOTATION];
  const known = {
    name: metadata.name,
    namespace: metadata.namespace ?? "",
    ...(owner === undefined ? {} : { owner }),
  };
  const read = pullSecretKeys(type, data);
  if ("ignored" in read) return { ...known, status: "ignored", fault: read.ignored, registries: [] };
  if ("undecodable" in read) return { ...known, status: "undecodable", fault: read.undecodable, registries: [] };
  const config = dockerConfigIn(type, data);
  const registries = config === undefined ? [] : registriesOf(config);
  if (registries.length === 0) return { ...known, status: "ignored", fault: "holds no credential", registries };
  return { ...known, status: metadata.deletionTimestamp === undefined ? "usable" : "leaving", registries };
}

function registriesOf(config: Secret): readonly OpenedRegistry[] {
  const opened = readLogins(config).flatMap(({ hosts, password }) => {
    const expires = expiryOf(password);
    return hosts.map((host) => ({ host: describeConfigKey(fromConfigKey(comparableKey(host))), expires }));
  });
  return opened.sort((a, b) => (a.host < b.host ? -1 : 1));
}

/** Of a JWT it is its `exp`; one without is good until somebody revokes it. Anything else keeps it to itself. */
function expiryOf(password: Secret): Expiry {
  const claims = jwtPayload(password.reveal());
  if (!isRecord(claims) || Object.keys(claims).length === 0) return "unknown";
  const at = timeOf(claims.exp);
  return at === null ? "never" : { at: formatTime(at) };
}
