import { differingKeys, formatDockerConfig, hostKeysOf, type RegistryLogin } from "../../../domain/docker-config";
import { describeConfigKey, fromConfigKey, toConfigKey } from "../../../domain/registry-host";
import type { Secret } from "../../../domain/secret";
import type { ConfiguredProvider } from "../../configured/provider";
import { describeDockerSecret } from "../../docker-secret";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { textsOf, type Value } from "../../framework/value";
import { listed } from "../placement/report";
import { isCopy, readSource, sourceOf } from "./copies";
import { entriesOf } from "./entries";

/** What the sources of copies hold. */
export interface SourceLogins {
  /** By entry; those whose source could be read. */
  readonly logins: ReadonlyMap<number, readonly RegistryLogin[]>;
  /** Whether that is all of them. */
  readonly isAll: boolean;
}

/** Names of hosts in one message. */
const SHOWN = 10;

/** The keys at which a copy is not what the sources hold by now; where all of them are known, also those that they lack. */
export function changedKeys({ logins, isAll }: SourceLogins, registries: Value, copy: Secret): readonly string[] {
  const sources = formatDockerConfig([...logins.values()].flat());
  const changed = differingKeys(copy, sources);
  if (!isAll) return changed;
  const own = entriesOf(registries).flatMap(([, entry]) => (isCopy(entry) ? [] : textsOf(entry.hosts).map(toConfigKey)));
  const known = new Set([...own, ...(hostKeysOf(sources) ?? [])]);
  return [...changed, ...(hostKeysOf(copy) ?? []).filter((key) => !known.has(key))];
}

/** The warning for a source that changed. */
export function changedSource(keys: readonly string[], { logins }: SourceLogins, registries: Value): Diagnostic {
  const isIn = (index: number) => logins.get(index)?.some(({ hosts }) => hosts.some((host) => keys.includes(toConfigKey(host))));
  const read = entriesOf(registries).filter(([index]) => logins.has(index));
  const holding = read.filter(([index]) => isIn(index));
  // A host that is gone from its source stands in none.
  const concerned = holding.length > 0 ? holding : read;
  const sources = concerned.flatMap(([index, entry]) => sourceOf(entry, index) ?? []);
  const which = listed(sources.map(describeDockerSecret));
  const hosts = listed(
    keys.map((key) => describeConfigKey(fromConfigKey(key))),
    SHOWN,
  );
  return {
    severity: "warning",
    summary: "A copied Secret changed",
    detail: `What is copied (${which}) no longer holds what the copies hold, for: ${hosts}. The apply writes every copy in place.`,
    path: sources[0]?.path ?? ["registries"],
  };
}

/** What the sources of a state hold, as far as they can be read; a plan says what can't. */
export async function lookAtSources(registries: Value, provider: ConfiguredProvider, signal: AbortSignal): Promise<SourceLogins> {
  const logins = new Map<number, readonly RegistryLogin[]>();
  const copies = entriesOf(registries).filter(([, entry]) => isCopy(entry));
  for (const [index, entry] of copies) {
    const source = sourceOf(entry, index);
    try {
      const found = source && (await readSource(source, provider, signal));
      if (found !== undefined) logins.set(index, found.logins);
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
    }
  }
  return { logins, isAll: copies.every(([index]) => logins.has(index)) };
}
