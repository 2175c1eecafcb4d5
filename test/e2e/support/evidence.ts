import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type SecretSource, textSource } from "../../support/secret-search";

/** What lies in a folder and is not searched: `environment.sh` holds the secrets on purpose, and the last is no output of a run. */
const LEFT_OUT = [/^environment\.sh$/, /^terraform-provider-/, /^node_modules$/];

/** Everything in a folder as sources, read now: a later run may write over it. Names end with `@ moment`. */
export function photograph(folder: string, moment: string): SecretSource[] {
  return list(folder).map((path) => {
    const file = join(folder, path);
    const data = lstatSync(file).isSymbolicLink() ? Buffer.from(readlinkSync(file)) : readFileSync(file);
    return { name: `${path} @ ${moment}`, data };
  });
}

/** The files and links of a folder and all below it. */
function list(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.some((pattern) => pattern.test(name)))
    .flatMap((entry) => (entry.isDirectory() ? list(folder, join(below, entry.name)) : [join(below, entry.name)]));
}

/** A log that is read anew at each call, so that each moment holds only its own lines. */
export function takeLog(file: string, moment: string): SecretSource[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  writeFileSync(file, "");
  return [textSource(`TRACE log @ ${moment}`, text)];
}
