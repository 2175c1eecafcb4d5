import { formatTokenDescription, NONCE_BYTES, nextNumber, parseTokenMark, type TokenMark } from "../../../domain/token-mark";
import { formatTime, tokenStatus } from "../../../domain/token-status";
import type { IssuedCredential } from "../../../issuers";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { endingAfter, persist, within } from "../../deadline";
import type { ApplyResult, Logger, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { ownerOf } from "../placement/cluster";
import { asState, exportedBy, identityOf, listCredentials, sentenceCase, withArticle, wordsOf } from "./model";
import type { CredentialType, OpenedStore } from "./type";

/** Taking back a token that is in no state has a time of its own: the caller's signal may be what it follows (Ctrl-C). */
const ROLL_BACK_MILLISECONDS = 30_000;

/** Issues a credential. One that was left by a crash is never picked up: a predecessor's destroy would revoke it a moment later. */
export async function create<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  planned: ObjectValue,
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  return within(type.schema, planned, "create", caller, async (signal) => {
    const plan = asState(planned);
    const opened = await type.open(planned, provider);
    const listed = await listCredentials(type, opened, ["issuer"], signal);
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
      const request = { ...type.request(planned, provider), description: formatTokenDescription(plan.description, mark) };
      const what = `No ${wordsOf(type).credential} was issued`;
      const item = await opened.store
        .issue(request, signal)
        .catch((error: unknown) => during({ what, path: type.blame?.(error) ?? ["issuer"] }, () => Promise.reject(error)));
      signal.throwIfAborted();
      const identity = identityOf(item, opened.issuer);
      const status = tokenStatus(item, plan.renew_before_seconds, runtime.clock());
      if (status !== "active") throw bornOld(type, item, plan.renew_before_seconds, status, runtime.clock());
      const issuedAt = formatTime(item.issuedAt ?? runtime.clock());
      const { number, nonce } = mark;
      const exported = { ...identity, ...(await exportedBy(type, () => type.export(item, opened, signal))) };
      return { state: { ...planned, ...exported, id: identity.credential_id, status, issued_at: issuedAt, number, nonce } };
    } catch (error) {
      const left = await takeBack(type, opened, mark, { log, random: runtime.random });
      if (left !== undefined) report(left);
      throw error;
    }
  });
}

/** Looks for what a failed create may have issued all the same, by its nonce, and revokes it. Returns a warning where it could not. */
async function takeBack<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  opened: OpenedStore<R, I>,
  { nonce }: TokenMark,
  { log, random }: { readonly log: Logger; readonly random: () => number },
): Promise<Diagnostic | undefined> {
  const { name } = opened.issuer;
  const { credential, listedBy } = wordsOf(type);
  try {
    const revoked = await endingAfter(ROLL_BACK_MILLISECONDS, (signal) =>
      persist(() => revokeByNonce(opened, nonce, signal), random, signal),
    );
    log.info("took back a create that failed", { issuer: name, revoked });
    return undefined;
  } catch (error) {
    log.warn("a create that failed could not be taken back", { issuer: name, nonce, error: String(error) });
    return {
      severity: "warning",
      summary: `${sentenceCase(withArticle(credential))} may be left`,
      detail: `The create failed, and whether issuer ${JSON.stringify(name)} issued one all the same could not be found out or undone. It is in no state. Look for one whose description holds "nonce=${nonce}" (${listedBy}), and revoke it; the destroy of a later one of this name does so as well.`,
      path: ["issuer"],
    };
  }
}

/** Returns how many there were. */
async function revokeByNonce({ store }: OpenedStore, nonce: string, signal: AbortSignal): Promise<number> {
  const own = (await store.list(signal)).filter((item) => !item.revoked && parseTokenMark(item.description)?.nonce === nonce);
  for (const { id } of own) await store.revoke(id, signal);
  return own.length;
}

function bornOld<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  { expiresAt }: I,
  renewBefore: number | null,
  status: string,
  now: Date,
): DiagnosticError {
  const { credential, credentials } = wordsOf(type);
  const expires = expiresAt === null ? "never expires" : `expires at ${formatTime(expiresAt)}`;
  if (status === "expired" || (renewBefore ?? 0) === 0) {
    return DiagnosticError.at(
      ["issuer"],
      "The clocks differ",
      `The issuer gave ${withArticle(credential)} that ${expires}, and by this machine's clock (${formatTime(now)}) it is ${status} already: every apply would issue another. It was revoked again. Set this machine's clock, or the issuer's.`,
    );
  }
  return DiagnosticError.at(
    ["renew_before_seconds"],
    `A new ${credential} would be due at once`,
    `The issuer gave ${withArticle(credential)} that ${expires}; with renew_before_seconds = ${renewBefore} it is ${status} already, and every apply would issue another. It was revoked again. Choose fewer seconds than the issuer's ${credentials} last.`,
  );
}
