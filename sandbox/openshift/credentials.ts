import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Secret } from "../../lib/domain/secret";
import { writePrivateFile } from "../files";

/** The secrets of OpenShift in a sandbox besides those that lie in its cluster. */
export interface OpenShiftCredentials {
  /** Opens both control ports. */
  readonly controlSecret: Secret;
}

/** Draws them and writes them to a file that only its owner can read. */
export async function drawOpenShiftCredentials(file: string): Promise<OpenShiftCredentials> {
  await writePrivateFile(file, `${JSON.stringify({ controlSecret: randomBytes(20).toString("hex") }, null, 2)}\n`);
  return readOpenShiftCredentials(file);
}

/** Reads them. */
export function readOpenShiftCredentials(file: string): OpenShiftCredentials {
  const { controlSecret } = JSON.parse(readFileSync(file, "utf8")) as { readonly controlSecret: string };
  return { controlSecret: Secret.of(controlSecret) };
}
