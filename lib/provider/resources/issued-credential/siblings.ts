import { areSiblings, parseTokenMark, type TokenMark } from "../../../domain/token-mark";
import type { IssuedCredential, Issuer } from "../../../issuers";
import type { Diagnostic } from "../../framework/diagnostic";
import { listed } from "../placement/report";
import { wordsOf } from "./model";
import type { CredentialType } from "./type";

/** Older credentials of the same owner and name, which go when this one goes. Without those that were issued to live on. */
export function lowerSiblings<I extends IssuedCredential>(own: I, items: readonly I[]): readonly I[] {
  const mark = parseTokenMark(own.description);
  if (mark === undefined) return [];
  return items.filter((item) => {
    const other = parseTokenMark(item.description);
    return other !== undefined && !other.keep && areSiblings(other, mark) && other.number < mark.number;
  });
}

/** Says at refresh which other tokens a destroy or a rotation will revoke with this one; undefined where there are none that live. */
export function olderOnes<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  own: I,
  items: readonly I[],
  issuer: Issuer,
  now: Date,
): Diagnostic | undefined {
  const { credential, credentials } = wordsOf(type);
  const living = lowerSiblings(own, items).filter((item) => isLiving(item, now));
  if (living.length === 0) return undefined;
  return {
    severity: "warning",
    summary: `Older ${credentials} live`,
    detail:
      `At issuer ${JSON.stringify(issuer.name)}, ${describe(own, living, credentials)} are good as well. They go together with the ${credential} of this state, when it is rotated or destroyed: ` +
      "that is how what a killed run left is cleaned up. " +
      "Where another state has this owner and this name, its own is among them, and its Secrets stop pulling then: an owner belongs to one state. Give one of the two another owner.",
    path: ["number"],
  };
}

/** Said by a destroy that revoked more than its own. */
export function alsoRevoked<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
  own: I,
  revoked: readonly I[],
  issuer: Issuer,
): Diagnostic | undefined {
  const { credentials } = wordsOf(type);
  if (revoked.length === 0) return undefined;
  return {
    severity: "warning",
    summary: `Older ${credentials} were revoked too`,
    detail:
      `At issuer ${JSON.stringify(issuer.name)}, with ${JSON.stringify(own.id)}: ${describe(own, revoked, credentials)}. They were taken for what killed runs left. ` +
      "Where another state has this owner and this name, its own is among them: apply there, and it gets another. An owner belongs to one state.",
  };
}

function isLiving({ revoked, fault, expiresAt }: IssuedCredential, now: Date): boolean {
  return !revoked && fault !== "deleted" && (expiresAt === null || expiresAt.getTime() > now.getTime());
}

function describe(own: IssuedCredential, items: readonly IssuedCredential[], credentials: string): string {
  const { owner, name } = parseTokenMark(own.description) as TokenMark;
  const each = items.map(({ id, description, fault }) => {
    const bare = fault === "deleted" ? ", without a credential" : "";
    return `${id} (number ${parseTokenMark(description)?.number}${bare})`;
  });
  return `older ${credentials} of owner ${JSON.stringify(owner)} and name ${JSON.stringify(name)} (${listed(each)})`;
}
