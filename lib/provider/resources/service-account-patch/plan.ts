import { serviceAccountPatch } from "../../../schema/service-account-patch";
import { asClaimant, claimantOf } from "../../configured/claims";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { PlanRequest, PlanResult, TypeContext } from "../../framework/definition";
import { equal } from "../../framework/equal";
import { isUnknown, type ObjectValue, textOf, UNKNOWN, type Value } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { changedAfterImport, IN_CONFIGURATION } from "../placement/import-report";
import { warnOfObstacles } from "../placement/permissions";
import { planCluster } from "../placement/take-on";
import { statusIn, stringsIn, toPlan } from "../placement/targets";
import { planWanted } from "../placement/wanted";
import { planAdoption } from "./adopt";
import { claimEntries } from "./claim";
import { asState, THIS_PATCH, targetOf } from "./model";
import { isRewritten, workOfPlan } from "./needs";
import { warnOfWaitingPods } from "./waiting-pods/plan";
import { accountTargeting } from "./wanted";

/** Why what an import read may be another thing than what is configured. */
const UNTOLD = {
  namespaces: "the id named others",
  namespace_selector: IN_CONFIGURATION,
  on_refused: IN_CONFIGURATION,
  service_accounts: "the id named others",
  pull_secrets: "a ServiceAccount tells which are registered there, but not the order in which they are configured",
  adopt_existing: IN_CONFIGURATION,
  recreate_waiting_pods: IN_CONFIGURATION,
  timeouts: IN_CONFIGURATION,
};

/**
 * Plans the targets that are wanted, all in sync. Contacts nothing, unless something is to be written or another cluster may be taken on.
 * @throws DiagnosticError where another patch of this configuration adds the same
 */
export async function plan(
  { prior, proposed, privateData }: PlanRequest,
  context: TypeContext<ConfiguredProvider>,
): Promise<PlanResult> {
  const { provider } = context;
  const { owner } = provider;
  const where = prior === null ? null : { cluster: asState(prior).cluster, privateData };
  const look = (select: (signal: AbortSignal) => Promise<readonly string[]>) =>
    within(serviceAccountPatch, prior ?? {}, "read", context.signal, async (signal) => {
      await openCluster(provider, where, THIS_PATCH, signal);
      return select(signal);
    });
  const wanted = await planWanted(accountTargeting, { prior, proposed, privateData }, look, context);
  const claimant = claimantOf({ prior, privateData }, "instance");
  if (wanted.isAll) claimEntries(provider.claims, wanted.keys.map(targetOf), proposed.pull_secrets, claimant);
  const isSkipping = proposed.on_refused === "skip";
  const isKnown = wanted.isFixed && provider.cluster.unknown === undefined;
  if (prior === null || where === null) {
    const targets = isKnown ? toPlan(wanted.keys, isSkipping, () => false) : UNKNOWN;
    const planned: ObjectValue = { ...proposed, owner, targets };
    await warnOfObstacles(THIS_PATCH, workOfPlan(null, planned, wanted), null, context);
    await warnOfWaitingPods(null, planned, wanted.keys, null, context);
    const adoption = await planAdoption({ prior, planned, privateData }, wanted.keys, context);
    return {
      planned: { ...planned, id: UNKNOWN, instance: UNKNOWN, cluster: UNKNOWN },
      privateData: { ...privateData, ...adoption },
    };
  }
  const state = asState(prior);
  const subject = { what: THIS_PATCH, targets: Object.keys(state.targets ?? {}) };
  const cluster = await planCluster(provider, where, subject, context);
  const id = isUnknown(owner) ? UNKNOWN : `${owner}/${textOf(prior.instance)}`;
  const most: ObjectValue = { ...proposed, owner, cluster, id };
  const isForAll = isRewritten(prior, most);
  const isKept = (key: string) => !isForAll && statusIn(state.targets, key) === "in_sync";
  const targets = isKnown ? toPlan(wanted.keys, isSkipping, isKept) : UNKNOWN;
  const whole: ObjectValue = { ...most, targets };
  await warnOfObstacles(THIS_PATCH, workOfPlan(prior, whole, wanted), where, context);
  await warnOfWaitingPods(prior, whole, wanted.keys, where, context);
  const adoption = await planAdoption({ prior, planned: whole, privateData }, wanted.keys, context);
  const isSame = equal(prior.targets, targets) && hasSame(prior.pull_secrets, whole.pull_secrets);
  const written = isSame ? undefined : "Where the entries differ, they are written.";
  const untold = changedAfterImport(THIS_PATCH, { prior, planned: whole, privateData }, UNTOLD, written);
  if (untold !== undefined) context.report(untold);
  return { planned: whole, privateData: { ...asClaimant(privateData, claimant), ...adoption } };
}

/** True for lists that are known and hold the same, in whatever order. */
function hasSame(a: Value | undefined, b: Value | undefined): boolean {
  const [one, other] = [stringsIn(a), stringsIn(b)];
  return one.isAll && other.isAll && equal([...one.known].sort(), [...other.known].sort());
}
