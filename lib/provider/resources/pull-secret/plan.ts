import { asClaimant, claimantOf } from "../../configured/claims";
import type { ConfiguredProvider } from "../../configured/provider";
import type { PlanRequest, PlanResult, PrivateData, TypeContext } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue, textOf, UNKNOWN, type Value } from "../../framework/value";
import { changedAfterImport, IN_CONFIGURATION } from "../placement/import-report";
import { warnOfObstacles } from "../placement/permissions";
import { listed } from "../placement/report";
import { planCluster } from "../placement/take-on";
import { inSync, knownStrings, stringsIn } from "../placement/targets";
import { checkCredentials } from "./credentials";
import { asState, describePullSecret } from "./model";
import { workOfPlan } from "./needs";
import { planAdoption } from "./plan-adoption";
import { planFingerprint } from "./plan-fingerprint";

/** Why what an import read may be another thing than what is configured. `registries` is told apart by what becomes of the content. */
const UNTOLD = {
  namespaces: "the id named others",
  labels: "only those are read that this provider was the first to write, and from one Secret",
  annotations: "only those are read that this provider was the first to write, and from one Secret",
  fingerprint: "the content changes",
  adopt_existing: IN_CONFIGURATION,
  timeouts: IN_CONFIGURATION,
};

/**
 * Plans the targets that are wanted, all in sync; what is known is planned exactly, so that a review shows only what changes.
 * @throws DiagnosticError where another pull secret of this configuration writes the same Secret
 */
export async function plan(
  { config, prior, proposed, privateData }: PlanRequest,
  context: TypeContext<ConfiguredProvider>,
): Promise<PlanResult> {
  const { provider } = context;
  checkCredentials(config, provider);
  const { owner } = provider;
  const namespaces = knownStrings(config.namespaces);
  const claimant = claimantOf({ prior, privateData }, "instance");
  if (!isUnknown(namespaces)) claimSecrets(config.name ?? null, namespaces, claimant, provider);
  const planned: ObjectValue = {
    ...proposed,
    owner,
    id: isUnknown(owner) || isUnknown(config.name) ? UNKNOWN : `${owner}/${textOf(config.name)}`,
    targets: isUnknown(namespaces) || provider.cluster.unknown !== undefined ? UNKNOWN : (inSync(namespaces) as ObjectValue),
  };
  const adoption =
    config.adopt_existing === true
      ? await planAdoption({ config, prior, privateData }, stringsIn(config.namespaces).known, context)
      : {};
  const remembered = { privateData: { ...asClaimant(privateData, claimant), ...adoption } };
  const whole = prior === null ? created(planned) : await updated({ config, prior, privateData }, planned, context);
  const where = prior === null ? null : { cluster: asState(prior).cluster, privateData };
  await warnOfObstacles(
    typeof config.name === "string" ? describePullSecret(config.name) : "This pull secret",
    workOfPlan(prior, whole),
    where,
    context,
  );
  return { planned: whole, ...remembered };
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
  context: TypeContext<ConfiguredProvider>,
): Promise<ObjectValue> {
  const state = asState(prior);
  const subject = { what: describePullSecret(state.name), targets: Object.keys(state.targets ?? {}) };
  const cluster = await planCluster(context.provider, { cluster: state.cluster, privateData }, subject, context);
  const fingerprint = await planFingerprint({ config, prior, privateData }, context);
  const whole: ObjectValue = { ...planned, cluster, fingerprint };
  const registries = isUnknown(fingerprint)
    ? "configured otherwise than the Secrets hold"
    : "a Secret tells neither where a password comes from, nor an entry without a credential, nor entries of one login apart, nor their order";
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
