/** Entries that are copied out of another docker-registry Secret (`copy_from`). */
import { keysOfLogin, type RegistryLogin, readLogins } from "../../../domain/docker-config";
import { parseRecord } from "../../../domain/json";
import type { Path } from "../../../domain/problem";
import { processRedactor } from "../../../domain/redaction";
import { comparableKey, describeConfigKey, toConfigKey } from "../../../domain/registry-host";
import type { ConfiguredProvider } from "../../configured/provider";
import { describeDockerSecret, readDockerSecret } from "../../docker-secret";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { equal } from "../../framework/equal";
import { isUnknown, isWhollyKnown, type ObjectValue, textOf, textsOf, type Value } from "../../framework/value";
import { listed } from "../placement/report";
import { entriesOf } from "./entries";

/** The source of an entry, wholly known. */
export interface Source {
  readonly namespace: string;
  readonly name: string;
  /** @default - all of it */
  readonly hosts: readonly string[] | undefined;
  readonly path: Path;
}

/** Which entries are copies, known or not. */
export function isCopy(entry: ObjectValue): boolean {
  return (entry.copy_from ?? null) !== null;
}

/** Whether a configuration copies something. */
export function hasCopies(registries: Value | undefined): boolean {
  return entriesOf(registries).some(([, entry]) => isCopy(entry));
}

/** What an entry copies; undefined for one that copies nothing, or whose source is not known yet. */
export function sourceOf(entry: ObjectValue, index: number): Source | undefined {
  const from = entry.copy_from ?? null;
  if (from === null || !isWhollyKnown(from)) return undefined;
  // As long as the revision is not known, the source is about to change: what it holds now says nothing.
  const { namespace, name, hosts } = from as ObjectValue;
  const wanted = (hosts ?? null) === null ? undefined : textsOf(hosts);
  return { namespace: textOf(namespace), name: textOf(name), hosts: wanted, path: ["registries", index, "copy_from"] };
}

/** What a source gives. */
export interface Copied {
  readonly logins: readonly RegistryLogin[];
  /** The keys that no kubelet could use, of a source that is copied whole. */
  readonly leftOut: readonly string[];
}

/** Whether two entries copy the same, at whatever revision. */
export function copiesTheSame(one: ObjectValue, other: ObjectValue): boolean {
  const without = ({ copy_from: from }: ObjectValue): Value =>
    (from ?? null) === null || isUnknown(from) ? (from ?? null) : { ...(from as ObjectValue), revision: null };
  return isCopy(one) && equal(without(one), without(other));
}

/**
 * What is wanted of a source. Undefined where the Secret is not there.
 * @throws DiagnosticError where it is no docker-registry Secret, is damaged, may not be read, or lacks a host that is wanted
 */
export async function readSource(source: Source, provider: ConfiguredProvider, signal: AbortSignal): Promise<Copied | undefined> {
  const secret = await readDockerSecret(source, provider, signal);
  if (secret === undefined) return undefined;
  const read = readLogins(secret.content);
  for (const { password, verbatim } of read) {
    processRedactor.remember(password);
    // Of bytes that are no text, the password above is not all there is.
    const auth = verbatim && parseRecord(verbatim.reveal())?.auth;
    if (typeof auth === "string") processRedactor.remember(auth);
  }
  // Beside an identity token, which the kubelet doesn't know, the password is empty.
  const logins = read.filter(({ password }) => password.reveal() !== "");
  const { hosts: wanted, path } = source;
  const usable = logins.flatMap(keysOfLogin);
  const held = secret.keys.length === 0 ? "nothing" : listed(secret.keys.map(describeConfigKey));
  const which = describeDockerSecret(source);
  if (wanted === undefined) {
    const leftOut = secret.keys.filter((key) => !usable.includes(key));
    if (usable.length > 0) return { logins, leftOut };
    throw DiagnosticError.at(
      path,
      "Nothing to copy",
      `The ${which} has no credential that a kubelet could use (it has ${held}): a user name and a password, or auth. Correct it, or name another.`,
    );
  }
  const missing = wanted.findIndex((host) => keysFor(host, usable).length === 0);
  if (missing >= 0) {
    throw DiagnosticError.at(
      [...path, "hosts", missing],
      "Host is not in the source",
      `The ${which} has no credential for ${JSON.stringify(wanted[missing])} that a kubelet could use. It has ${held}. Correct the host, or leave hosts out to copy all of them.`,
    );
  }
  const chosen = new Set(wanted.flatMap((host) => keysFor(host, usable)));
  return { logins: logins.flatMap((login) => withKeys(login, chosen)), leftOut: [] };
}

