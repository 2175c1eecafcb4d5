import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Engine, findEngine } from "../../sandbox/engine";
import { buildProvider } from "../../scripts/build-provider";

const run = promisify(execFile);
const examples = resolve(__dirname, "../../docs/examples");

let folder: string;
let engine: Engine;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  engine = await findEngine();
  const bundle = await buildProvider("registry");
  if (bundle === undefined) throw new Error("The provider has no source to build.");
  folder = mkdtempSync(join(tmpdir(), "reference-examples-"));
  const cliConfig = join(folder, "terraform.rc");
  writeFileSync(
    cliConfig,
    `provider_installation {\n  dev_overrides {\n    "registry.terraform.io/registry-access/registry" = ${JSON.stringify(dirname(bundle))}\n  }\n}\n`,
  );
  // Nothing of the caller's environment may fill in what an example lacks.
  environment = { PATH: process.env.PATH, HOME: folder, TF_CLI_CONFIG_FILE: cliConfig, CHECKPOINT_DISABLE: "1" };
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The problems that Terraform and the provider find, by severity and summary. */
async function validate(example: string): Promise<string[]> {
  const work = join(folder, example);
  cpSync(join(examples, example), work, { recursive: true });
  writeFileSync(join(work, "ca.pem"), "");
  const { stdout } = await run(engine.path, ["validate", "-json"], { cwd: work, env: environment }).catch((error) => error);
  const { diagnostics }: { diagnostics: { severity: string; summary: string; detail: string }[] } = JSON.parse(stdout);
  return diagnostics
    .filter(({ summary }) => summary !== "Provider development overrides are in effect")
    .map(({ severity, summary, detail }) => `${severity}: ${summary}: ${detail}`);
}

describe("reference examples", () => {
  it.each(readdirSync(examples))("%s: valid", async (example) => {
    expect(await validate(example)).toEqual([]);
  });

  it("all: formatted", async () => {
    const { stdout } = await run(engine.path, ["fmt", "-check", "-recursive", examples], { env: environment }).catch(
      (error) => error,
    );
    expect(stdout).toBe("");
  });
});
