import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine } from "../../lib/cli/terraform/engine";
import { planStack } from "../../lib/cli/terraform/plan-stack";
import { findStacks } from "../../lib/cli/terraform/stacks";
import { runCli } from "./support/run";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "registry-access-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** A program in the engine's place. */
function program(script: string): string {
  const file = write("bin/engine", `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe("stacks", () => {
  const manifest = (...names: readonly string[]) =>
    JSON.stringify({ stacks: Object.fromEntries(names.map((name) => [name, { name, workingDirectory: `stacks/${name}` }])) });

  it("synthesized ones, all or by name", () => {
    write("cdktf.out/manifest.json", manifest("a", "b"));
    const at = (name: string) => ({ name, folder: join(folder, "cdktf.out/stacks", name) });
    expect(findStacks([], folder)).toEqual([at("a"), at("b")]);
    expect(findStacks(["b"], folder)).toEqual([at("b")]);
  });

  it("synthesized into another folder", () => {
    write("cdktf.json", '{"output":"out"}');
    write("out/manifest.json", manifest("a"));
    expect(findStacks([], folder)).toEqual([{ name: "a", folder: join(folder, "out/stacks/a") }]);
  });

  it("folders with a configuration, this one too", () => {
    write("x/main.tf", "");
    write("main.tf.json", "{}");
    expect(findStacks(["x"], folder)).toEqual([{ name: "x", folder: join(folder, "x") }]);
    expect(findStacks([], folder)[0]?.folder).toBe(folder);
  });

  it("fails when there is none, or not this one", () => {
    expect(() => findStacks([], folder)).toThrow(
      /^There is no stack in ".*": neither synthesized ones \(cdktf synth makes cdktf\.out\) nor \*\.tf files/,
    );
    write("cdktf.out/manifest.json", manifest("a"));
    expect(() => findStacks(["b"], folder)).toThrow(
      '"b" is neither a synthesized stack (there are: a) nor a folder with *.tf files.',
    );
    write("cdktf.out/manifest.json", "{}");
    expect(() => findStacks([], folder)).toThrow("is no manifest of cdktf");
  });
});

describe("the engine", () => {
  const { signal } = new AbortController();
  const plan = (script: string) =>
    planStack(folder, { engine: program(script), env: { PATH: process.env.PATH }, signal, args: ["-refresh-only"] });

  it("fails when there is none", () => {
    expect(() => findEngine({ PATH: folder })).toThrow("There is neither terraform nor tofu on PATH.");
    expect(() => findEngine({ TERRAFORM_BINARY_NAME: "no-such" })).toThrow(
      'TERRAFORM_BINARY_NAME is "no-such", and there is no such program.',
    );
  });

  it("initializes, plans, and shows the plan", async () => {
    const planned = await plan('echo "$@" >> log; case $1 in show) cat log;; esac');
    expect(planned.json?.replace(/\/\S+plan\.bin/g, "FILE")).toBe(
      "init -input=false -no-color\nplan -json -input=false -out=FILE -refresh-only\nshow -json FILE\n",
    );
  });

  it("initializes again where the plan asks for it", async () => {
    mkdirSync(join(folder, ".terraform"));
    const planned = await plan(
      'echo $1 >> log; if [ $1 = plan ] && [ $(grep -c plan log) = 1 ]; then echo "run terraform init" >&2; exit 1; fi; [ $1 = show ] && cat log; exit 0',
    );
    expect(planned.json).toBe("plan\ninit\nplan\nshow\n");
  });

  it("fails when it says nothing, or only for people", async () => {
    expect(await plan("exit 3")).toEqual({
      messages: [{ severity: "error", summary: "init ended with 3", detail: "It said nothing." }],
    });
    const said = await plan('[ $1 = init ] && exit 0; echo "│ Error: no" >&2; exit 1');
    expect(said.messages).toEqual([{ severity: "error", summary: "plan ended with 1", detail: "Error: no" }]);
  });

  it.each([
    "PARTNER_PASSWORD",
    "AWS_SECRET_ACCESS_KEY",
    "TF_VAR_partner_password",
    "VAULT_TOKEN",
    "KUBE_CLIENT_KEY_DATA",
    "REGISTRY_PARTNER",
    "LISTED",
  ])("masks what the environment holds: %s", async (name) => {
    write("main.tf", "");
    const engine = program(`[ $1 = init ] && exit 0; echo "bad password $${name}" >&2; exit 1`);
    const own = { [name]: `hunter2-of-${name}`, REGISTRY_ACCESS_PASSWORD_ENV: "LISTED" };
    const env = { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: engine, ...own };
    const { code, stdout, stderr } = await runCli(["drift"], env, { folder });
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("plan ended with 1: bad password [redacted]");
    expect(stdout).not.toContain("hunter2");
  });
});

describe("many stacks", () => {
  const stacks = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`);

  it("are looked at side by side, no more than asked for", async () => {
    for (const name of stacks(6)) write(`${name}/main.tf`, "");
    // Each is there until two are, and never are there three.
    const engine = program(
      [
        "[ $1 = init ] && exit 0",
        `[ $1 = show ] && { echo '{"format_version":"1.2","resource_changes":[]}'; exit 0; }`,
        `mkdir -p ${folder}/now; touch ${folder}/now/$$`,
        `n=0; while [ $(ls ${folder}/now | wc -l) -lt 2 ] && [ $n -lt 100 ]; do n=$((n+1)); sleep 0.05; done`,
        `[ $(ls ${folder}/now | wc -l) -gt 2 ] && exit 7; [ $n = 100 ] && exit 8; sleep 0.3; rm ${folder}/now/$$; exit 0`,
      ].join("\n"),
    );
    const env = { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: engine, NO_COLOR: "1" };
    const { code, stdout, stderr } = await runCli(["drift", ...stacks(6), "--parallel", "2"], env, { folder, isTTY: true });
    // Progress is one line that is written over, and gone in the end.
    expect(stderr).toContain("\r\u001b[KLooking at 6 stacks: 3 done\u2026");
    expect(stderr.endsWith("\r\u001b[K")).toBe(true);
    expect([code, stdout]).toEqual([0, "6 stacks: 6 with nothing deployed\n\n- s0, s1, s2, s3, s4, s5: nothing deployed\n"]);
  });

  it("fails when interrupted, and tells the engine", async () => {
    write("s0/main.tf", "");
    const interrupted = new AbortController();
    const engine = program(`trap 'echo $1 >> ${folder}/told; exit 1' INT; touch ${folder}/started; while :; do sleep 0.05; done`);
    const env = { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: engine };
    const run = runCli(["drift", "s0"], env, { folder, signal: interrupted.signal });
    while (!existsSync(join(folder, "started"))) await new Promise((resolve) => setTimeout(resolve, 20));
    interrupted.abort();
    expect(await run).toEqual({ code: 130, stdout: "", stderr: "Interrupted.\n" });
    expect(readFileSync(join(folder, "told"), "utf8")).toBe("init\n");
  });
});

