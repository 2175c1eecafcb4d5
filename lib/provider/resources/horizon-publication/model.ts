import type { HorizonClient, Published } from "../../../clients/horizon/types";
import { type Definition, isFaulty, ORG_VARIABLE, otherOrg, readDefinition } from "../../../domain/horizon/definition";
import { parsePublished, signaturesOf } from "../../../domain/horizon/publication";
import { toProblems } from "../../../schema/horizon/publishing";
import { DiagnosticError } from "../../framework/diagnostic";
import { isWhollyKnown, type ObjectValue, textOf, type Value } from "../../framework/value";
import type { PublicationKind } from "./kind";

/** Where the exchange's address stands, for who does not find anybody there. */
export const ADDRESS = "exchange_url of the provider's horizon (HZN_EXCHANGE_URL)";

/** What the state of every publication has. */
export interface PublicationState {
  readonly id: string;
  readonly definition: string;
  readonly org: string | null;
  readonly public_key: string | null;
  readonly key_name: string | null;
  readonly adopt_existing: boolean | null;
  readonly status: string | null;
  readonly published: string | null;
}

/** A value that is wholly known, as a state. */
export function asState(value: ObjectValue): PublicationState {
  return value as unknown as PublicationState;
}

/** The exchange's id, out of the resource's: `<organization>/<id>`. */
export function nativeId({ id }: Pick<PublicationState, "id">): string {
  return id.slice(id.indexOf("/") + 1);
}

/** Says what the resource is about. */
export function describe({ noun }: PublicationKind, id: string): string {
  return `The ${noun} ${JSON.stringify(id)}`;
}

/**
 * The definition with its variables replaced. Undefined where something of it is not known yet.
 * @throws DiagnosticError where it is not right, or for another organization
 */
export function definitionOf(kind: PublicationKind, config: ObjectValue, org: string): Definition | undefined {
  const { definition, variables = null } = config;
  if (typeof definition !== "string" || !isWhollyKnown(variables)) return undefined;
  const values = { [ORG_VARIABLE]: org, ...((variables ?? {}) as { readonly [name: string]: string }) };
  const read = readDefinition(definition, values);
  if (isFaulty(read)) throw DiagnosticError.of(toProblems(read));
  const other = otherOrg(read, org);
  const faults = [...(other === undefined ? [] : [other]), ...kind.check(read)];
  if (faults.length > 0) throw DiagnosticError.of(toProblems(faults));
  return read;
}

/** Tells what one run wrote apart. */
export function placeOf({ noun }: PublicationKind, id: string): string {
  return `${noun} ${id}`;
}

/** Says to whom a publication belongs. */
export function whose(found: Published): string {
  return typeof found.owner === "string" ? `it belongs to ${JSON.stringify(found.owner)}` : "its owner is not told";
}

/** What a state says was published. @throws Error, a bug or a damaged state, where it says nothing that can be read */
export function publishedOf(value: Value | undefined): Definition {
  const found = parsePublished(textOf(value));
  if (found === undefined) throw new Error("what was published is no JSON object");
  return found;
}

/** Its signatures in one text: no two publications have the same, so they tell whose one is. */
export function marksOf(published: Definition): string {
  return signaturesOf(published)
    .map(({ signature }) => signature)
    .join(" ");
}

/** The organization stands in the state: what it names is another's elsewhere. @throws DiagnosticError where the provider's is another */
export function requireOrg(state: PublicationState, client: HorizonClient, kind: PublicationKind): void {
  if (state.org === null || state.org === client.org) return;
  throw DiagnosticError.at(
    undefined,
    "Another organization",
    `${describe(kind, state.id)} is in organization ${JSON.stringify(state.org)}, and the provider's horizon is for ${JSON.stringify(client.org)}. Nothing was read or written there. Lead the provider back (org, HZN_ORG_ID), or make the resource anew (terraform state rm).`,
  );
}
