import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { types } from "../../lib/schema";
import { renderRbac } from "./rbac";
import { renderReference } from "./reference";
import { compareReference, writeReference } from "./write-reference";

/** `npm run docs` writes docs/reference and docs/rbac; with `-- --check` it only compares, and fails on a difference. */
function main(args: readonly string[]): number {
  const docs = resolve(__dirname, "../../docs");
  const folders = new Map([
    [
      "reference",
      renderReference(types, (page) => {
        const file = join(docs, "examples", page, "main.tf");
        return existsSync(file) ? readFileSync(file, "utf8") : undefined;
      }),
    ],
    ["rbac", renderRbac()],
  ]);
  const differences: string[] = [];
  for (const [name, files] of folders) {
    const folder = join(docs, name);
    if (args.includes("--check")) {
      differences.push(...compareReference(folder, files).map((difference) => `docs/${name}/${difference}`));
    } else {
      writeReference(folder, files);
      console.log(`docs/${name}: ${files.size} files written`);
    }
  }
  for (const difference of differences) console.error(`${difference}: run \`npm run docs\` and commit the result`);
  return differences.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
