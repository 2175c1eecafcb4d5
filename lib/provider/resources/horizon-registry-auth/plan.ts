import { horizonRegistryAuth } from "../../../schema/horizon/registry-auth";
import { asClaimant, claimantOf } from "../../configured/claims";
import type { ConfiguredProvider } from "../../configured/provider";
import { checkCredential } from "../../credential-entry";
import { within } from "../../deadline";
import type { PlanRequest, PlanResult, TypeContext } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue, UNKNOWN } from "../../framework/value";
import { changedAfterImport, IN_CONFIGURATION, withoutImport } from "../placement/import-report";
import { planFingerprint } from "./content";
import { asState, describe, entryOf } from "./model";

/** Why what an import read may be another thing than what is configured. */
const UNTOLD = {
  credential_id: "no issuer could confirm it",
  username: "with credential_id it is the issuer's",
  password_env: IN_CONFIGURATION,
  password_wo_version: IN_CONFIGURATION,
  adopt_existing: IN_CONFIGURATION,
  fingerprint: "the value changes",
  timeouts: IN_CONFIGURATION,
};

/**
 * Plans the credential in sync. What is edited or missing changes its `status`, so that a review sees why it is written.
 * @throws DiagnosticError where another resource of this configuration is for the same registry
 */
export async function plan(
  { config, prior, proposed, privateData }: PlanRequest,
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<PlanResult> {
  provider.horizon.check();
  checkCredential(entryOf(config), provider);
  const claimant = prior === null ? claimantOf({ prior, privateData }, "id") : String(prior.auth_id);
  claim(config, claimant, provider);
  const org = provider.horizon.org ?? UNKNOWN;
  const { service = null, registry = null } = config;
  const isPlaced = typeof service === "string" && typeof registry === "string" && !isUnknown(org);
  const planned: ObjectValue = {
    ...proposed,
    org,
    id: isPlaced ? `${org}/${service}/${registry}` : UNKNOWN,
    status: "in_sync",
  };
  if (prior === null) {
    const anew: ObjectValue = { ...planned, auth_id: UNKNOWN, fingerprint: UNKNOWN };
    return { planned: anew, privateData: asClaimant(withoutImport(privateData), claimant) };
  }
  const fingerprint = await within(horizonRegistryAuth, prior, "read", caller, (signal) =>
    planFingerprint({ config, prior, privateData }, provider, signal),
  );
  // What is missing gets another number.
  const authId = prior.status === "missing" ? UNKNOWN : (prior.auth_id ?? null);
  const whole: ObjectValue = { ...planned, fingerprint, auth_id: authId };
  const untold = changedAfterImport(describe(asState(prior)), { prior, planned: whole, privateData }, UNTOLD);
  if (untold !== undefined) report(untold);
  return {
    planned: whole,
    privateData: asClaimant(privateData, claimant),
    // Another organization is another place.
    requiresReplace: [["org"]],
  };
}

function claim({ service, registry }: ObjectValue, claimant: string | null, { claims }: ConfiguredProvider): void {
  if (typeof service !== "string" || typeof registry !== "string") return;
  if (claims.claim(`dockauth ${service}/${registry}`, claimant)) return;
  throw DiagnosticError.at(
    ["registry"],
    "Two credentials for one registry",
    `Another registry_horizon_registry_auth of this configuration is for service ${JSON.stringify(service)} and registry ${JSON.stringify(registry)} as well. Each would find the other's in its place: keep one of the two.`,
  );
}
