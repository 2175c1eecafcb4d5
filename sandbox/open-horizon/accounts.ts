import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Secret } from "../../lib/domain/secret";
import { writePrivateFile } from "../files";

/** The organization of the sandbox's exchange. */
export const ORGANIZATION = "acme";

/** Another one, for what others may not see. */
export const OTHER_ORGANIZATION = "umbrella";

/** Who has an account: the publisher, somebody else of the organization, somebody of another one; and the node. */
export const ACCOUNTS = {
  publisher: { organization: ORGANIZATION, name: "ada" },
  colleague: { organization: ORGANIZATION, name: "grace" },
  stranger: { organization: OTHER_ORGANIZATION, name: "eve" },
  node: { organization: ORGANIZATION, name: "edge-1" },
} as const;

/** Every secret of Open Horizon in a sandbox, drawn at its start. */
export interface OpenHorizonCredentials {
  /** Passwords of the users, and the node's token. */
  readonly publisher: Secret;
  readonly colleague: Secret;
  readonly stranger: Secret;
  readonly node: Secret;
  /** The publisher's API key: `iamapikey:KEY` logs in, too. */
  readonly publisherApiKey: Secret;
  /** Opens the emulator's control port. */
  readonly controlSecret: Secret;
}

const NAMES = ["publisher", "colleague", "stranger", "node", "publisherApiKey", "controlSecret"] as const;

/** Draws all of them and writes them to a file that only its owner can read. */
export async function drawOpenHorizonCredentials(file: string): Promise<OpenHorizonCredentials> {
  const stored = Object.fromEntries(NAMES.map((name) => [name, randomBytes(20).toString("hex")]));
  await writePrivateFile(file, `${JSON.stringify(stored, null, 2)}\n`);
  return readOpenHorizonCredentials(file);
}

/** Reads them. */
export function readOpenHorizonCredentials(file: string): OpenHorizonCredentials {
  const stored = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  const secrets = NAMES.map((name) => [name, Secret.of(stored[name] ?? "")] as const);
  return Object.fromEntries(secrets) as unknown as OpenHorizonCredentials;
}

/** What hzn takes as user auth, or what a node logs in with: without the organization. */
export function userAuth(account: keyof typeof ACCOUNTS, credentials: OpenHorizonCredentials): string {
  return `${ACCOUNTS[account].name}:${credentials[account].reveal()}`;
}
