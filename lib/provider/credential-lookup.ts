import { ISSUER_KINDS, type IssuerKind } from "../domain/issuer-kind";
import { parseTokenMark } from "../domain/token-mark";
import { formatTime } from "../domain/token-status";
import type { IssuedCredential, Issuer } from "../issuers";
import { DiagnosticError } from "./framework/diagnostic";

/** More lines than this help nobody. */
const SHOWN = 20;

/** The credential of an id, revoked and expired ones too. @throws DiagnosticError that lists what there is */
export function findCredentialById<I extends IssuedCredential>(
  kind: IssuerKind,
  id: string,
  listed: readonly I[],
  issuer: Pick<Issuer, "name">,
): I {
  const found = listed.find((item) => item.id === id);
  if (found === undefined) throw noSingleMatch({ kind, issuer, attribute: "id", value: id, matches: [], listed });
  return found;
}

/** The error where not exactly one of the credentials that an issuer lists is the one that is asked for. */
export function noSingleMatch({
  kind,
  issuer,
  attribute,
  value,
  matches,
  listed,
}: {
  readonly kind: IssuerKind;
  readonly issuer: Pick<Issuer, "name">;
  readonly attribute: "id" | "description";
  readonly value: string;
  readonly matches: readonly IssuedCredential[];
  readonly listed: readonly IssuedCredential[];
}): DiagnosticError {
  const { credential, credentials } = ISSUER_KINDS[kind];
  const several = matches.length > 1;
  const shown = several ? matches : listed;
  const lines = shown.slice(0, SHOWN).map((item) => `  - ${describe(item)}`);
  const more = shown.length > SHOWN ? [`  and ${shown.length - SHOWN} more`] : [];
  const list = shown.length === 0 ? "It lists none at all." : [several ? "They are:" : "It lists:", ...lines, ...more].join("\n");
  const fault = several
    ? `Issuer ${JSON.stringify(issuer.name)} has ${matches.length} ${credentials} with the description ${JSON.stringify(value)}; one has to match. Choose one by id.`
    : `Issuer ${JSON.stringify(issuer.name)} has no ${attribute === "description" ? "usable " : ""}${credential} with the ${attribute} ${JSON.stringify(value)}.`;
  return DiagnosticError.at(
    [attribute],
    several ? `Several ${credentials} match` : `No ${credential} matches`,
    `${fault} ${list}`,
  );
}

function describe(item: IssuedCredential & { readonly readOnly?: boolean }): string {
  const isShort = parseTokenMark(item.description) === undefined || item.description.length < 200;
  return [
    `${item.id}: ${JSON.stringify(isShort ? item.description : `${item.description.slice(0, 200)}…`)}`,
    ...(item.readOnly === undefined ? [] : [item.readOnly ? "read-only" : "may push"]),
    item.expiresAt === null ? "permanent" : `expires ${formatTime(item.expiresAt)}`,
    ...(item.revoked ? ["revoked"] : []),
  ].join(", ");
}
