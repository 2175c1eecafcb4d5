import { removeEntries, sameEntries } from "../../../domain/pull-secret-entries";
import { serviceAccountPatch } from "../../../schema/service-account-patch";
import { settleAll } from "../../concurrency";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { PrivateData, TypeContext } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { createUnseen, notLookedFor } from "../placement/hidden";
import { refuseObstacles, warnOfObstacles } from "../placement/permissions";
import { shorten } from "../placement/report";
import { forgotten } from "../placement/take-on";
import { readAccounts, readUnseen } from "./accounts";
import { failuresOf } from "./failures";
import { parseMemory } from "./memory";
import { asState, entriesOf, keyOf, type Target, THIS_PATCH, targetOf } from "./model";
import { workOnAccounts } from "./needs";
import { type Change, changeEntries } from "./write";

/** Warns of what would keep the entries from being taken away. */
export async function planDestroy(prior: ObjectValue, context: TypeContext<ConfiguredProvider>): Promise<void> {
  const { targets, cluster } = asState(prior);
  const own = Object.keys(targets ?? {}).filter((key) => !["missing", "foreign"].includes(targets?.[key]?.status ?? ""));
  await warnOfObstacles(THIS_PATCH, workOnAccounts(own.map(targetOf)), { cluster, privateData: null, isDestroy: true }, context);
}

/** Takes away the entries that this resource added and that still carry its own id; the ServiceAccounts stay. */
export async function destroy(
  { prior, privateData }: { readonly prior: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<void> {
  const state = asState(prior);
  await within(serviceAccountPatch, prior, "delete", caller, async (signal) => {
    const access = await openCluster(provider, { cluster: state.cluster, privateData }, THIS_PATCH, signal);
    const { client } = access;
    const keys = Object.keys(state.targets ?? {});
    if (access.leftBehind !== undefined) return report(forgotten(access, { what: THIS_PATCH, targets: keys }));
    const targets = keys.map(targetOf);
    const unseen = createUnseen(state, { isLeaving: () => true });
    const found = await readAccounts(client, targets, {
      signal,
      log,
      mayHide: unseen.mayHide,
      onHidden: unseen.onHidden,
    });
    if (unseen.never().length > 0) report(notLookedFor("An entry of a ServiceAccount", unseen.never()));
    const memory = parseMemory(privateData);
    // An update under another owner that was cut off has moved some of them already.
    const owners = [state.owner ?? "", ...(isUnknown(provider.owner) ? [] : [provider.owner])];
    const guard = { signal, random: provider.runtime.random };
    const changeOf =
      (target: Target): Change =>
      (entries) =>
        removeEntries(entries, state.instance ?? "", { owners, known: memory.get(keyOf(target)) ?? [] });
    const own = targets.filter((target) => {
      const account = found.get(keyOf(target));
      return account !== undefined && !sameEntries(entriesOf(account), changeOf(target)(entriesOf(account)));
    });
    await refuseObstacles(client, workOnAccounts(own), "Nothing was taken away.", { signal, log });
    const outcomes = await settleAll(
      targets,
      async (target) => {
        const account = found.get(keyOf(target)) ?? (await readUnseen(client, target, unseen, signal));
        return changeEntries(client, target, account, changeOf(target), guard);
      },
      { progress: { log, what: "taking entries away", unit: "ServiceAccounts" } },
    );
    const diagnostics = failuresOf(targets, outcomes, { server: client.server, operation: "delete", consequence: "" });
    if (diagnostics.length > 0) throw new DiagnosticError(shorten(diagnostics));
  });
}
