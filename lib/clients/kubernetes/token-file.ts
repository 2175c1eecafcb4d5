import { readFile } from "node:fs/promises";
import { Secret } from "../../domain/secret";
import { ClientError } from "../client-error";
import { errorCode } from "../error-code";

/**
 * Reads the bearer token that a file holds, without the white space around it. `source` says whose it is, for messages.
 * Throws ClientError("invalid") where the file can't be read, or holds nothing.
 */
export async function readTokenFile(file: string, source: string): Promise<Secret> {
  const name = `The token file ${JSON.stringify(file)} of ${source}`;
  let text: string;
  try {
    text = (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw new ClientError("invalid", `${name} can't be read (${errorCode(error)}).`);
  }
  if (text === "") throw new ClientError("invalid", `${name} is empty. Write a token into it, or name another file.`);
  return Secret.of(text);
}
