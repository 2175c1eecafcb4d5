import type { ServiceAccountObject } from "../../../clients/kubernetes/client";
import { ownEntries } from "../../../domain/pull-secret-entries";
import { serviceAccountPatch } from "../../../schema/service-account-patch";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import type { ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { readAccounts } from "./accounts";
import { formatMemory, parseMemory } from "./memory";
import { asState, entriesOf, targetOf } from "./model";
import { statusOf } from "./status";

/** Refreshes how each ServiceAccount stands. */
export async function read(
  { state: value, privateData: before }: { readonly state: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, log }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  if (provider.cluster.unknown !== undefined) return { state: value };
  const state = asState(value);
  return within(serviceAccountPatch, value, "read", caller, async (signal) => {
    const { client, id } = await openCluster(provider, state.cluster, "This ServiceAccount patch", signal);
    const ownership = { owner: state.owner ?? "", instance: state.instance ?? "" };
    const isOurs = (account: ServiceAccountObject) => ownEntries(entriesOf(account), ownership.instance).length > 0;
    const known = Object.keys(state.targets ?? {});
    const found = await readAccounts(client, known.map(targetOf), { signal, log }, isOurs);
    // What an apply that was killed left elsewhere becomes a target, so that a plan says that it goes.
    const keys = [...new Set([...known, ...found.keys()])];
    const memory = parseMemory(before);
    const targets = keys.map((key) => {
      const wanted = { pullSecrets: state.pull_secrets, ownership, known: memory.get(key) ?? [] };
      return [key, { status: statusOf(found.get(key), wanted) }] as const;
    });
    // A provider that was killed in an update took the memory with it: Terraform then keeps the state alone.
    const remembered = [...found].map(([key, account]) => {
      const registered = ownEntries(entriesOf(account), ownership.instance);
      return [key, [...new Set([...(memory.get(key) ?? []), ...registered])]] as const;
    });
    const privateData = formatMemory(new Map([...memory, ...remembered]));
    return { state: { ...value, targets: Object.fromEntries(targets), cluster: id }, privateData };
  });
}
