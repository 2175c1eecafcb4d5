import { pullSecret } from "../../../schema/pull-secret";
import { asClaimant, claimantOf } from "../../configured/claims";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { PlanRequest, PlanResult, PrivateData, TypeContext } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { equal } from "../../framework/equal";
import { isUnknown, type ObjectValue, textOf, UNKNOWN, type Value } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { changedAfterImport, IN_CONFIGURATION } from "../placement/import-report";
import { warnOfObstacles } from "../placement/permissions";
import { listed } from "../placement/report";
import { planCluster } from "../placement/take-on";
import { statusIn, type Targets, toPlan } from "../placement/targets";
import { planWanted, type Wanted } from "../placement/wanted";
import type { SourceLogins } from "./changed-copies";
import { checkCredentials } from "./credentials";
import { asState, describePullSecret } from "./model";
import { isRewritten, workOfPlan } from "./needs";
import { planAdoption } from "./plan-adoption";
import { planCopies } from "./plan-copies";
import { planFingerprint } from "./plan-fingerprint";
import { refuseOwn } from "./self-copy";
import { secretTargeting } from "./wanted";

/** Why what an import read may be another thing than what is configured. `registries` is told apart by what becomes of the content. */
const UNTOLD = {
  namespaces: "the id named others",
  namespace_selector: IN_CONFIGURATION,
  on_refused: IN_CONFIGURATION,
  labels: "only those are read that this provider was the first to write, and from one Secret",
  annotations: "only those are read that this provider was the first to write, and from one Secret",
  fingerprint: "the content changes",
  adopt_existing: IN_CONFIGURATION,
  timeouts: IN_CONFIGURATION,
};

/**
 * Plans the targets that are wanted, all in sync; what is known is planned exactly, so that a review shows only what changes.
 * @throws DiagnosticError where another pull secret of this configuration writes the same Secret, or where this one would copy it from itself
 */
export async function plan(
  { config, prior, proposed, privateData }: PlanRequest,
  context: TypeContext<ConfiguredProvider>,
): Promise<PlanResult> {
  const { provider } = context;
  checkCredentials(config, provider);
  const { owner } = provider;
  const what = typeof config.name === "string" ? describePullSecret(config.name) : "This pull secret";
  const where = prior === null ? null : { cluster: asState(prior).cluster, privateData };
  const look = (select: (signal: AbortSignal) => Promise<readonly string[]>) =>
    within(pullSecret, prior ?? {}, "read", context.signal, async (signal) => {
      await openCluster(provider, where, what, signal);
      return select(signal);
    });
  const wanted = await planWanted(secretTargeting, { prior, proposed, privateData }, look, context);
  const claimant = claimantOf({ prior, privateData }, "instance");
  if (wanted.isAll) claimSecrets(config.name ?? null, wanted.keys, claimant, provider);
  const planned: ObjectValue = {
    ...proposed,
    owner,
    id: isUnknown(owner) || isUnknown(config.name) ? UNKNOWN : `${owner}/${textOf(config.name)}`,
  };
  const copies = await planCopies(config, prior, context);
  const adoption =
    config.adopt_existing === true ? await planAdoption({ config, prior, privateData }, wanted.keys, copies, context) : {};
  const remembered = { privateData: { ...asClaimant(privateData, claimant), ...adoption } };
  const most = prior === null ? created(planned) : await updated({ config, prior, privateData }, planned, copies, context);
  if (prior !== null && equal(prior.cluster, most.cluster)) refuseOwn(config, prior);
  const whole: ObjectValue = { ...most, targets: targetsOf(prior, most, wanted, context) };
  await warnOfObstacles(what, workOfPlan(prior, whole, wanted), where, context);
  return { planned: whole, ...remembered };
}

/** The targets as they stand after the apply, as far as that is known now. */
function targetsOf(
  prior: ObjectValue | null,
  planned: ObjectValue,
  { keys, isFixed }: Wanted,
  { provider }: TypeContext<ConfiguredProvider>,
): Value {
  if (!isFixed || provider.cluster.unknown !== undefined) return UNKNOWN;
  const isWritten = prior === null || isRewritten(prior, planned);
  const targets = (prior?.targets ?? null) as unknown as Targets | null;
  const isKept = (key: string) => !isWritten && statusIn(targets, key) === "in_sync";
  return toPlan(keys, planned.on_refused === "skip", isKept);
}

function created(planned: ObjectValue): ObjectValue {
  return { ...planned, instance: UNKNOWN, cluster: UNKNOWN, fingerprint: UNKNOWN };
}

async function updated(
  {
    config,
    prior,
    privateData,
  }: { readonly config: ObjectValue; readonly prior: ObjectValue; readonly privateData: PrivateData },
  planned: ObjectValue,
  copies: SourceLogins,
  context: TypeContext<ConfiguredProvider>,
): Promise<ObjectValue> {
  const state = asState(prior);
  const subject = { what: describePullSecret(state.name), targets: Object.keys(state.targets ?? {}) };
  const cluster = await planCluster(context.provider, { cluster: state.cluster, privateData }, subject, context);
  const fingerprint = await planFingerprint({ config, prior, privateData }, copies, context);
  const whole: ObjectValue = { ...planned, cluster, fingerprint };
  const registries = isUnknown(fingerprint)
    ? "configured otherwise than the Secrets hold"
    : "a Secret tells neither where a password comes from or that it is copied, nor an entry without a credential, nor entries of one login apart, nor their order";
  const content = isUnknown(fingerprint)
    ? "What the configured registries give differs from what the Secrets hold, or is not known before the apply: they are written in place."
    : "What the configured registries give is what the Secrets hold: their content stays.";
  const untold = changedAfterImport(subject.what, { prior, planned: whole, privateData }, { registries, ...UNTOLD }, content);
  if (untold !== undefined) context.report(untold);
  return whole;
}

function claimSecrets(name: Value, namespaces: readonly string[], claimant: string | null, { claims }: ConfiguredProvider): void {
  if (typeof name !== "string") return;
  const taken = namespaces.filter((namespace) => !claims.claim(`Secret ${namespace}/${name}`, claimant));
  if (taken.length === 0) return;
  throw DiagnosticError.at(
    ["name"],
    "Two pull secrets write one Secret",
    `Another registry_pull_secret of this configuration also writes the Secret ${JSON.stringify(name)} in these namespaces: ${listed(taken)}. ` +
      "They would take it from each other at every apply. Give one of them another name, or make one resource of the two: registries and namespaces take several.",
  );
}
