import { asClaimant, claimantOf } from "../../configured/claims";
import type { ConfiguredProvider } from "../../configured/provider";
import type { PlanRequest, PlanResult, TypeContext } from "../../framework/definition";
import { equal } from "../../framework/equal";
import { isUnknown, type ObjectValue, textOf, UNKNOWN, type Value } from "../../framework/value";
import { changedAfterImport, IN_CONFIGURATION } from "../placement/import-report";
import { warnOfObstacles } from "../placement/permissions";
import { planCluster } from "../placement/take-on";
import { inSync, knownStrings, stringsIn } from "../placement/targets";
import { planAdoption } from "./adopt";
import { claimEntries } from "./claim";
import { asState, keyOf, THIS_PATCH, targetsOf } from "./model";
import { workOfPlan } from "./needs";
import { warnOfWaitingPods } from "./waiting-pods/plan";

/** Why what an import read may be another thing than what is configured. */
const UNTOLD = {
  namespaces: "the id named others",
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
  const namespaces = knownStrings(proposed.namespaces);
  const accounts = knownStrings(proposed.service_accounts);
  const isKnown = !isUnknown(namespaces) && !isUnknown(accounts) && provider.cluster.unknown === undefined;
  const claimant = claimantOf({ prior, privateData }, "instance");
  if (!isUnknown(namespaces) && !isUnknown(accounts))
    claimEntries(provider.claims, targetsOf(namespaces, accounts), proposed.pull_secrets, claimant);
  const targets = isKnown ? (inSync(targetsOf(namespaces, accounts).map(keyOf)) as ObjectValue) : UNKNOWN;
  const planned: ObjectValue = { ...proposed, owner, targets };
  if (prior === null) {
    await warnOfObstacles(THIS_PATCH, workOfPlan(null, planned), null, context);
    await warnOfWaitingPods(null, planned, null, context);
    const adoption = await planAdoption({ prior, planned, privateData }, context);
    return {
      planned: { ...planned, id: UNKNOWN, instance: UNKNOWN, cluster: UNKNOWN },
      privateData: { ...privateData, ...adoption },
    };
  }
  const state = asState(prior);
  const subject = { what: THIS_PATCH, targets: Object.keys(state.targets ?? {}) };
  const where = { cluster: state.cluster, privateData };
  const cluster = await planCluster(provider, where, subject, context);
  await warnOfObstacles(THIS_PATCH, workOfPlan(prior, { ...planned, cluster }), where, context);
  const id = isUnknown(owner) ? UNKNOWN : `${owner}/${textOf(prior.instance)}`;
  const whole: ObjectValue = { ...planned, cluster, id };
  await warnOfWaitingPods(prior, whole, where, context);
  const adoption = await planAdoption({ prior, planned: whole, privateData }, context);
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
