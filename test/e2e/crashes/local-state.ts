/** The local state file of a stack, as a person would look at it and mend it. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../support/terraform";

const LOCK = ".terraform.tfstate.lock.info";
const stateFile = ({ folder }: Stack) => join(folder, "terraform.tfstate");
/** Its text; undefined where there is none. */
export const readState = (stack: Stack) => (existsSync(stateFile(stack)) ? readFileSync(stateFile(stack), "utf8") : undefined);

/** Puts a text in its place; undefined removes the file. */
export function writeState(stack: Stack, text: string | undefined): void {
  if (text === undefined) rmSync(stateFile(stack), { force: true });
  else writeFileSync(stateFile(stack), text);
}

/** What a person does who finds Terraform's own files cut off by the kill; returns what that was. */
export function repair(stack: Stack): string {
  const remarks: string[] = [];
  const text = readState(stack);
  if (text !== undefined && !isJson(text)) {
    const backup = `${stateFile(stack)}.backup`;
    writeState(stack, existsSync(backup) ? readFileSync(backup, "utf8") : undefined);
    remarks.push("Terraform's state file was cut off: put its backup back");
  }
  if (existsSync(join(stack.folder, LOCK))) remarks.push("a lock file is left");
  return remarks.join("; ");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface StateFile {
  readonly resources: readonly {
    readonly type: string;
    readonly instances: readonly { readonly attributes: { readonly [name: string]: unknown }; readonly deposed?: string }[];
  }[];
}

/** Credential ids in the state, deposed ones too. */
export function tokensInState(stack: Stack): readonly string[] {
  const { resources } = JSON.parse(readState(stack) ?? '{"resources":[]}') as StateFile;
  return resources
    .filter(({ type }) => type === "registry_token")
    .flatMap(({ instances }) => instances.map(({ attributes }) => String(attributes.credential_id)));
}
