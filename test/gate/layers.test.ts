import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(__dirname, "../..");

/** One import that its rule must refuse: the file that has it, and what it imports. */
interface Violation {
  readonly from: string;
  readonly imports: string;
  /** As dependency-cruiser's import kinds go: a type-only import counts as much. */
  readonly typeOnly?: true;
}

/** At least one violation for each rule of .dependency-cruiser.js. */
const violations: { readonly [rule: string]: readonly Violation[] } = {
  "domain-imports-domain-alone": [
    { from: "lib/domain/a.ts", imports: "lib/schema/target.ts" },
    { from: "lib/domain/b.ts", imports: "lib/schema/target.ts", typeOnly: true },
  ],
  "domain-is-pure": [
    { from: "lib/domain/c.ts", imports: "node:fs" },
    { from: "lib/domain/d.ts", imports: "undici" },
  ],
  "schema-imports-domain": [{ from: "lib/schema/a.ts", imports: "lib/provider/framework/target.ts" }],
  "schema-is-pure": [{ from: "lib/schema/b.ts", imports: "node:crypto" }],
  "clients-import-domain": [{ from: "lib/clients/a.ts", imports: "lib/schema/target.ts" }],
  "issuers-import-clients": [{ from: "lib/issuers/a.ts", imports: "lib/provider/framework/target.ts" }],
  "constructs-import-schema": [
    { from: "lib/constructs/a.ts", imports: "lib/clients/target.ts" },
    { from: "lib/constructs/b.ts", imports: "lib/provider/framework/target.ts" },
  ],
  "constructs-stay-offline": [
    { from: "lib/constructs/c.ts", imports: "node:https" },
    { from: "lib/constructs/d.ts", imports: "undici" },
  ],
  "cdktf-by-one-file": [{ from: "lib/constructs/e.ts", imports: "cdktf" }],
  "kubernetes-bindings-in-constructs": [
    { from: "lib/cli/b.ts", imports: "constructs" },
    { from: "lib/cli/c.ts", imports: "@cdktf/provider-kubernetes/lib/pod-v1" },
  ],
  "framework-imports-schema": [
    { from: "lib/provider/framework/a.ts", imports: "lib/provider/protocol/target.ts" },
    { from: "lib/provider/framework/b.ts", imports: "lib/provider/rpc/target.ts" },
    { from: "lib/provider/framework/c.ts", imports: "lib/provider/plugin/target.ts" },
    { from: "lib/provider/framework/e.ts", imports: "lib/clients/target.ts" },
  ],
  "wire-stays-on-the-wire": [
    { from: "lib/provider/framework/d.ts", imports: "@grpc/grpc-js" },
    { from: "lib/provider/resources/b.ts", imports: "@msgpack/msgpack" },
  ],
  "types-import-framework": [
    { from: "lib/provider/resources/a.ts", imports: "lib/provider/protocol/target.ts" },
    { from: "lib/provider/data-sources/a.ts", imports: "lib/provider/plugin/target.ts" },
    { from: "lib/provider/ephemeral/a.ts", imports: "lib/provider/rpc/target.ts" },
    { from: "lib/provider/shared.ts", imports: "lib/provider/protocol/target.ts" },
  ],
  "protocol-imports-framework": [{ from: "lib/provider/protocol/a.ts", imports: "lib/provider/rpc/target.ts" }],
  "protocol-is-pure": [{ from: "lib/provider/protocol/b.ts", imports: "node:net" }],
  "wire-knows-no-type": [
    { from: "lib/provider/rpc/a.ts", imports: "lib/provider/resources/target.ts" },
    { from: "lib/provider/plugin/a.ts", imports: "lib/clients/target.ts" },
    { from: "lib/provider/serve.ts", imports: "lib/provider/resources/target.ts" },
  ],
  "provider-without-constructs": [
    { from: "lib/provider/main.ts", imports: "lib/constructs/target.ts" },
    { from: "lib/provider/resources/c.ts", imports: "lib/cli/target.ts" },
  ],
  "cli-imports-clients": [{ from: "lib/cli/a.ts", imports: "lib/provider/framework/target.ts" }],
  "lib-stands-alone": [
    { from: "lib/a.ts", imports: "sandbox/target.ts" },
    { from: "lib/b.ts", imports: "test/target.ts" },
  ],
  "lib-without-dev-dependencies": [{ from: "lib/c.ts", imports: "commander" }],
  "emulator-without-clients": [
    { from: "sandbox/emulators/a.ts", imports: "lib/clients/target.ts" },
    { from: "sandbox/emulators/b.ts", imports: "lib/issuers/target.ts" },
    { from: "sandbox/emulators/c.ts", imports: "lib/provider/framework/target.ts" },
  ],
  "sandbox-without-tests": [{ from: "sandbox/a.ts", imports: "test/target.ts" }],
  "no-cycles": [{ from: "lib/cycle/a.ts", imports: "lib/cycle/b.ts" }],
  resolvable: [{ from: "lib/d.ts", imports: "lib/nowhere.ts" }],
};

