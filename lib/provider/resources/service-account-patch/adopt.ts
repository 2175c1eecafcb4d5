import { foreignEntries, type PullSecretEntries } from "../../../domain/pull-secret-entries";
import { serviceAccountPatch } from "../../../schema/service-account-patch";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { PlanRequest, PrivateData, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import { equal } from "../../framework/equal";
import type { ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { listed } from "../placement/report";
import { stringsIn } from "../placement/targets";
import { unlessUnreadable } from "../placement/unless-unreadable";
import { readAccounts } from "./accounts";
import { formatAdopted, parseAdopted, parseMemory } from "./memory";
import { asState, entriesOf, THIS_PATCH, targetOf } from "./model";

/** ServiceAccounts of one pull secret in one message. */
const SHOWN = 20;

/** Entries that somebody else put there: target → names. */
export interface Foreign extends ReadonlyMap<string, readonly string[]> {}

/** The names in `wanted` that nobody registered there, and that this resource did not register before. */
export function foreignIn(
  entries: PullSecretEntries,
  wanted: readonly string[],
  known: readonly string[] = [],
): readonly string[] {
  return foreignEntries(
    entries,
    wanted.filter((name) => !known.includes(name)),
  );
}

/**
 * Looks, at plan, at the entries that adoption was asked for, and warns of those that are taken over. What can't be read now is seen at
 * apply. Contacts nothing where the plan changes nothing: then nothing is taken over. Returns private data that tells the apply what was
 * said already.
 */
export async function planAdoption(
  { prior, planned, privateData }: Pick<PlanRequest, "prior" | "privateData"> & { readonly planned: ObjectValue },
  keys: readonly string[],
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<NonNullable<PrivateData>> {
  if (planned.adopt_existing !== true || provider.cluster.unknown !== undefined) return {};
  if (prior !== null && equal(prior, planned)) return {};
  const targets = keys.map(targetOf);
  const wanted = stringsIn(planned.pull_secrets).known;
  const where = prior === null ? null : { cluster: asState(prior).cluster, privateData };
  const look = () =>
    within(serviceAccountPatch, prior ?? {}, "read", caller, async (signal): Promise<Foreign> => {
      const { client, leftBehind } = await openCluster(provider, where, THIS_PATCH, signal);
      const accounts = await readAccounts(client, targets, { signal, log });
      const memory = parseMemory(leftBehind === undefined ? privateData : null);
      return new Map([...accounts].map(([key, account]) => [key, foreignIn(entriesOf(account), wanted, memory.get(key))]));
    });
  const unread = "Which entries adopt_existing would take over could not be found out; the apply looks again.";
  const foreign = await unlessUnreadable(unread, look, new Map(), report);
  const ordered = new Map(keys.map((key) => [key, foreign.get(key) ?? []]));
  const warning = adoptionWarning(ordered, "would be");
  if (warning === undefined) return {};
  report(warning);
  return formatAdopted(ordered);
}

/** Says after a write what was taken over, as far as the plan could not say it yet. */
export function reportAdopted(adopted: Foreign, privateData: PrivateData, report: (diagnostic: Diagnostic) => void): void {
  const said = new Set(parseAdopted(privateData));
  const unsaid = [...adopted].map(([key, names]) => [key, names.filter((name) => !said.has(`${key}/${name}`))] as const);
  const warning = adoptionWarning(new Map(unsaid), "were");
  if (warning !== undefined) report(warning);
}

function adoptionWarning(foreign: Foreign, tense: "would be" | "were"): Diagnostic | undefined {
  const byName = new Map<string, string[]>();
  for (const [key, names] of foreign) {
    for (const name of names) {
      const keys = byName.get(name);
      if (keys === undefined) byName.set(name, [key]);
      else keys.push(key);
    }
  }
  if (byName.size === 0) return undefined;
  const head = `adopt_existing is set, and entries in imagePullSecrets that somebody else put there ${tense} taken over:`;
  const lines = [...byName].map(([name, keys]) => `  - ${JSON.stringify(name)} of ${listed(keys, SHOWN)}`);
  const tail = "New Pods get them as before. From then on they are this resource's: destroy takes them away.";
  return {
    severity: "warning",
    summary: tense === "were" ? "Entries were taken over" : "Entries would be taken over",
    detail: [head, ...lines, tail].join("\n"),
    path: ["adopt_existing"],
  };
}
