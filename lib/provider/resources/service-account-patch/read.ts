import type { ServiceAccountObject } from "../../../clients/kubernetes/client";
import { ownEntries } from "../../../domain/pull-secret-entries";
import { serviceAccountPatch } from "../../../schema/service-account-patch";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import { isUnknown, type ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { formatSeen, withoutSeen } from "../placement/cluster-memory";
import { createUnseen, notSeen } from "../placement/hidden";
import { refreshedImport } from "../placement/import-report";
import { strays } from "../placement/strays";
import { warnOfTakingOn } from "../placement/take-on";
import { asSelected, wantedAtRefresh } from "../placement/wanted";
import { readAccounts } from "./accounts";
import { formatMemory, parseMemory } from "./memory";
import { asState, entriesOf, THIS_PATCH, targetOf } from "./model";
import { statusOf } from "./status";
import { accountTargeting } from "./wanted";

/** Refreshes how each ServiceAccount stands. */
export async function read(
  { state: value, privateData }: { readonly state: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  if (provider.cluster.unknown !== undefined) return { state: value, privateData: withoutSeen(privateData) };
  const state = asState(value);
  return within(serviceAccountPatch, value, "read", caller, async (signal) => {
    const access = await openCluster(provider, { cluster: state.cluster, privateData }, THIS_PATCH, signal);
    const { client, id, leftBehind } = access;
    const ownership = { owner: state.owner ?? "", instance: state.instance ?? "" };
    // An update under another owner that was cut off has moved some of them already.
    const otherOwner = isUnknown(provider.owner) ? ownership.owner : provider.owner;
    const owners = [ownership.owner, otherOwner];
    const isOurs = (account: ServiceAccountObject) =>
      leftBehind === undefined && ownEntries(entriesOf(account), ownership.instance, owners).length > 0;
    const targeted = Object.keys(state.targets ?? {});
    warnOfTakingOn(provider, access, { what: THIS_PATCH, targets: targeted }, report);
    const wanted = await wantedAtRefresh(accountTargeting, value, { provider, signal, log });
    const known = [...new Set([...(leftBehind === undefined || wanted === undefined ? targeted : []), ...(wanted?.keys ?? [])])];
    const unseen = createUnseen(state);
    const reading = { signal, log, isRefresh: true, mayHide: unseen.mayHide, onHidden: unseen.onHidden };
    const found = await readAccounts(client, known.map(targetOf), reading, isOurs);
    if (unseen.kept().length > 0) report(notSeen("A ServiceAccount", unseen.kept()));
    // What an apply that was killed left elsewhere becomes a target, so that a plan says that it goes.
    const keys = [...new Set([...known, ...found.keys()])];
    const expected = new Set(known);
    const stray = keys.filter((key) => !expected.has(key));
    if (stray.length > 0) report(strays("An entry of a ServiceAccount", stray, "namespaces and service_accounts"));
    const memory = parseMemory(leftBehind === undefined ? privateData : null);
    const targets = keys.map((key) => {
      const entries = { pullSecrets: state.pull_secrets, ownership, known: memory.get(key) ?? [], otherOwner };
      return [key, { status: unseen.statusOf(key) ?? statusOf(found.get(key), entries) }] as const;
    });
    const refreshed = { ...value, targets: Object.fromEntries(asSelected(targets, wanted, state.targets)) };
    const seen = { ...formatSeen({ isOther: leftBehind !== undefined, id }), ...wanted?.memory };
    // Until an apply takes the other cluster on, the state stays the first one's: the configuration may be led back to it.
    if (leftBehind !== undefined) return { state: refreshed, privateData: { ...privateData, ...seen } };
    // A provider that was killed in an update took the memory with it: Terraform then keeps the state alone.
    const remembered = [...found].map(([key, account]) => {
      const registered = ownEntries(entriesOf(account), ownership.instance, owners);
      return [key, [...new Set([...(memory.get(key) ?? []), ...registered])]] as const;
    });
    const entries = formatMemory(new Map([...memory, ...remembered]));
    return {
      state: { ...refreshed, cluster: id },
      privateData: { ...entries, ...access.memory, ...seen, ...refreshedImport(privateData) },
    };
  });
}
