import { parsePlacedImportId } from "../../../domain/import-id";
import { describeEntry, instanceOf, ownEntries, type PullSecretEntries, registeredBy } from "../../../domain/pull-secret-entries";
import { serviceAccountPatch } from "../../../schema/service-account-patch";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { differing, importedMemory, missingAtImport, relabelled } from "../placement/import-report";
import { mostFrequent } from "../placement/most-frequent";
import { inSync } from "../placement/targets";
import { readAccounts } from "./accounts";
import { formatMemory } from "./memory";
import { describeTarget, entriesOf, keyOf, type Target, THIS_PATCH, targetOf } from "./model";

/**
 * The state of a patch whose entries are there. Writes nothing.
 * @throws DiagnosticError where the owner that the id names registered no such entry anywhere
 */
export async function importState(
  id: string,
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const { owner, name, places } = parsePlacedImportId(id) ?? { owner: "", name: "", places: [] };
  const targets = places.map(targetOf);
  return within(serviceAccountPatch, {}, "read", caller, async (signal) => {
    const { client, id: cluster } = await openCluster(provider, null, THIS_PATCH, signal);
    const accounts = await readAccounts(client, targets, { signal, log });
    const missing = places.filter((key) => !accounts.has(key));
    if (missing.length === places.length) {
      throw new DiagnosticError([missingAtImport("such ServiceAccount", places, client.server, cluster, "error")]);
    }
    const found = targets.flatMap((target) => {
      const account = accounts.get(keyOf(target));
      return account === undefined ? [] : [{ target, entries: entriesOf(account) }];
    });
    const instances = found.map(({ entries }) => instanceOf(entries, owner, name));
    const instance = mostFrequent(instances.filter((found) => found !== undefined));
    if (instance === undefined) throw nothingRegistered(owner, name, found);

    const keysOf = (test: (instance: string | undefined) => boolean) =>
      found.filter((_, index) => test(instances[index])).map(({ target }) => keyOf(target));
    const what = `entry ${JSON.stringify(name)}`;
    const notes: readonly (Diagnostic | undefined)[] = [
      missing.length > 0 ? missingAtImport("such ServiceAccount", missing, client.server, cluster, "warning") : undefined,
      differing(
        what,
        keysOf((found) => found === undefined),
        "is not registered by this owner",
      ),
      differing(
        what,
        keysOf((found) => found !== undefined && found !== instance),
        "is registered by another resource of this owner",
      ),
      relabelled(`ServiceAccount patch of ${JSON.stringify(name)}`, owner, provider.owner),
    ];
    for (const note of notes) if (note !== undefined) report(note);

    const state: ObjectValue = {
      id: `${owner}/${instance}`,
      namespaces: distinct(targets.map(({ namespace }) => namespace)),
      service_accounts: distinct(targets.map(({ account }) => account)),
      pull_secrets: pullSecretsOf(
        found.map(({ entries }) => entries),
        instance,
      ),
      targets: inSync(places) as ObjectValue,
      owner,
      instance,
      cluster,
    };
    const memory = new Map(found.map(({ target, entries }) => [keyOf(target), ownEntries(entries, instance)]));
    return { state, privateData: { ...formatMemory(memory), ...importedMemory } };
  });
}

/** All that the instance registered anywhere, in the order in which the ServiceAccounts list it. */
function pullSecretsOf(all: readonly PullSecretEntries[], instance: string): readonly string[] {
  return [
    ...new Set(
      all.flatMap((entries) => {
        const own = ownEntries(entries, instance);
        return [...entries.names.filter((name) => own.includes(name)), ...own];
      }),
    ),
  ];
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

function nothingRegistered(
  owner: string,
  name: string,
  found: readonly { readonly target: Target; readonly entries: PullSecretEntries }[],
): DiagnosticError {
  return new DiagnosticError(
    found.map(({ target, entries }) => {
      const own = Object.keys(registeredBy(entries, owner));
      const others = own.length === 0 ? "It registered none there." : `It registered ${own.join(", ")} there.`;
      return {
        severity: "error",
        summary: "Entry belongs to somebody else",
        detail:
          `The id names the owner ${JSON.stringify(owner)}, but in the imagePullSecrets of ${describeTarget(target)} the entry ${JSON.stringify(name)} ${describeEntry(entries, name)}. ${others} Nothing was imported. ` +
          "Correct owner and pull secret in the id; or let an apply add the entry, without an import (adopt_existing = true takes over one that somebody else put there).",
      };
    }),
  );
}