/** The keys that stand for a host: one that is spelled so, or as kubectl spells it; else all that mean the same registry. */
function keysFor(host: string, keys: readonly string[]): readonly string[] {
  const spelled = [host, toConfigKey(host)].find((key) => keys.includes(key));
  return spelled === undefined ? keys.filter((key) => comparableKey(key) === comparableKey(toConfigKey(host))) : [spelled];
}

/** A login under some of its keys alone; none where it has none of them. */
function withKeys(login: RegistryLogin, chosen: ReadonlySet<string>): readonly RegistryLogin[] {
  const keys = keysOfLogin(login);
  const isChosen = (_: unknown, index: number) => chosen.has(keys[index] ?? "");
  const hosts = login.hosts.filter(isChosen);
  return hosts.length === 0 ? [] : [{ ...login, hosts, ...(login.keys && { keys: login.keys.filter(isChosen) }) }];
}

/** The error, or the warning, where a source is not there; `fix` says what follows, and what to do. */
export function missingSource(source: Source, server: string, severity: Diagnostic["severity"], fix: string): Diagnostic {
  const detail = `The cluster at ${server} has no ${describeDockerSecret(source)}, which is to be copied. ${fix}`;
  return { severity, summary: "Source of a copy does not exist", detail, path: source.path };
}

/** Where a host that is copied stands in another entry as well, as far as both are known. */
export function conflictOf(
  registries: Value | undefined,
  copied: ReadonlyMap<number, readonly RegistryLogin[]>,
): { readonly index: number; readonly diagnostic: Diagnostic } | undefined {
  const seen = new Map<string, number>();
  const hostsAt = (index: number, entry: ObjectValue): readonly string[] => {
    const own = Array.isArray(entry.hosts) ? entry.hosts.filter((host) => typeof host === "string") : [];
    return copied.get(index)?.flatMap(({ hosts }) => hosts) ?? own;
  };
  // Entries with hosts of their own first, so that it is the copy that is named.
  const entries = [...entriesOf(registries)].sort(([a], [b]) => Number(copied.has(a)) - Number(copied.has(b)));
  for (const [index, entry] of entries) {
    const keys = new Set(hostsAt(index, entry).map((host) => comparableKey(toConfigKey(host))));
    for (const key of keys) {
      const other = seen.get(key);
      if (other !== undefined && copied.has(index)) {
        const diagnostic: Diagnostic = {
          severity: "error",
          summary: "Two entries for one registry host",
          detail: `The Secret that is copied here is for ${describeConfigKey(key)}, which stands in registries[${other}] already. A docker config JSON holds one credential per host: keep one of the two; copy_from.hosts names the hosts to copy.`,
          path: ["registries", index, "copy_from"],
        };
        return { index, diagnostic };
      }
      seen.set(key, index);
    }
  }
  return undefined;
}

/**
 * All that is copied, by entry, of a configuration that is wholly known.
 * @throws DiagnosticError where a source is missing or can't be copied, or two entries are for one host
 */
export async function readCopies(
  config: ObjectValue,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, readonly RegistryLogin[]>> {
  const copied = new Map<number, readonly RegistryLogin[]>();
  for (const [index, entry] of entriesOf(config.registries)) {
    const source = sourceOf(entry, index);
    if (source === undefined) continue;
    refuseItself(source, config);
    const found = await readSource(source, provider, signal);
    if (found === undefined) {
      const { server } = await provider.cluster.client();
      const fix = "Make it, or correct copy_from; where the same stack makes it, refer to it, so that it is made first.";
      throw new DiagnosticError([missingSource(source, server, "error", fix)]);
    }
    copied.set(index, found.logins);
  }
  const conflict = conflictOf(config.registries, copied);
  if (conflict !== undefined) throw new DiagnosticError([conflict.diagnostic]);
  return copied;
}

/** What the schema's rule can't see where a name was not known. */
function refuseItself({ namespace, name, path }: Source, config: ObjectValue): void {
  const { namespaces } = config;
  if (config.name !== name || !Array.isArray(namespaces) || !namespaces.includes(namespace)) return;
  throw DiagnosticError.at(
    path,
    "A copy of itself",
    `copy_from names the ${describeDockerSecret({ namespace, name })}, which this resource writes itself. Name another source, give this pull secret another name, or leave that namespace out of namespaces.`,
  );
}
