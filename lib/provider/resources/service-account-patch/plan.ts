import { asClaimant, claimantOf } from "../../configured/claims";
import type { ConfiguredProvider } from "../../configured/provider";
import type { PlanRequest, PlanResult, TypeContext } from "../../framework/definition";
import { isUnknown, type ObjectValue, textOf, UNKNOWN } from "../../framework/value";
import { changedAfterImport, IN_CONFIGURATION } from "../placement/import-report";
import { warnOfObstacles } from "../placement/permissions";
import { planCluster } from "../placement/take-on";
import { inSync, knownStrings } from "../placement/targets";
import { planAdoption } from "./adopt";
import { claimEntries } from "./claim";
import { asState, keyOf, THIS_PATCH, targetsOf } from "./model";
import { workOfPlan } from "./needs";

/** What no ServiceAccount tells. */
const UNTOLD = { adopt_existing: IN_CONFIGURATION, timeouts: IN_CONFIGURATION };

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
  const adoption = await planAdoption({ prior, planned: whole, privateData }, context);
  const untold = changedAfterImport(THIS_PATCH, { prior, planned: whole, privateData }, UNTOLD);
  if (untold !== undefined) context.report(untold);
  return { planned: whole, privateData: { ...asClaimant(privateData, claimant), ...adoption } };
}
