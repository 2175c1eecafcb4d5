import type { HorizonClient, Published } from "../../../clients/horizon/types";
import { differences } from "../../../domain/horizon/differences";
import { signaturesOf, withoutSignatures } from "../../../domain/horizon/publication";
import type { PrivateData } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import type { PublicationKind } from "./kind";
import { describe, marksOf, type PublicationState, publishedOf } from "./model";
import { isSignedByAll } from "./signing";

/** A login that the exchange replaces by the user whose API key it is. */
const BY_API_KEY = /\/(iamapikey|apikey|token)$/;

/** Private data that says as whom it was published. */
export function asOwned(privateData: PrivateData, owner: string | undefined): NonNullable<PrivateData> {
  return { ...privateData, ...(owner === undefined ? {} : { owner }) };
}

/** As whom it was published, as far as that is remembered. */
function ownerOf(privateData: PrivateData): string | undefined {
  return typeof privateData?.owner === "string" ? privateData.owner : undefined;
}

/** What the exchange calls this login: it owns what this login publishes. */
export async function ownLogin(client: HorizonClient, signal: AbortSignal): Promise<string> {
  return BY_API_KEY.test(client.user) ? (await client.login(signal)).id : client.user;
}

/** Whether it belongs to this login; undefined where the exchange does not tell. */
export async function isOwn(found: Published, client: HorizonClient, signal: AbortSignal): Promise<boolean | undefined> {
  if (typeof found.owner !== "string" || found.owner === "") return undefined;
  return found.owner === (await ownLogin(client, signal));
}

/** Whose what the exchange has is, for a resource that published under its id. */
export type Ownership = "ours" | "republished" | "foreign";

/**
 * Judges by the signatures that this resource made, which no other publication has; by the owner that the exchange names; and, where it
 * names none, by our key. What says the same, signed by the same key but anew, is what another create published: a successor, or another
 * stack. Any other content of our own login's is what a killed run of this resource left, or a drift of it.
 */
export async function judge(
  found: Published,
  state: PublicationState,
  privateData: PrivateData,
  client: HorizonClient,
  signal: AbortSignal,
): Promise<Ownership> {
  const own = publishedOf(state.published);
  const marks = marksOf(found);
  if (marks !== "" && marks === marksOf(own)) return "ours";
  const isSigned = signaturesOf(found).length > 0 && isSignedByAll(found, state.public_key ?? "");
  if (isSigned && differences(withoutSignatures(own) as object, withoutSignatures(found) as object).length === 0)
    return "republished";
  const owner = ownerOf(privateData);
  const isLogins = (owner !== undefined && found.owner === owner) || (await isOwn(found, client, signal));
  return (isLogins ?? isSigned) ? "ours" : "foreign";
}

/**
 * A user sees what is his own or public, and all else is "not found": that is no sign that it is gone.
 * @throws DiagnosticError where it was published as another user, and this login would not see it
 */
export async function requireSight(
  kind: PublicationKind,
  { id }: PublicationState,
  privateData: PrivateData,
  client: HorizonClient,
  signal: AbortSignal,
): Promise<void> {
  const owner = ownerOf(privateData);
  if (owner === undefined || owner === client.user) return;
  const login = await client.login(signal);
  if (login.id === owner || login.isAdmin) return;
  throw DiagnosticError.at(
    ["definition"],
    "Not to be seen by this login",
    `${describe(kind, id)} was published as ${JSON.stringify(owner)}. The exchange does not show it to ${JSON.stringify(login.id)}, which sees only what is its own or public: whether it is gone can't be told, and nothing was changed. Log in as ${JSON.stringify(owner)} or as an administrator of the organization (user_auth, HZN_EXCHANGE_USER_AUTH); where it is gone for good, take it out of the state (terraform state rm).`,
  );
}
