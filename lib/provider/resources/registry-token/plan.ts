import type { TokenStatus } from "../../../domain/target";
import { tokenStatus } from "../../../domain/token-status";
import type { ConfiguredProvider } from "../../configured-provider";
import { noSuchIssuer } from "../../configured-provider";
import type { PlanRequest, PlanResult, TypeContext } from "../../framework/definition";
import { isUnknown, type ObjectValue, UNKNOWN, type Value } from "../../framework/value";
import { asState } from "./model";

/** What only the issuer knows. */
const ISSUED = ["id", "credential_id", "expires_at", "issued_at", "number", "nonce"] as const;

/** Plans a new token where there is none, or where the one there is can't be used for long: the reason is the change of `status`. */
export async function plan(
  { config, prior, proposed }: PlanRequest,
  { provider }: TypeContext<ConfiguredProvider>,
): Promise<PlanResult> {
  const known = await issuerFacts(config.issuer ?? null, provider);
  const anew: ObjectValue = {
    ...proposed,
    ...Object.fromEntries(ISSUED.map((name) => [name, UNKNOWN])),
    ...known,
    status: isUnknown(known.hosts) ? UNKNOWN : "active",
  };
  if (prior === null) return { planned: anew };

  const status = currentStatus(prior, proposed.renew_before_seconds ?? null, provider.runtime.clock());
  if (status === "active") return { planned: { ...proposed, status } };
  // Planned unknown where the state still says "active" (no refresh, or time went by): only a change gives a reason to replace.
  return { planned: { ...anew, status: prior.status === "active" ? UNKNOWN : "active" }, requiresReplace: [["status"]] };
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
