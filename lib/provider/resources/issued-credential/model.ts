import { ClientError } from "../../../clients/client-error";
import { sentence } from "../../../clients/sentence";
import { formatCredentialId } from "../../../domain/credential-id";
import { ISSUER_KINDS, type IssuerKindFacts } from "../../../domain/issuer-kind";
import type { Path } from "../../../domain/problem";
import { formatTime } from "../../../domain/token-status";
import type { IssuedCredential, Issuer } from "../../../issuers";
import { during } from "../../client-diagnostics";
import type { Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import type { CredentialState, CredentialType, OpenedStore } from "./type";

/** A value that is wholly known, as a state. */
export function asState(value: ObjectValue): CredentialState {
  return value as unknown as CredentialState;
}

/** What messages call the credentials of a type. */
export function wordsOf<R, I extends IssuedCredential>({ kind }: CredentialType<R, I>): IssuerKindFacts {
  return ISSUER_KINDS[kind];
}

/** "a registry token", "an API key". */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}

/** With a capital at its beginning. */
export function sentenceCase(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** What identifies a credential, and how long it lasts. */
export function identityOf(
  item: IssuedCredential,
  issuer: Pick<Issuer, "name">,
): ObjectValue & { readonly credential_id: string } {
  return {
    credential_id: formatCredentialId({ issuer: issuer.name, id: item.id }),
    expires_at: item.expiresAt === null ? null : formatTime(item.expiresAt),
  };
}

/** What else the issuer says of a credential, or of where it is good for. */
export function exportedBy<R, I extends IssuedCredential>(
  { kind }: Pick<CredentialType<R, I>, "kind">,
  work: () => Promise<ObjectValue>,
  path: Path = ["issuer"],
): Promise<ObjectValue> {
  return during({ what: `What the ${ISSUER_KINDS[kind].credential} is good for could not be read`, path }, work);
}

/**
 * The same at a refresh: a credential is revoked without it, so who may not read it any more is warned, and what the state says stays.
 * Every other failure is an error.
 */
export function refreshedBy<R, I extends IssuedCredential>(
  type: Pick<CredentialType<R, I>, "kind">,
  work: () => Promise<ObjectValue>,
  report: (warning: Diagnostic) => void,
): Promise<ObjectValue> {
  return exportedBy(type, async () => {
    try {
      return await work();
    } catch (error) {
      if (!ClientError.is(error, "forbidden")) throw error;
      report(stays(ISSUER_KINDS[type.kind].credential, error));
      return {};
    }
  });
}

function stays(credential: string, { message }: ClientError): Diagnostic {
  return {
    severity: "warning",
    summary: "Registry hosts may not be read",
    detail: `What the ${credential} is good for may not be read: ${sentence(message)} It stays in the state as it was, and a destroy works without it.`,
    path: ["issuer"],
  };
}

/** The issuer's list; a failure says what it was read for, and is never "no such credential". */
export function listCredentials<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  { store }: OpenedStore<R, I>,
  path: Path,
  signal: AbortSignal,
): Promise<readonly I[]> {
  return during({ what: `The list of ${wordsOf(type).credentials} could not be read`, path }, () => store.list(signal));
}
