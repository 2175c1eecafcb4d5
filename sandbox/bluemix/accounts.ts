/** The Bluemix emulator as a part of the sandbox: who has an account, how it is configured and started. */

import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Secret } from "../../lib/domain/secret";
import { writePrivateFile } from "../files";

/** The one organization of the sandbox's Bluemix, and its account. */
export const ORGANIZATION = { name: "acme", account: "acme-account" } as const;

/** The dedicated environment and its registry host; its registry namespace is `acme`. */
export const DEDICATED = { region: "dedicated", domain: "acme.example.com", hosts: ["registry.acme.example.com"] } as const;

/** The public region, whose registry shares its tokens with the international one; its registry namespace is `team`. */
export const REGIONAL = { region: "us-south", hosts: ["registry.ng.bluemix.net", "registry.bluemix.net"] } as const;

/** The description of the registry token that is there from the start, in both regions, for looking up. */
export const SEEDED_TOKEN = "ci";

/** Every secret of a sandbox, drawn at its start, so that each is a marker that can be searched for. */
export interface SandboxCredentials {
  /** Logs in to Bluemix and manages registry tokens. */
  readonly bluemix: {
    readonly username: string;
    readonly password: Secret;
    readonly apiKey: Secret;
    /** Good any number of times. */
    readonly passcode: Secret;
    /** A ready UAA access token, without `bearer`. */
    readonly oauthToken: Secret;
    readonly organizationGuid: string;
  };
  /** A plain login of the private registry, for `partner/…`: what "any other private registry" has. */
  readonly partner: { readonly username: string; readonly password: Secret };
  /** Opens the emulator's control port. */
  readonly controlSecret: Secret;
}

/** As it lies in the file: the same with plain strings. */
interface StoredCredentials {
  readonly bluemix: Record<"username" | "password" | "apiKey" | "passcode" | "oauthToken" | "organizationGuid", string>;
  readonly partner: Record<"username" | "password", string>;
  readonly controlSecret: string;
}

/** Draws all secrets of a sandbox and writes them to a file that only its owner can read. */
export async function drawCredentials(file: string): Promise<SandboxCredentials> {
  const draw = (): string => randomBytes(20).toString("hex");
  const stored: StoredCredentials = {
    bluemix: {
      username: "ada@acme.example.com",
      password: draw(),
      apiKey: draw(),
      passcode: draw(),
      oauthToken: draw(),
      organizationGuid: randomUUID(),
    },
    partner: { username: "acme", password: draw() },
    controlSecret: draw(),
  };
  await writePrivateFile(file, `${JSON.stringify(stored, null, 2)}\n`);
  return readCredentials(file);
}

/** Reads the secrets of a sandbox. */
export function readCredentials(file: string): SandboxCredentials {
  const { bluemix, partner, controlSecret } = JSON.parse(readFileSync(file, "utf8")) as StoredCredentials;
  return {
    bluemix: {
      username: bluemix.username,
      password: Secret.of(bluemix.password),
      apiKey: Secret.of(bluemix.apiKey),
      passcode: Secret.of(bluemix.passcode),
      oauthToken: Secret.of(bluemix.oauthToken),
      organizationGuid: bluemix.organizationGuid,
    },
    partner: { username: partner.username, password: Secret.of(partner.password) },
    controlSecret: Secret.of(controlSecret),
  };
}
