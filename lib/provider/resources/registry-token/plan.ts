import type { TokenStatus } from "../../../domain/target";
import { tokenStatus } from "../../../domain/token-status";
import { asClaimant, claimantOf } from "../../configured/claims";
import { noSuchIssuer } from "../../configured/issuers";
import type { ConfiguredProvider } from "../../configured/provider";
import type { PlanRequest, PlanResult, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue, textOf, UNKNOWN, type Value } from "../../framework/value";
import { changedAfterImport, IN_CONFIGURATION, withoutImport } from "../placement/import-report";
import { asState, type TokenState } from "./model";

/** Why what an import read may be another thing than what is configured. */
const UNTOLD = {
  renew_before_seconds: IN_CONFIGURATION,
  revoke_on_destroy: "the mark tells how the token was issued, and one that was issued by hand has none",
  timeouts: IN_CONFIGURATION,
};

const ISSUER_UNTOUCHED = "The token stays as it is.";

/** What only the issuer knows. */
const ISSUED = ["id", "credential_id", "expires_at", "issued_at", "number", "nonce"] as const;

/**
 * Plans a new token where there is none, or where the one there is can't be used for long. The reason stands in the plan: a changed
 * `status`, or a changed `renew_before_seconds`.
 * @throws DiagnosticError where another token of this configuration has the same name
 */
export async function plan(request: PlanRequest, context: TypeContext<ConfiguredProvider>): Promise<PlanResult> {
  const claimant = claimantOf(request, "id");
  claimName(request.config, claimant, context.provider);
  // A replacement is planned with the private data of what it replaces, and was not imported.
  const privateData = request.prior === null ? withoutImport(request.privateData) : request.privateData;
  return { ...(await planToken(request, context)), privateData: asClaimant(privateData, claimant) };
}

async function planToken(
  { config, prior, proposed, privateData }: PlanRequest,
  { provider, report }: TypeContext<ConfiguredProvider>,
): Promise<PlanResult> {
  const known = await issuerFacts(config.issuer ?? null, provider);
  const anew: ObjectValue = {
    ...proposed,
    ...Object.fromEntries(ISSUED.map((name) => [name, UNKNOWN])),
    ...known,
    status: isUnknown(known.hosts) ? UNKNOWN : "active",
  };
  if (prior === null) return { planned: anew };

  const now = provider.runtime.clock();
  const status = currentStatus(prior, proposed.renew_before_seconds ?? null, now);
  if (status === "active") {
    const planned: ObjectValue = { ...proposed, status };
    const untold = changedAfterImport(
      `Registry token ${JSON.stringify(textOf(prior.id))}`,
      { prior, planned, privateData },
      UNTOLD,
      ISSUER_UNTOUCHED,
    );
    if (untold !== undefined) report(untold);
    return { planned, inPlace: learnt(asState(prior), config) };
  }
  if (prior.status !== "active") return { planned: { ...anew, status: "active" }, requiresReplace: [["status"]] };
  if (currentStatus(prior, prior.renew_before_seconds ?? null, now) === "active") {
    return { planned: anew, requiresReplace: [["renew_before_seconds"]] };
  }
  // The state, not refreshed, still says "active". Only a change is a reason to replace, so it is planned unknown; Terraform shows none.
  report(timeWentBy(status, asState(prior)));
  return { planned: { ...anew, status: UNKNOWN }, requiresReplace: [["status"]] };
}

/** What one that was issued by hand, and imported, takes from the configuration: it has no mark, and its description can't be changed. */
function learnt({ number }: TokenState, config: ObjectValue): readonly string[] {
  return number === null ? ["name", ...(config.description === null ? ["description"] : [])] : [];
}

function timeWentBy(status: TokenStatus, { credential_id: id, expires_at: expiresAt }: TokenState): Diagnostic {
  return {
    severity: "warning",
    summary: "Registry token is planned anew",
    detail: `The state, which was not refreshed, says that the registry token ${JSON.stringify(id)} is active; by now it is ${status}, since it expires at ${expiresAt}.`,
    path: ["status"],
  };
}

/** Hosts and user name follow from the configuration. The issuer is made, and with it its settings checked, but not contacted. */
async function issuerFacts(
  name: Value,
  { issuers }: ConfiguredProvider,
): Promise<{ readonly hosts: Value; readonly username: Value }> {
  const unknown: { readonly hosts: Value; readonly username: Value } = { hosts: UNKNOWN, username: UNKNOWN };
  if (typeof name !== "string" || issuers.names === undefined) return unknown;
  if (!issuers.names.includes(name)) throw noSuchIssuer(name, issuers.names, ["issuer"]);
  if (!issuers.isKnown(name)) return unknown;
  const { hosts, username } = await issuers.get(name, ["issuer"]);
  return { hosts, username };
}

/** The status now: what the refresh found, and what the clock says since. */
function currentStatus(prior: ObjectValue, renewBefore: Value, now: Date): TokenStatus {
  const { status, expires_at: expiresAt } = asState(prior);
  if (status === "revoked" || status === "deleted" || status === "expired") return status;
  const facts = { revoked: false, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
  return tokenStatus(facts, typeof renewBefore === "number" ? renewBefore : null, now);
}

/** Two of one name would take each other for what a crash left, and revoke it. */
function claimName(config: ObjectValue, claimant: string | null, { claims, owner }: ConfiguredProvider): void {
  const { issuer, name } = config;
  if (typeof issuer !== "string" || typeof name !== "string" || isUnknown(owner)) return;
  if (claims.claim(`registry token ${issuer}/${owner}/${name}`, claimant)) return;
  throw DiagnosticError.at(
    ["name"],
    "Two registry tokens of one name",
    `Another registry_token of this configuration is called ${JSON.stringify(name)} too, at issuer ${JSON.stringify(issuer)} and with owner ${JSON.stringify(owner)}. ` +
      "One of them would revoke the other when it is destroyed or replaced. Give one of them another name, or use one token for both.",
  );
}
