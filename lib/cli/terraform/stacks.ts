import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { isRecord, parseRecord } from "../../domain/json";
import { UsageError } from "../usage-error";

/** A stack that Terraform can plan. */
export interface Stack {
  /** The stack's name in CDK, or the folder as it was named. */
  readonly name: string;
  /** Where its configuration lies. */
  readonly folder: string;
}

/**
 * The stacks that are meant: names of synthesized stacks (of `cdktf.out`), or folders with a configuration; without any, all that were
 * synthesized here, or the folder itself.
 *
 * @throws UsageError for one that is not there
 */
export function findStacks(names: readonly string[], folder: string, output?: string): readonly Stack[] {
  const synthesized = synthesizedIn(folder, output);
  if (names.length === 0) {
    if (synthesized.length > 0) return synthesized;
    if (isConfiguration(folder)) return [{ name: basename(folder), folder }];
    throw new UsageError(
      `There is no stack in ${JSON.stringify(folder)}: neither synthesized ones (cdktf synth makes ${outputFolder(folder, output)}) nor *.tf files. Name folders or stacks.`,
    );
  }
  const found = names.map((name) => {
    const stack = synthesized.find((candidate) => candidate.name === name);
    const path = resolve(folder, name);
    return stack ?? (isConfiguration(path) ? { name, folder: path } : undefined);
  });
  const missing = names.find((_, index) => found[index] === undefined);
  if (missing !== undefined) {
    const there = synthesized.map(({ name }) => name).join(", ");
    throw new UsageError(
      `${JSON.stringify(missing)} is neither a synthesized stack (${there === "" ? "there is none: run cdktf synth" : `there are: ${there}`}) nor a folder with *.tf files.`,
    );
  }
  return found.flatMap((stack) => stack ?? []);
}

/** As cdktf's manifest names them. */
function synthesizedIn(folder: string, output: string | undefined): readonly Stack[] {
  const out = resolve(folder, outputFolder(folder, output));
  const manifest = join(out, "manifest.json");
  if (!existsSync(manifest)) return [];
  const stacks = parseRecord(readFileSync(manifest, "utf8"))?.stacks;
  if (!isRecord(stacks))
    throw new UsageError(`${JSON.stringify(manifest)} is no manifest of cdktf: it has no stacks. Run cdktf synth again.`);
  return Object.entries(stacks).flatMap(([name, stack]) =>
    isRecord(stack) && typeof stack.workingDirectory === "string" ? [{ name, folder: join(out, stack.workingDirectory) }] : [],
  );
}

/** `cdktf.json` may name another one. */
function outputFolder(folder: string, output: string | undefined): string {
  if (output !== undefined) return output;
  const config = join(folder, "cdktf.json");
  const named = existsSync(config) ? parseRecord(readFileSync(config, "utf8"))?.output : undefined;
  return typeof named === "string" && named !== "" ? named : "cdktf.out";
}

function isConfiguration(path: string): boolean {
  if (!existsSync(path) || !statSync(path).isDirectory()) return false;
  return readdirSync(path).some((name) => /\.(tf|tofu)(\.json)?$/.test(name));
}