/** Closes the cycle; dependency-cruiser reports a cycle once. */
const wayBack: Violation = { from: "lib/cycle/b.ts", imports: "lib/cycle/a.ts" };

/** Imports that no rule may refuse: a rule that bites everything proves nothing. */
const allowed: readonly Violation[] = [
  { from: "lib/domain/ok.ts", imports: "node:crypto" },
  { from: "lib/schema/ok.ts", imports: "lib/domain/target.ts" },
  { from: "lib/clients/ok.ts", imports: "undici" },
  { from: "lib/issuers/ok.ts", imports: "lib/clients/target.ts" },
  { from: "lib/constructs/cdktf.ts", imports: "cdktf" },
  { from: "lib/constructs/ok.ts", imports: "@cdktf/provider-kubernetes/lib/pod-v1" },
  { from: "lib/constructs/ok-file.ts", imports: "node:fs" },
  { from: "lib/provider/framework/ok.ts", imports: "lib/schema/target.ts" },
  { from: "lib/provider/resources/ok.ts", imports: "lib/issuers/target.ts" },
  { from: "lib/provider/resources/ok-shared.ts", imports: "lib/provider/shared-ok.ts" },
  { from: "lib/provider/shared-ok.ts", imports: "lib/clients/target.ts" },
  { from: "lib/provider/rpc/ok.ts", imports: "lib/provider/protocol/target.ts" },
  { from: "lib/provider/plugin/ok.ts", imports: "@grpc/grpc-js" },
  { from: "lib/cli/ok.ts", imports: "lib/clients/target.ts" },
  { from: "sandbox/emulators/ok.ts", imports: "commander" },
  { from: "sandbox/ok.ts", imports: "lib/provider/serve.ts" },
  { from: "test/ok.ts", imports: "sandbox/ok.ts" },
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "layers-"));
  for (const file of [".dependency-cruiser.js", "tsconfig.json", "package.json"])
    copyFileSync(join(root, file), join(folder, file));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const files = [...Object.values(violations).flat(), wayBack, ...allowed];
  const targets = files.map(({ imports }) => imports).filter((name) => name.endsWith("/target.ts"));
  for (const target of targets) write(target, "export type Target = string;\nexport const target = 1;\n");
  for (const file of files) write(file.from, importOf(file));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function importOf({ from, imports, typeOnly }: Violation): string {
  const local = /^(lib|sandbox|test)\//.test(imports);
  const up = "../".repeat(from.split("/").length - 1);
  const specifier = local ? `${up === "" ? "./" : up}${imports.replace(/\.ts$/, "")}` : imports;
  return typeOnly
    ? `import type { Target } from "${specifier}";\nexport type T = Target;\n`
    : `import * as it from "${specifier}";\nexport const kept = it;\n`;
}

/** Every `rule: file` that dependency-cruiser reports for the fixture. */
function cruise(): string[] {
  const cli = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const { stdout, stderr } = spawnSync(process.execPath, [cli, "--output-type", "json", "lib", "sandbox", "test"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (stdout === "") throw new Error(`dependency-cruiser said: ${stderr}`);
  const result: { summary: { violations: { from: string; rule: { name: string } }[] } } = JSON.parse(stdout);
  return result.summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
}

describe("layer rules", () => {
  let reported: readonly string[];
  beforeAll(() => {
    reported = cruise();
  });

  it.each(Object.entries(violations))("fails when %s is broken", (rule, broken) => {
    expect(broken.map(({ from }) => `${rule}: ${from}`).filter((line) => !reported.includes(line))).toEqual([]);
  });

  it("lets every allowed import pass", () => {
    expect(reported.filter((line) => allowed.some(({ from }) => line.endsWith(`: ${from}`)))).toEqual([]);
  });

  it("has a violation here for every rule", () => {
    const script = 'process.stdout.write(JSON.stringify(require("./.dependency-cruiser.js").forbidden.map((rule) => rule.name)))';
    const rules: string[] = JSON.parse(execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" }));
    expect(Object.keys(violations).sort()).toEqual(rules.sort());
  });
});
