import { formatTokenDescription, NONCE_BYTES, nextNumber, parseTokenMark, type TokenMark } from "../../../domain/token-mark";
import { formatTime, tokenStatus } from "../../../domain/token-status";
import type { IssuedToken, Issuer } from "../../../issuers";
import { registryToken } from "../../../schema/registry-token";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { endingAfter, persist, within } from "../../deadline";
import type { ApplyResult, Logger, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { ownerOf } from "../placement/cluster";
import { asState, exportedOf, listTokens } from "./model";

/** Taking back a token that is in no state has a time of its own: the caller's signal may be what it follows (Ctrl-C). */
const ROLL_BACK_MILLISECONDS = 30_000;

/** Issues a token. One that was left by a crash is never picked up: a predecessor's destroy would revoke it a moment later. */
export async function create(
  { planned }: { readonly planned: ObjectValue },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  return within(registryToken, planned, "create", caller, async (signal) => {
    const plan = asState(planned);
    const issuer = await provider.issuers.get(plan.issuer, ["issuer"]);
    const listed = await listTokens(issuer, ["issuer"], signal);
    const sibling = { owner: ownerOf(provider), name: plan.name };
    const mark: TokenMark = {
      ...sibling,
      number: nextNumber(
        listed.map(({ description }) => description),
        sibling,
      ),
      keep: plan.revoke_on_destroy === false,
      nonce: provider.runtime.randomBytes(NONCE_BYTES).toString("hex"),
    };
    const { runtime } = provider;
    try {
      const token = await issue(issuer, formatTokenDescription(plan.description, mark), plan, signal);
      signal.throwIfAborted();
      const exported = exportedOf(token, issuer);
      const status = tokenStatus(token, plan.renew_before_seconds, runtime.clock());
      if (status !== "active") throw bornOld(token, plan.renew_before_seconds, status, runtime.clock());
      const issuedAt = formatTime(token.issuedAt ?? runtime.clock());
      const { number, nonce } = mark;
      return { state: { ...planned, ...exported, id: exported.credential_id, status, issued_at: issuedAt, number, nonce } };
    } catch (error) {
      const left = await takeBack(issuer, mark, { log, random: runtime.random });
      if (left !== undefined) report(left);
      throw error;
    }
  });
}

function issue(
  issuer: Issuer,
  description: string,
  plan: { readonly permanent: boolean | null; readonly read_only: boolean | null },
  signal: AbortSignal,
): Promise<IssuedToken> {
  const request = { description, permanent: plan.permanent ?? true, readOnly: plan.read_only ?? true };
  return during({ what: "No registry token was issued", path: ["issuer"] }, () => issuer.issue(request, signal));
}

/** Looks for what a failed create may have issued all the same, by its nonce, and revokes it. Returns a warning where it could not. */
async function takeBack(
  issuer: Issuer,
  { nonce }: TokenMark,
  { log, random }: { readonly log: Logger; readonly random: () => number },
): Promise<Diagnostic | undefined> {
  try {
    const revoked = await endingAfter(ROLL_BACK_MILLISECONDS, (signal) =>
      persist(() => revokeByNonce(issuer, nonce, signal), random, signal),
    );
    log.info("took back a create that failed", { issuer: issuer.name, revoked });
    return undefined;
  } catch (error) {
    log.warn("a create that failed could not be taken back", { issuer: issuer.name, nonce, error: String(error) });
    return {
      severity: "warning",
      summary: "A registry token may be left",
      detail: `The create failed, and whether issuer ${JSON.stringify(issuer.name)} issued a token all the same could not be found out or undone. It is in no state. Look for one whose description holds "nonce=${nonce}" (bx cr token-list), and revoke it; the destroy of a later token of this name does so as well.`,
      path: ["issuer"],
    };
  }
}

/** Returns how many there were. */
async function revokeByNonce(issuer: Issuer, nonce: string, signal: AbortSignal): Promise<number> {
  const own = (await issuer.list(signal)).filter((token) => !token.revoked && parseTokenMark(token.description)?.nonce === nonce);
  for (const { id } of own) await issuer.revoke(id, signal);
  return own.length;
}

function bornOld(token: IssuedToken, renewBefore: number | null, status: string, now: Date): DiagnosticError {
  const expires = token.expiresAt === null ? "never expires" : `expires at ${formatTime(token.expiresAt)}`;
  if (status === "expired" || (renewBefore ?? 0) === 0) {
    return DiagnosticError.at(
      ["issuer"],
      "The clocks differ",
      `The issuer gave a token that ${expires}, and by this machine's clock (${formatTime(now)}) it is ${status} already: every apply would issue another. It was revoked again. Set this machine's clock, or the issuer's.`,
    );
  }
  return DiagnosticError.at(
    ["renew_before_seconds"],
    "A new token would be due at once",
    `The issuer gave a token that ${expires}; with renew_before_seconds = ${renewBefore} it is ${status} already, and every apply would issue another. It was revoked again. Choose fewer seconds than the issuer's tokens last.`,
  );
}
