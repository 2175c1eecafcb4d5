import type { KubernetesClient } from "../../../clients/kubernetes/client";
import type { Ownership } from "../../../domain/ownership";
import { addEntries, moveEntries, ownEntries, type PullSecretEntries, removeEntries } from "../../../domain/pull-secret-entries";
import { serviceAccountPatch } from "../../../schema/service-account-patch";
import { settleAll } from "../../concurrency";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { drawInstance, openCluster, ownerOf, type Whereabouts } from "../placement/cluster";
import { createUnseen } from "../placement/hidden";
import { refuseObstacles } from "../placement/permissions";
import { createLeftOut, keepUnseen } from "../placement/refused";
import { shorten } from "../placement/report";
import { clusterAfter, warnOfTakingOn } from "../placement/take-on";
import { inSync, statusIn, type Targets } from "../placement/targets";
import { wantedAtApply } from "../placement/wanted";
import { awaitAccount, MissingTarget, readAccounts, readUnseen } from "./accounts";
import { foreignIn, reportAdopted } from "./adopt";
import { failuresOf } from "./failures";
import { formatMemory, parseMemory } from "./memory";
import { asState, entriesOf, keyOf, type PatchState, type Target, THIS_PATCH, targetOf } from "./model";
import { workOfPlan, workOnAccounts } from "./needs";
import { awaitInjection, type Patched } from "./probe";
import { statusAfter, statusOf, type Wanted } from "./status";
import { recreateWaitingPods } from "./waiting-pods/recreate";
import { accountTargeting } from "./wanted";
import { changeEntries, failureOf } from "./write";

