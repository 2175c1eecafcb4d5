import { ClientError } from "../../clients/client-error";
import type { CloudFoundryClient } from "../../clients/cloud-foundry";
import type { BluemixAccount } from "./settings";

/** The header that says whose registry tokens are meant. */
export type AccountHeader = { readonly organization: string } | { readonly account: string };

const SHOWN = 20;

/** Finds the organization's GUID where only its name is known. Throws ClientError("not_found") that lists what the login sees. */
export async function resolveAccount(
  api: CloudFoundryClient,
  account: BluemixAccount,
  signal: AbortSignal,
): Promise<AccountHeader> {
  if (account.kind === "account_id") return { account: account.id };
  if (account.kind === "organization_guid") return { organization: account.guid };
  const found = await api.findOrganization(account.name, signal);
  if (found !== undefined) return { organization: found.guid };
  const visible = (await api.listOrganizations(signal)).map(({ name }) => name).sort();
  throw new ClientError(
    "not_found",
    `${api.endpoint} shows this login no organization ${JSON.stringify(account.name)}. ${advice(account.name, visible)}`,
  );
}

function advice(name: string, visible: readonly string[]): string {
  if (visible.length === 0) return "It sees no organization at all: have the user added to it, or log in as another.";
  const sameButCase = visible.find((other) => other.toLowerCase() === name.toLowerCase());
  const list = visible
    .slice(0, SHOWN)
    .map((other) => JSON.stringify(other))
    .join(", ");
  const more = visible.length > SHOWN ? ` and ${visible.length - SHOWN} more` : "";
  const hint =
    sameButCase === undefined
      ? "Set organization (environment variable BLUEMIX_ORG) to one of these"
      : `Write organization = ${JSON.stringify(sameButCase)}`;
  return `It sees: ${list}${more}. ${hint}, have the user added to it, or give organization_guid.`;
}
