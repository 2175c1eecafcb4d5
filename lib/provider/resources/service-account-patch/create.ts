import type { KubernetesClient } from "../../../clients/kubernetes/client";
import type { Ownership } from "../../../domain/ownership";
import { addEntries, ownEntries, type PullSecretEntries, registeredBy, undoEntries } from "../../../domain/pull-secret-entries";
import { serviceAccountPatch } from "../../../schema/service-account-patch";
import { settleAll } from "../../concurrency";
import type { ConfiguredProvider } from "../../configured/provider";
import { endingAfter, isAbort, persist, within } from "../../deadline";
import type { ApplyResult, Logger, PrivateData, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { drawInstance, openCluster, ownerOf } from "../placement/cluster";
import { refuseObstacles } from "../placement/permissions";
import { createLeftOut, type LeftOut } from "../placement/refused";
import { listed, shorten } from "../placement/report";
import { warnOfTakingOn } from "../placement/take-on";
import { takenUp } from "../placement/taken-up";
import { inSync } from "../placement/targets";
import { wantedAtApply } from "../placement/wanted";
import { type Accounts, awaitAccount, MissingTarget, readAccounts } from "./accounts";
import { foreignIn, reportAdopted } from "./adopt";
import { failuresOf } from "./failures";
import { formatMemory } from "./memory";
import { asState, keyOf, type Target, THIS_PATCH, targetOf } from "./model";
import { workOfPlan } from "./needs";
import { awaitInjection, type Patched } from "./probe";
import { recreateWaitingPods } from "./waiting-pods/recreate";
import { accountTargeting } from "./wanted";
import { changeEntries, failureOf } from "./write";

/** A rollback has a time of its own: the caller's signal may be what it follows (Ctrl-C). */
const ROLL_BACK_MILLISECONDS = 30_000;
/** And as much more for each ServiceAccount: two requests, while others are under way. */
const ROLL_BACK_EACH = 20;

/** Patches every ServiceAccount, or none. */
export async function create(
  { planned, privateData = null }: { readonly planned: ObjectValue; readonly privateData?: PrivateData },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  return within(serviceAccountPatch, planned, "create", caller, async (signal) => {
    const { pull_secrets: pullSecrets, adopt_existing: adopt, on_refused: onRefused } = asState(planned);
    const ownership: Ownership = { owner: ownerOf(provider), instance: drawInstance(provider) };
    const access = await openCluster(provider, null, THIS_PATCH, signal);
    const { client, id, memory: cluster } = access;
    const wanted = await wantedAtApply(accountTargeting, { planned, privateData }, { provider, signal, log });
    warnOfTakingOn(provider, access, { what: THIS_PATCH, targets: wanted.keys }, report);
    const leftOut = createLeftOut(onRefused, wanted, (key) => targetOf(key).namespace);
    const guard = { signal, random: provider.runtime.random };
    await refuseObstacles(client, workOfPlan(null, planned, wanted), "Nothing was patched.", { signal, log }, leftOut.skip);
    const asked = wanted.keys.filter((key) => !leftOut.has(key)).map(targetOf);
    const found = await readAccounts(client, asked, { signal, log });
    const accounts = await awaitAll(client, asked, found, leftOut, { signal, caller });
    const targets = asked.filter((target) => !leftOut.has(keyOf(target)));

    const former = new Map<string, PullSecretEntries>();
    const memory = new Map<string, readonly string[]>();
    const patched: Patched[] = [];
    const outcomes = await settleAll(
      targets,
      async (target) => {
        const change = (entries: PullSecretEntries) => {
          // A write whose answer was lost is met again: what was there before it is known already.
          if (ownEntries(entries, ownership.instance).length === 0) former.set(keyOf(target), entries);
          return addEntries(entries, pullSecrets, ownership, adopt === true ? pullSecrets : []);
        };
        const key = keyOf(target);
        const patch = () => changeEntries(client, target, accounts.get(key), change, guard);
        const after = await leftOut.attempt(key, patch, (error) => failureOf(error, target));
        if (leftOut.has(key)) return;
        if (after === undefined) throw new MissingTarget(target, "account");
        memory.set(key, ownEntries(after.entries, ownership.instance));
        patched.push({ target, revision: after.revision });
      },
      { stopOnFailure: true, progress: { log, what: "patching", unit: "ServiceAccounts" } },
    );
    if (outcomes.some(({ outcome }) => outcome !== "done")) {
      const left = await rollBack(client, targets, former, ownership, { log, random: provider.runtime.random });
      const errors = outcomes.flatMap((outcome) => (outcome.outcome === "failed" ? [outcome.error] : []));
      const cancelled = errors.find(isAbort);
      if (cancelled !== undefined && caller.aborted && left.length === 0) throw cancelled;
      const consequence = "Nothing was patched: a patch is made in all its ServiceAccounts, or in none.";
      throw new DiagnosticError([
        ...shorten(failuresOf(targets, outcomes, { server: client.server, operation: "create", consequence })),
        ...leftBehind(left),
      ]);
    }

    leftOut.say(report);
    const served = wanted.isFixed ? wanted.keys : wanted.keys.filter((key) => !leftOut.isGone(key));
    const others = targets.map(keyOf).filter((key) => hasOthers(former.get(key), pullSecrets, ownership));
    const pickedUp = takenUp("Entries", ownership.owner, others);
    if (pickedUp !== undefined) report(pickedUp);
    if (adopt === true) {
      const adopted = [...former].map(([key, entries]) => [key, foreignIn(entries, pullSecrets)] as const);
      reportAdopted(new Map(adopted), privateData, report);
    }
    const warning = await awaitInjection(client, patched, pullSecrets, { signal, log });
    if (warning !== undefined) report(warning);
    if (planned.recreate_waiting_pods === true) {
      await recreateWaitingPods({ client, targets, accounts, pullSecrets, ...guard, log, report });
    }
    return {
      state: {
        ...planned,
        id: `${ownership.owner}/${ownership.instance}`,
        targets: { ...inSync(served), ...leftOut.statuses(served) },
        ...ownership,
        cluster: id,
      },
      privateData: { ...cluster, ...formatMemory(memory), ...wanted.memory },
    };
  });
}

/** Whether another resource of this owner had registered one of the pull secrets there. */
function hasOthers(before: PullSecretEntries | undefined, pullSecrets: readonly string[], { owner }: Ownership): boolean {
  const registered = before === undefined ? {} : registeredBy(before, owner);
  return pullSecrets.some((name) => Object.hasOwn(registered, name));
}

/** Waits until all are there. @throws DiagnosticError that names all that are not, before anything is written */
async function awaitAll(
  client: KubernetesClient,
  targets: readonly Target[],
  found: Accounts,
  leftOut: LeftOut,
  { signal, caller }: { readonly signal: AbortSignal; readonly caller: AbortSignal },
): Promise<Accounts> {
  const accounts = new Map(found);
  const missing = targets.filter((target) => !accounts.has(keyOf(target)));
  const outcomes = await settleAll(missing, async (target) => {
    const result = await awaitAccount(client, target, signal);
    if (!("missing" in result)) accounts.set(keyOf(target), result.account);
    else
      await leftOut.attempt(
        keyOf(target),
        () => Promise.reject(new MissingTarget(target, result.missing)),
        () => [],
      );
  });
  const cancelled = outcomes.find((outcome) => outcome.outcome === "failed" && isAbort(outcome.error));
  if (cancelled?.outcome === "failed" && caller.aborted) throw cancelled.error;
  const about = { server: client.server, operation: "create", consequence: "Nothing was patched." } as const;
  const diagnostics = failuresOf(missing, outcomes, about);
  if (diagnostics.length > 0) throw new DiagnosticError(shorten(diagnostics));
  return accounts;
}

/** Takes back what was written; returns the targets where that failed. */
async function rollBack(
  client: KubernetesClient,
  targets: readonly Target[],
  former: ReadonlyMap<string, PullSecretEntries>,
  ownership: Ownership,
  { log, random }: { readonly log: Logger; readonly random: () => number },
): Promise<readonly Target[]> {
  const tried = targets.filter((target) => former.has(keyOf(target)));
  const undoOne = async (target: Target, signal: AbortSignal) => {
    const before = former.get(keyOf(target)) ?? { names: [], annotation: undefined };
    const at = { apiVersion: "v1", resource: "serviceaccounts", namespace: target.namespace, name: target.account };
    const undo = (now: PullSecretEntries) => undoEntries(now, ownership, before);
    const attempt = async () => changeEntries(client, target, await client.get(at, signal), undo, { signal, random });
    await persist(attempt, random, signal);
  };
  const progress = { log, what: "taking entries back", unit: "ServiceAccounts" };
  const undoAll = (signal: AbortSignal) => settleAll(tried, (target) => undoOne(target, signal), { progress });
  const outcomes = await endingAfter(ROLL_BACK_MILLISECONDS + ROLL_BACK_EACH * tried.length, undoAll);
  return tried.filter((_, index) => outcomes[index]?.outcome !== "done");
}

function leftBehind(targets: readonly Target[]): readonly Diagnostic[] {
  if (targets.length === 0) return [];
  return [
    {
      severity: "error",
      summary: "Not everything could be undone",
      detail: `The entries that were already added could not be taken back on ${listed(targets.map(keyOf))}. The next apply picks them up, since they carry this owner.`,
      path: ["namespaces"],
    },
  ];
}