/** Adds and takes away what differs. What succeeded stays in the state, the rest is an error. */
export async function update(
  {
    prior: before,
    planned,
    privateData,
  }: {
    readonly prior: ObjectValue;
    readonly planned: ObjectValue;
    readonly privateData: PrivateData;
  },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  return within(serviceAccountPatch, planned, "update", caller, async (signal) => {
    const [state, plan] = [asState(before), asState(planned)];
    const ownership: Ownership = { owner: ownerOf(provider), instance: state.instance ?? drawInstance(provider) };
    const { instance } = ownership;
    const former: Ownership = { owner: state.owner ?? ownership.owner, instance };
    const owners = [ownership.owner, former.owner];
    const where: Whereabouts = { cluster: state.cluster, privateData, planned: planned.cluster };
    const access = await openCluster(provider, where, THIS_PATCH, signal);
    const { client, id, leftBehind } = access;
    warnOfTakingOn(provider, access, { what: THIS_PATCH, targets: Object.keys(state.targets ?? {}) }, report);
    // What was done in a cluster that is left behind says nothing about this one: nothing is to be taken away here.
    const prior = leftBehind === undefined ? state : { ...state, targets: {} };
    const meant = await wantedAtApply(accountTargeting, { planned, privateData }, { provider, signal, log });
    const leftOut = createLeftOut(plan.on_refused, meant, (key) => targetOf(key).namespace);
    const staying = new Set(meant.keys);
    const leaving = Object.keys(prior.targets ?? {}).filter((key) => !staying.has(key));
    await refuseObstacles(client, workOfPlan(before, planned, meant), "Nothing was patched.", { signal, log }, leftOut.skip);
    const possible = meant.keys.filter((key) => !leftOut.has(key)).map(targetOf);
    const unseen = createUnseen(
      { targets: prior.targets, on_refused: plan.on_refused },
      { isLeaving: (key) => !staying.has(key) },
    );
    const found = await readAccounts(client, [...possible, ...leaving.map(targetOf)], {
      signal,
      log,
      mayHide: unseen.mayHide,
      onHidden: unseen.onHidden,
    });
    keepUnseen(unseen, "An entry of a ServiceAccount", leftOut, report);
    const wanted = possible.filter((target) => !leftOut.has(keyOf(target)));
    const guard = { signal, random: provider.runtime.random };
    const memory = new Map(parseMemory(leftBehind === undefined ? privateData : null));
    const wantedAt = (key: string): Wanted => ({
      pullSecrets: plan.pull_secrets,
      ownership,
      known: memory.get(key) ?? [],
      otherOwner: former.owner,
    });

    const different = wanted.filter((target) => {
      const account = found.get(keyOf(target));
      return account !== undefined && statusOf(account, wantedAt(keyOf(target))) !== "in_sync";
    });
    await refuseObstacles(client, workOnAccounts(different), "Nothing was patched.", { signal, log }, leftOut.skip);

    const changed: Patched[] = [];
    const adopted = new Map<string, readonly string[]>();
    const patch = async (target: Target) => {
      const key = keyOf(target);
      if (leftOut.has(key)) return;
      const known = memory.get(key) ?? [];
      const explain = (error: unknown) => failureOf(error, target);
      const account = found.get(key) ?? (await leftOut.attempt(key, () => present(client, target, signal), explain));
      if (account === undefined) return;
      const change = (entries: PullSecretEntries) => {
        const kept = removeEntries(moveEntries(entries, ownership, former.owner), instance, {
          owners,
          keep: plan.pull_secrets,
          known,
        });
        return addEntries(kept, plan.pull_secrets, ownership, plan.adopt_existing === true ? plan.pull_secrets : known);
      };
      const isChange = statusOf(account, wantedAt(key)) !== "in_sync";
      if (plan.adopt_existing === true) adopted.set(key, foreignIn(entriesOf(account), plan.pull_secrets, known));
      const after = await leftOut.attempt(key, () => changeEntries(client, target, account, change, guard), explain);
      if (leftOut.has(key)) return;
      if (after === undefined) throw new MissingTarget(target, "account");
      memory.set(key, ownEntries(after.entries, instance, [ownership.owner]));
      if (isChange) changed.push({ target, revision: after.revision });
    };
    const patching = settleAll(wanted, patch, { progress: { log, what: "patching", unit: "ServiceAccounts" } });
    // At the same time: a target that is waited for until the time is up keeps nobody else from being served.
    const remove = async (key: string) => {
      const known = memory.get(key) ?? [];
      const change = (entries: PullSecretEntries) => removeEntries(entries, instance, { owners, known });
      const account = found.get(key) ?? (await readUnseen(client, targetOf(key), unseen, signal));
      await changeEntries(client, targetOf(key), account, change, guard);
      memory.delete(key);
    };
    const removing = settleAll(leaving, remove, { progress: { log, what: "taking entries away", unit: "ServiceAccounts" } });
    const [outcomes, removals] = await Promise.all([patching, removing]);

    const isLeftOut = (target: Target) => meant.isFixed && leftOut.isGone(keyOf(target));
    const vanished = wanted.filter((target, index) => isLeftOut(target) || isVanished(outcomes[index], target, prior));
    const failures = outcomes.map((outcome, index) =>
      isVanished(outcome, wanted[index] as Target, prior) ? { outcome: "skipped" as const } : outcome,
    );
    const about = { server: client.server, operation: "update" } as const;
    const diagnostics = [
      ...shorten(vanished.map((target) => vanishedWarning(target, client))),
      ...shorten(failuresOf(wanted, failures, { ...about, consequence: "The other ServiceAccounts were patched." })),
      ...shorten(failuresOf(leaving.map(targetOf), removals, { ...about, consequence: "" })),
    ];
    diagnostics.forEach(report);
    leftOut.say(report);
    reportAdopted(adopted, privateData, report);

    const failed: Targets = {};
    wanted.forEach((target, index) => {
      const [failure, key] = [failures[index], keyOf(target)];
      if (failure?.outcome === "failed") failed[key] = { status: statusAfter(failure.error, found.get(key), wantedAt(key)) };
    });
    leaving.forEach((key, index) => {
      const failure = removals[index];
      if (failure?.outcome === "failed") failed[key] = { status: statusAfter(failure.error, found.get(key), wantedAt(key)) };
    });

    const done = new Set(wanted.filter((target, index) => outcomes[index]?.outcome === "done" && !leftOut.has(keyOf(target))));
    const warning = await awaitInjection(client, changed, plan.pull_secrets, { signal, log });
    if (warning !== undefined) report(warning);
    if (plan.recreate_waiting_pods === true) {
      const pass = { client, targets: [...done], accounts: found, pullSecrets: plan.pull_secrets };
      await recreateWaitingPods({ ...pass, ...guard, log, report });
    }
    // What was not reached is still registered by the former owner, and only ours as long as the state says so.
    const served = meant.isFixed ? meant.keys : meant.keys.filter((key) => !leftOut.isGone(key));
    const left = Object.keys(failed).length > 0 ? former : ownership;
    return {
      state: {
        ...planned,
        id: `${left.owner}/${instance}`,
        targets: { ...inSync(served), ...leftOut.statuses(served), ...failed },
        ...left,
        cluster: clusterAfter(planned.cluster, id),
      },
      privateData: { ...access.memory, ...meant.memory, ...formatMemory(memory) },
    };
  });
}

async function present(client: KubernetesClient, target: Target, signal: AbortSignal) {
  const result = await awaitAccount(client, target, signal);
  if ("missing" in result) throw new MissingTarget(target, result.missing);
  return result.account;
}

/** True for a target that the plan took to be there, and that is not. */
function isVanished(
  outcome: { readonly outcome: string; readonly error?: unknown } | undefined,
  target: Target,
  prior: PatchState,
): boolean {
  const status = statusIn(prior.targets, keyOf(target));
  return outcome?.error instanceof MissingTarget && status !== undefined && status !== "missing" && status !== "blocked";
}

/** The state has to hold what was planned; the next refresh corrects it. */
function vanishedWarning(target: Target, { server }: KubernetesClient): Diagnostic {
  return {
    severity: "warning",
    summary: "ServiceAccount vanished",
    detail: `${keyOf(target)} was there when the plan was made, and is gone from the cluster at ${server} now, so it was not patched. The next plan shows it as missing.`,
  };
}
