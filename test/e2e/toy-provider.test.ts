/** The provider's plumbing under a real Terraform or OpenTofu, with the toy provider: no sandbox, no network. */
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findEngine } from "../../sandbox/engine";
import { buildToy } from "../provider/build-toy";

jest.setTimeout(60_000);

const HEAD = `terraform {
  required_providers {
    toy = { source = "registry.terraform.io/test/toy" }
  }
}
provider "toy" {
  file = "\${path.module}/things.json"
}
`;

const THINGS = `
resource "toy_thing" "a" {
  kind    = "ball"
  tags    = ["x", "y"]
  parts   = [{ name = "p", password_wo = "hunter22" }, { name = "q" }]
  targets = { b = { weight = 0.1 }, a = {} }
}
resource "toy_thing" "b" {
  kind    = "cube"
  copy_of = toy_thing.a.id
  targets = { (toy_thing.a.id) = {} }
}
`;

interface Ran {
  readonly code: number;
  readonly output: string;
}
interface Plan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: { readonly [name: string]: unknown } | null;
      readonly after: { readonly [name: string]: unknown } | null;
      readonly replace_paths?: unknown;
    };
  }[];
}

let engine: string;
let binary: string;
let folder: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  engine = (await findEngine()).path;
  binary = await buildToy();
}, 300_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "toy-"));
  const rc = join(folder, "cli.tfrc");
  writeFileSync(
    rc,
    `provider_installation {\n  dev_overrides {\n    "test/toy" = ${JSON.stringify(dirname(binary))}\n    "registry.terraform.io/test/toy" = ${JSON.stringify(dirname(binary))}\n  }\n  direct {}\n}\n`,
  );
  environment = {
    ...process.env,
    TF_CLI_CONFIG_FILE: rc,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    XDG_CACHE_HOME: join(folder, "cache"),
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(hcl: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "main.tf"), HEAD + hcl);
}

function terraform(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(engine, args, { cwd: folder, env: environment, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr }),
    );
  });
}

async function apply(hcl: string): Promise<Ran> {
  write(hcl);
  return terraform("apply", "-auto-approve", "-no-color");
}

async function plan(hcl: string): Promise<Plan & Ran> {
  write(hcl);
  const ran = await terraform("plan", "-no-color", "-detailed-exitcode", "-out=plan.bin");
  const shown = ran.code === 1 ? { output: "{}" } : await terraform("show", "-json", "plan.bin");
  return { ...ran, ...(JSON.parse(shown.output) as Plan) };
}

const state = () => readFileSync(join(folder, "terraform.tfstate"), "utf8");
const changeOf = (planned: Plan, address: string) =>
  planned.resource_changes?.find((change) => change.address === address)?.change;

