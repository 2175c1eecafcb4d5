/** The table of docs/compatibility.md: what was seen on which engine. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ENGINE_MODULES, type EngineModule, minorOf, pinnedVersion } from "../../../sandbox";

const PAGE = resolve(__dirname, "../../../docs/compatibility.md");
const BEGIN = "<!-- The table as run, by test/e2e/engines.test.ts; UPDATE_COMPATIBILITY=1 writes it anew. -->\n";
const END = "<!-- End of the table. -->\n";

/** Of an engine: `Terraform 1.5`. */
export function titleOf(module: EngineModule): string {
  return `${module.kind === "terraform" ? "Terraform" : "OpenTofu"} ${minorOf(pinnedVersion(module))}`;
}

/** Says whether an engine is of at least this version, such as `1.11`. */
export function isAtLeast(module: EngineModule, version: string): boolean {
  const [own, wanted] = [pinnedVersion(module), version].map((text) => text.split(".").map(Number));
  return (own?.[0] ?? 0) > (wanted?.[0] ?? 0) || (own?.[0] === wanted?.[0] && (own?.[1] ?? 0) >= (wanted?.[1] ?? 0));
}

/** Collects what the tests see. */
export interface CompatibilityTable {
  /** Runs a test's body, and notes what it returns about the engine where it passes: `yes` where it returns nothing. */
  seen(module: EngineModule, capability: string, body: () => Promise<string | undefined>): () => Promise<void>;
  /** Notes what an engine says that it is. A machine may have another patch of it than the page names. */
  ran(module: EngineModule, version: string): void;
  /** The table in Markdown, a row a capability. */
  render(): string;
}

/** An empty table. A capability that was not seen on an engine has a dash there. */
export function createCompatibilityTable(): CompatibilityTable {
  const rows = new Map<string, Map<EngineModule, string>>();
  const versions = new Map<EngineModule, string>();
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return {
    ran: (module, version) => void versions.set(module, version),
    seen: (module, capability, body) => {
      // Here, and not when the test has run: the order of the rows is that of the tests.
      const row = rows.get(capability) ?? new Map<EngineModule, string>();
      rows.set(capability, row);
      return async () => void row.set(module, (await body()) ?? "yes");
    },
    render() {
      const head = [line(["", ...ENGINE_MODULES.map(titleOf)]), line(["---", ...ENGINE_MODULES.map(() => "---")])];
      const body = [...rows].map(([name, row]) => line([name, ...ENGINE_MODULES.map((module) => row.get(module) ?? "—")]));
      const run = line(["run with", ...ENGINE_MODULES.map((module) => versions.get(module) ?? "—")]);
      return [...head, run, ...body].join("");
    },
  };
}

/** The table that docs/compatibility.md has; with UPDATE_COMPATIBILITY it gets `current` first. */
export function publishedTable(current: string): string {
  const page = readFileSync(PAGE, "utf8");
  const [before, rest] = page.split(BEGIN);
  const [table, after] = (rest ?? "").split(END);
  if (before === undefined || table === undefined || after === undefined) {
    throw new Error(`${join("docs", "compatibility.md")} lacks the lines that its table stands between: ${BEGIN}${END}`);
  }
  if (!process.env.UPDATE_COMPATIBILITY) return table.trimStart();
  writeFileSync(PAGE, `${before}${BEGIN}\n${current}\n${END}${after}`);
  return current;
}

/** A table without what differs between machines: the patch of an engine that PATH had. */
export function withoutPatches(table: string): string {
  return table.trimEnd().replace(/^\| run with .*$/m, (row) => row.replace(/(\d+\.\d+)\.\d+/g, "$1"));
}
