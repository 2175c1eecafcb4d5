import { areSiblings, parseTokenMark, type TokenMark } from "../../../domain/token-mark";
import type { IssuedToken, Issuer } from "../../../issuers";
import type { Diagnostic } from "../../framework/diagnostic";
import { listed } from "../placement/report";

/** Older tokens of the same owner and name, which go when this one goes. Without those that were issued to live on. */
export function lowerSiblings(own: IssuedToken, tokens: readonly IssuedToken[]): readonly IssuedToken[] {
  const mark = parseTokenMark(own.description);
  if (mark === undefined) return [];
  return tokens.filter((token) => {
    const other = parseTokenMark(token.description);
    return other !== undefined && !other.keep && areSiblings(other, mark) && other.number < mark.number;
  });
}

/** Says at refresh which other tokens a destroy or a rotation will revoke with this one; undefined where there are none that live. */
export function olderOnes(own: IssuedToken, tokens: readonly IssuedToken[], issuer: Issuer, now: Date): Diagnostic | undefined {
  const living = lowerSiblings(own, tokens).filter((token) => isLiving(token, now));
  if (living.length === 0) return undefined;
  return {
    severity: "warning",
    summary: "Older registry tokens live",
    detail:
      `At issuer ${JSON.stringify(issuer.name)}, ${describe(own, living)} are good as well. They go together with the token of this state, when it is rotated or destroyed: ` +
      "that is how what a killed run left is cleaned up. " +
      "Where another state has this owner and this name, its token is among them, and its Secrets stop pulling then: an owner belongs to one state. Give one of the two another owner.",
    path: ["number"],
  };
}

/** Said by a destroy that revoked more than its own. */
export function alsoRevoked(own: IssuedToken, revoked: readonly IssuedToken[], issuer: Issuer): Diagnostic | undefined {
  if (revoked.length === 0) return undefined;
  return {
    severity: "warning",
    summary: "Older registry tokens were revoked too",
    detail:
      `At issuer ${JSON.stringify(issuer.name)}, with ${JSON.stringify(own.id)}: ${describe(own, revoked)}. They were taken for what killed runs left. ` +
      "Where another state has this owner and this name, its token is among them: apply there, and it gets another. An owner belongs to one state.",
  };
}

function isLiving({ revoked, expiresAt }: IssuedToken, now: Date): boolean {
  return !revoked && (expiresAt === null || expiresAt.getTime() > now.getTime());
}

function describe(own: IssuedToken, tokens: readonly IssuedToken[]): string {
  const { owner, name } = parseTokenMark(own.description) as TokenMark;
  const each = tokens.map(({ id, description }) => `${id} (number ${parseTokenMark(description)?.number})`);
  return `older tokens of owner ${JSON.stringify(owner)} and name ${JSON.stringify(name)} (${listed(each)})`;
}