describe("toy provider: resources", () => {
  it("applies, through unknown values, and then plans nothing", async () => {
    const applied = await apply(THINGS);
    expect(applied.output).toContain("Apply complete! Resources: 2 added, 0 changed, 0 destroyed.");
    expect(state()).not.toContain("hunter22");
    expect((await plan(THINGS)).code).toBe(0);
    const kept = JSON.parse(readFileSync(join(folder, "things.json"), "utf8")) as {
      [id: string]: { kind: string; copy_of: string };
    };
    const [ball] = Object.entries(kept).find(([, thing]) => thing.kind === "ball") ?? [];
    expect(Object.values(kept).find((thing) => thing.kind === "cube")).toMatchObject({
      copy_of: ball,
      targets: { [String(ball)]: { status: "in_sync" } },
    });
  });

  it("plans an update where only a write-only value changed, and stores none of it", async () => {
    await apply(THINGS);
    const changed = THINGS.replace("hunter22", "hunter22-longer");
    const planned = await plan(changed);
    expect(changeOf(planned, "toy_thing.a")).toMatchObject({
      actions: ["update"],
      after: {
        parts: [
          { name: "p", password_wo: null, length: 15 },
          { name: "q", password_wo: null, length: null },
        ],
      },
    });
    const { code, output } = await terraform("apply", "-no-color", "-auto-approve");
    expect({ code, output }).toMatchObject({ code: 0 });
    expect((await plan(changed)).code).toBe(0);
    expect(state()).not.toContain("hunter22");
  });

  it("replaces where the schema asks for it, and says why", async () => {
    await apply(THINGS);
    const planned = await plan(THINGS.replace('"ball"', '"bat"'));
    expect(changeOf(planned, "toy_thing.a")).toMatchObject({ actions: ["delete", "create"], replace_paths: [["kind"]] });
    expect((await apply(THINGS.replace('"ball"', '"bat"'))).output).toContain("1 added, 1 changed, 1 destroyed");
  });

  it("shows drift of one element of a map alone, and repairs it", async () => {
    await apply(THINGS);
    const file = join(folder, "things.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"weight": 0.1', '"weight": 0.2'));
    const planned = await plan(THINGS);
    expect(changeOf(planned, "toy_thing.a")).toMatchObject({
      actions: ["update"],
      before: { targets: { b: { weight: 0.2 } } },
      after: { targets: { b: { weight: 0.1 } } },
    });
    expect(planned.output).toContain("(1 unchanged element hidden)");
    await apply(THINGS);
    expect((await plan(THINGS)).code).toBe(0);
  });

  it("plans anew what is gone, imports what is there, and destroys", async () => {
    await apply(THINGS);
    const kept = readFileSync(join(folder, "things.json"), "utf8");
    writeFileSync(join(folder, "things.json"), "{}");
    expect(changeOf(await plan(THINGS), "toy_thing.a")?.actions).toEqual(["create"]);
    writeFileSync(join(folder, "things.json"), kept);
    await terraform("state", "rm", "toy_thing.a");
    const id = Object.entries(JSON.parse(kept) as { [id: string]: { kind: string } }).find(
      ([, thing]) => thing.kind === "ball",
    )?.[0];
    expect(await terraform("import", "-no-color", "toy_thing.a", String(id))).toMatchObject({ code: 0 });
    expect((await plan(THINGS)).code).toBe(0);
    expect((await terraform("destroy", "-auto-approve", "-no-color")).output).toContain(
      "Destroy complete! Resources: 2 destroyed.",
    );
    expect(readFileSync(join(folder, "things.json"), "utf8")).toBe("{}");
  });

  it("serves blocks and dynamic values, loosely as the old SDK did", async () => {
    const legacy = `
resource "toy_legacy" "l" {
  extra = { a = [1, "x"], b = 0.1 }
  metadata {
    name = "n"
    port {
      number = 80
    }
    port {
      number   = 53
      protocol = "UDP"
    }
  }
}
`;
    expect(await apply(legacy)).toMatchObject({ code: 0 });
    expect((await plan(legacy)).code).toBe(0);
  });

  it("fails when a check or a rule says so, at the attribute", async () => {
    const size = await plan(`resource "toy_thing" "a" {\n  kind = "k"\n  size = -1\n}\n`);
    expect(size).toMatchObject({
      code: 1,
      output: expect.stringMatching(/Error: Invalid size[\s\S]*size = -1[\s\S]*The size -1 is negative/),
    });
    const copy = await plan(`resource "toy_thing" "a" {\n  kind = "k"\n  copy_of = "self"\n}\n`);
    expect(copy).toMatchObject({ code: 1, output: expect.stringContaining("A thing can't be a copy of itself.") });
  });

  it("fails when an import finds nothing, and where a type has no import", async () => {
    write(`${THINGS}resource "toy_trouble" "t" {\n  mode = "fine"\n}\n`);
    expect((await terraform("import", "-no-color", "toy_thing.a", "nothing")).output).toContain('There is no thing "nothing".');
    const { output } = await terraform("import", "-no-color", "toy_trouble.t", "x");
    expect(output.replace(/\s+/g, " ")).toContain("toy_trouble can't be imported");
  });

  it("fails when the provider has a bug: the run ends with a message, not with a dead process", async () => {
    const { code, output } = await apply(`resource "toy_trouble" "t" {\n  mode = "throw"\n}\n`);
    expect(code).toBe(1);
    expect(output).toContain("Error: Bug in the toy provider");
    expect(output.replace(/[\s│]+/g, " ")).toContain("Please report it with this message");
    expect(output).not.toContain("secret-in-stack");
  });

  const stops: Record<string, NodeJS.Signals> = { "Ctrl-C": "SIGINT", "what timeout and a build server send": "SIGTERM" };
  it.each(Object.entries(stops))(
    "undoes what was begun at %s in the middle of an apply",
    async (_, signal) => {
      write(`resource "toy_trouble" "t" {\n  mode = "undo"\n}\n`);
      const child = spawn(engine, ["apply", "-auto-approve", "-no-color"], { cwd: folder, env: environment, detached: true });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => {
          output += chunk.toString();
        });
      }
      while (!output.includes("toy_trouble.t: Creating...")) await sleep(50);
      const things = () => readFileSync(join(folder, "things.json"), "utf8");
      while (!existsSync(join(folder, "things.json"))) await sleep(50);
      expect(things()).toContain("begun");
      process.kill(-(child.pid ?? 0), signal); // to the whole process group
      expect(await new Promise((resolve) => child.once("close", resolve))).toBe(1);
      expect(output.replace(/[\s│]+/g, " ")).toContain("apply of toy_trouble was cancelled before it was done");
      expect(things()).toBe("{}");
      expect((await terraform("state", "list")).output).toBe("");
    },
    30_000,
  );
});

describe("toy provider: data sources and ephemeral resources", () => {
  it("reads after what it depends on, and hands a value on without storing it", async () => {
    const hcl = `${THINGS}
ephemeral "toy_password" "p" {
  length = 17
}
resource "toy_thing" "c" {
  kind  = "cone"
  parts = [{ name = "p", password_wo = ephemeral.toy_password.p.value }]
}
data "toy_file" "all" {
  depends_on = [toy_thing.a, toy_thing.b, toy_thing.c]
}
output "total" {
  value = data.toy_file.all.total
}
output "length" {
  value = toy_thing.c.parts[0].length
}
`;
    expect(await apply(hcl)).toMatchObject({ code: 0 });
    expect((await terraform("output", "-json")).output).toMatch(/"length":[\s\S]*"value": 17[\s\S]*"total":[\s\S]*"value": 3/);
    expect(state()).not.toContain("p".repeat(17));
    expect((await plan(hcl)).code).toBe(0);
  });

  it("fails when there is nothing to read, at the attribute", async () => {
    const { output } = await plan(`data "toy_file" "one" {\n  id = "nothing"\n}\n`);
    expect(output).toMatch(/Error: No such thing[\s\S]*id = "nothing"/);
  });
});
