import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { types } from "../../lib/schema";
import { renderReference } from "./reference";
import { compareReference, writeReference } from "./write-reference";

/** `npm run docs` writes docs/reference; with `-- --check` it only compares, and fails on a difference. */
function main(args: readonly string[]): number {
  const docs = resolve(__dirname, "../../docs");
  const folder = join(docs, "reference");
  const files = renderReference(types, (page) => {
    const file = join(docs, "examples", page, "main.tf");
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  });
  if (!args.includes("--check")) {
    writeReference(folder, files);
    console.log(`docs/reference: ${files.size} files written`);
    return 0;
  }
  const differences = compareReference(folder, files);
  for (const difference of differences) console.error(`docs/reference/${difference}: run \`npm run docs\` and commit the result`);
  return differences.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
