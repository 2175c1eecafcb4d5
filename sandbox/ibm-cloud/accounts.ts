import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Secret } from "../../lib/domain/secret";
import { writePrivateFile } from "../files";

/** The account, and somebody who may do everything in it. */
export const ACCOUNT = {
  id: "8d63fb1cc5e99e86dd7229dddffc05a5",
  resourceGroup: "c2047a7bf1bc4d09a0f0a8e7d1b3c4e5",
  user: { iamId: "IBMid-270006V8HD", email: "ada@acme.example.com" },
} as const;

/** Somebody of the same account who may pull, and manage nothing: for 403. */
export const READER = { iamId: "IBMid-270009R3AD", email: "grace@acme.example.com" } as const;

/** The regions, by the host that each plays. */
export const REGIONS = { "us-south": "us.icr.io", "eu-central": "de.icr.io" } as const;

/** The registry namespaces that are there from the start, in both regions. */
export const REGISTRY_NAMESPACES = ["acme", "team"] as const;

/** Every secret of IBM Cloud in a sandbox, drawn at its start. */
export interface IbmCloudCredentials {
  /** Of the account's user: manages keys, policies and registry namespaces. */
  readonly apiKey: Secret;
  /** Of the user who manages nothing. */
  readonly readerApiKey: Secret;
  /** Opens the emulator's control port. */
  readonly controlSecret: Secret;
}

type Stored = { readonly [Name in keyof IbmCloudCredentials]: string };

/** Draws all of them and writes them to a file that only its owner can read. */
export async function drawIbmCloudCredentials(file: string): Promise<IbmCloudCredentials> {
  // An API key of IBM Cloud: 44 characters of base64url.
  const drawKey = (): string => randomBytes(33).toString("base64url");
  const stored: Stored = { apiKey: drawKey(), readerApiKey: drawKey(), controlSecret: randomBytes(20).toString("hex") };
  await writePrivateFile(file, `${JSON.stringify(stored, null, 2)}\n`);
  return readIbmCloudCredentials(file);
}

/** Reads them. */
export function readIbmCloudCredentials(file: string): IbmCloudCredentials {
  const { apiKey, readerApiKey, controlSecret } = JSON.parse(readFileSync(file, "utf8")) as Stored;
  return { apiKey: Secret.of(apiKey), readerApiKey: Secret.of(readerApiKey), controlSecret: Secret.of(controlSecret) };
}