describe("drift --from", () => {
  it("fails when it is no plan", async () => {
    const { code, stdout } = await runCli(["drift", "--from", "-"], {}, { stdin: async () => "{" });
    expect(code).toBe(1);
    expect(stdout).toContain("! standard input: could not be looked at");
    expect(stdout).toContain("It is no JSON, or cut off: 1 characters were read.");
  });

  it("fails when the file is not there", async () => {
    const { code, stderr } = await runCli(["drift", "--from", join(folder, "gone")]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("gone\" can't be read (ENOENT).")]);
  });

  it("1,000 namespaces are one line", async () => {
    const targets = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`team-${1000 + index}`, { status: "blocked" }]),
    );
    const resource = {
      address: "registry_pull_secret.a",
      mode: "managed",
      type: "registry_pull_secret",
      provider_name: "registry.terraform.io/registry-access/registry",
      values: { name: "pull", targets },
    };
    const plan = { format_version: "1.2", prior_state: { values: { root_module: { resources: [resource] } } } };
    const { code, stdout } = await runCli(["drift", "--from", "-", "shop"], {}, { stdin: async () => JSON.stringify(plan) });
    expect([code, stdout]).toEqual([
      2,
      "1 stack: 1 drifted\n\n\u2717 shop: blocked\n\n  \u2717 blocked: registry_pull_secret.a in 1,000 places (team-1000, team-1001, team-1002 and 997 more)\n",
    ]);
  });

  it("says by whom is not known, rather than nothing", async () => {
    const resource = {
      address: "registry_pull_secret.a",
      mode: "managed",
      type: "registry_pull_secret",
      provider_name: "registry.opentofu.org/registry-access/registry",
      values: { name: "pull", targets: { "team-a": { status: "edited" } } },
    };
    const plan = { format_version: "1.2", prior_state: { values: { root_module: { resources: [resource] } } } };
    const { code, stdout } = await runCli(["drift", "--from", "-"], {}, { stdin: async () => JSON.stringify(plan) });
    expect(code).toBe(2);
    expect(stdout).toContain("edited: registry_pull_secret.a in team-a, by whom is not known: No cluster is named.");
  });
});
