import type { TokenStatus } from "../../../domain/target";
import { tokenStatus } from "../../../domain/token-status";
import type { IssuedCredential } from "../../../issuers";
import { asClaimant, claimantOf } from "../../configured/claims";
import type { ConfiguredProvider } from "../../configured/provider";
import type { PlanRequest, PlanResult, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue, textOf, UNKNOWN, type Value } from "../../framework/value";
import { changedAfterImport, IN_CONFIGURATION, withoutImport } from "../placement/import-report";
import { asState, sentenceCase, wordsOf } from "./model";
import type { CredentialState, CredentialType } from "./type";

/** Why what an import read may be another thing than what is configured. */
const UNTOLD = {
  renew_before_seconds: IN_CONFIGURATION,
  revoke_on_destroy: "the mark tells how the token was issued, and one that was issued by hand has none",
  timeouts: IN_CONFIGURATION,
};

/** What only the issuer knows of any credential. */
const ISSUED = ["id", "credential_id", "hosts", "username", "expires_at", "issued_at", "number", "nonce"] as const;

/**
 * Plans a new credential where there is none, or where the one there is can't be used for long. The reason stands in the plan: a
 * changed `status`, or a changed `renew_before_seconds`.
 * @throws DiagnosticError where another credential of this configuration has the same name
 */
export async function plan<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  request: PlanRequest,
  context: TypeContext<ConfiguredProvider>,
): Promise<PlanResult> {
  const claimant = claimantOf(request, "id");
  claimName(type, request.config, claimant, context.provider);
  // A replacement is planned with the private data of what it replaces, and was not imported.
  const privateData = request.prior === null ? withoutImport(request.privateData) : request.privateData;
  return { ...(await planCredential(type, request, context)), privateData: asClaimant(privateData, claimant) };
}

async function planCredential<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  { config, prior, proposed, privateData }: PlanRequest,
  { provider, report }: TypeContext<ConfiguredProvider>,
): Promise<PlanResult> {
  const known = await foresee(type, config, provider);
  const anew: ObjectValue = {
    ...proposed,
    ...Object.fromEntries([...ISSUED, ...(type.issued ?? [])].map((name) => [name, UNKNOWN])),
    ...known,
    status: known === undefined ? UNKNOWN : "active",
  };
  if (prior === null) return { planned: anew };

  const now = provider.runtime.clock();
  const status = currentStatus(prior, proposed.renew_before_seconds ?? null, now);
  if (status === "active") {
    const planned: ObjectValue = { ...proposed, status };
    const untold = changedAfterImport(
      `The ${wordsOf(type).credential} ${JSON.stringify(textOf(prior.id))}`,
      { prior, planned, privateData },
      { ...UNTOLD, ...type.untold },
      "It stays as it is at its issuer.",
    );
    if (untold !== undefined) report(untold);
    return { planned, inPlace: learnt(asState(prior), config) };
  }
  if (prior.status !== "active") return { planned: { ...anew, status: "active" }, requiresReplace: [["status"]] };
  if (currentStatus(prior, prior.renew_before_seconds ?? null, now) === "active") {
    return { planned: anew, requiresReplace: [["renew_before_seconds"]] };
  }
  // The state, not refreshed, still says "active". Only a change is a reason to replace, so it is planned unknown; Terraform shows none.
  report(timeWentBy(type, status, asState(prior)));
  return { planned: { ...anew, status: UNKNOWN }, requiresReplace: [["status"]] };
}

/** What one that was issued by hand, and imported, takes from the configuration: it has no mark, and its description can't be changed. */
function learnt({ number }: CredentialState, config: ObjectValue): readonly string[] {
  return number === null ? ["name", ...(config.description === null ? ["description"] : [])] : [];
}

function timeWentBy<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  status: TokenStatus,
  { credential_id: id, expires_at: expiresAt }: CredentialState,
): Diagnostic {
  const { credential } = wordsOf(type);
  return {
    severity: "warning",
    summary: `${sentenceCase(credential)} is planned anew`,
    detail: `The state, which was not refreshed, says that the ${credential} ${JSON.stringify(id)} is active; by now it is ${status}, since it expires at ${expiresAt}.`,
    path: ["status"],
  };
}

/** What follows from the configuration; undefined where the issuer is not known yet. It is made, and with it its settings checked, but not contacted. */
async function foresee<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  config: ObjectValue,
  provider: ConfiguredProvider,
): Promise<ObjectValue | undefined> {
  const name: Value = config.issuer ?? null;
  const { issuers } = provider;
  if (typeof name !== "string" || issuers.names === undefined) return undefined;
  issuers.check(name, type.kind, ["issuer"]);
  if (!issuers.isKnown(name) || (type.scope ?? []).some((attribute) => isUnknown(config[attribute]))) return undefined;
  return type.foresee(await type.open(config, provider), config, provider);
}

/** The status now: what the refresh found, and what the clock says since. */
function currentStatus(prior: ObjectValue, renewBefore: Value, now: Date): TokenStatus {
  const { status, expires_at: expiresAt } = asState(prior);
  if (status !== "active" && status !== "renewal_due" && status !== null) return status as TokenStatus;
  const facts = { revoked: false, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
  return tokenStatus(facts, typeof renewBefore === "number" ? renewBefore : null, now);
}

/** Two of one name would take each other for what a crash left, and revoke it. */
function claimName<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  config: ObjectValue,
  claimant: string | null,
  { claims, owner }: ConfiguredProvider,
): void {
  const { name } = config;
  const places = ["issuer", ...(type.scope ?? [])].map((attribute) => config[attribute]);
  if (places.some((place) => typeof place !== "string") || typeof name !== "string" || isUnknown(owner)) return;
  const { credential, credentials } = wordsOf(type);
  if (claims.claim(`${credential} ${places.join("/")}/${owner}/${name}`, claimant)) return;
  const { issuer } = config;
  throw DiagnosticError.at(
    ["name"],
    `Two ${credentials} of one name`,
    `Another ${type.schema.name} of this configuration is called ${JSON.stringify(name)} too, at issuer ${JSON.stringify(issuer)} and with owner ${JSON.stringify(owner)}. ` +
      `One of them would revoke the other when it is destroyed or replaced. Give one of them another name, or use one ${credential} for both.`,
  );
}
