/** The core of the suite on every engine that the provider is promised to serve; docs/compatibility.md has the table that it makes. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import {
  createProgress,
  DEDICATED,
  ENGINE_MODULES,
  type Engine,
  type EngineModule,
  provideEngine,
  SEEDED_TOKEN,
} from "../../sandbox";
import { runCli } from "../cli/support/run";
import { accessHcl, CREATE_FIRST, PATCH, PULL_SECRET, SECRET_NAME, TOKEN } from "./support/access-hcl";
import { type Cluster, startCluster } from "./support/cluster";
import { createCompatibilityTable, isAtLeast, publishedTable, titleOf, withoutPatches } from "./support/compatibility";
import { type Bluemix, dedicatedEnvironment, dedicatedIssuer, dedicatedPassword, openBluemix } from "./support/dedicated";
import { findingsOf } from "./support/findings";
import { type MainStack, startMainStack } from "./support/main-stack";
import { createStack, expectWell, openStack, type Run, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);
/** All engines from source, on a machine that has none: minutes each. */
const BUILD_MS = 1_800_000;

const PARTNER = "registry.partner.example:5000";
const PASSWORD = "partner-hunter22";
const ADDRESS = "registry.terraform.io/registry-access/registry";
interface DriftedItem {
  readonly [part: string]: unknown;
}
const table = createCompatibilityTable();
const engines = new Map<EngineModule, Engine>();
let cluster: Cluster;
let bluemix: Bluemix;

beforeAll(async () => {
  const progress = createProgress(process.stderr);
  for (const module of ENGINE_MODULES) {
    const engine = await provideEngine(module, { progress });
    engines.set(module, engine);
    table.ran(module, engine.version);
  }
  cluster = await startCluster("engines");
  bluemix = openBluemix(cluster);
}, BUILD_MS);
afterAll(() => cluster?.stop());

function engineOf(module: EngineModule): Engine {
  const engine = engines.get(module);
  if (engine === undefined) throw new Error(`${module.name} is not there.`);
  return engine;
}
function newStack(module: EngineModule): Promise<Stack> {
  const env = { ...dedicatedEnvironment(cluster.state), REGISTRY_PARTNER: PASSWORD, CHECKPOINT_DISABLE: "1" };
  return createStack(`engine-${module.name}`, env, engineOf(module));
}
function wentWell({ code, output }: Run): string {
  if (code !== 0) throw new Error(output);
  return output;
}
const changes = async (stack: Stack) => expectWell(await stack.plan()).changes;
const readState = (stack: Stack) => readFileSync(join(stack.folder, "terraform.tfstate"), "utf8");

/** Of a `registry_token` in the state's own file: OpenTofu 1.6 fails at `show -json` of a state. */
function attributesIn(stack: Stack, mode: "managed" | "data", name: string): { readonly [attribute: string]: unknown } {
  const { resources } = JSON.parse(readState(stack)) as StateFile;
  const found = resources.find(
    (resource) => resource.mode === mode && resource.type === "registry_token" && resource.name === name,
  );
  if (found === undefined) throw new Error(`No ${mode} registry_token.${name} in the state.`);
  return found.instances[0]?.attributes ?? {};
}
interface StateFile {
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: { readonly [attribute: string]: unknown } }[];
  }[];
}

/** A token's pull secret, with a password from the environment beside it, the patch, and a look-up: all that needs nothing newer than 1.5. */
const coreHcl = (owner: string, namespaces: readonly string[]) =>
  `${accessHcl(cluster, {
    owner,
    namespaces,
    token: CREATE_FIRST,
    registries: [`{ hosts = ["${PARTNER}"], username = "acme", password_env = "REGISTRY_PARTNER" }`],
  })}data "registry_token" "seeded" {\n  issuer = "dedicated"\n  description = "${SEEDED_TOKEN}"\n}\n`;

const importBlock = (to: string, id: string) => `import {\n  to = ${to}\n  id = ${JSON.stringify(id)}\n}\n`;

/** A Secret that somebody else made, taken over. */
const ADOPTED = "adopted";
const adoptedHcl = (namespace: string) => `
resource "registry_pull_secret" "adopted" {
  name           = "${ADOPTED}"
  namespaces     = ["${namespace}"]
  registries     = [{ hosts = ["${PARTNER}"], username = "acme", password_env = "REGISTRY_PARTNER" }]
  adopt_existing = true
}
`;

/** A looked-up token's value, handed on as a write-only password. */
const writeOnlyHcl = (owner: string, namespace: string, before: string, value: string) => `
provider "registry" {
  owner      = "${owner}"
  kubernetes = ${cluster.kubernetes}
  issuers    = ${dedicatedIssuer(cluster.state)}
}
${before}
resource "registry_pull_secret" "pull" {
  name       = "${SECRET_NAME}"
  namespaces = ["${namespace}"]
  registries = [{ hosts = ["${DEDICATED.hosts[0]}"], username = "token", password_wo = ${value} }]
}
`;

describe.each(ENGINE_MODULES.map((module) => [titleOf(module), module] as const))("%s", (_, module) => {
  const owner = `tests/engine-${module.name}`;
  const namespaces = ["a", "b"].map((letter) => `engine-${module.name.replace(".", "-")}-${letter}`);
  const [first = "", second = ""] = namespaces;
  let stack: Stack;

  beforeAll(async () => {
    for (const namespace of namespaces) await cluster.createNamespace(namespace);
    stack = await newStack(module);
    stack.write(coreHcl(owner, namespaces));
  });
  afterAll(() => removeStack(stack));

  const see = (capability: string, body: () => Promise<string | undefined>) =>
    it(capability, table.seen(module, capability, body));
  const linked = async () =>
    Promise.all(namespaces.map(async (namespace) => (await cluster.serviceAccount(namespace))?.imagePullSecrets ?? []));

  /** Both Secrets open both registries, both ServiceAccounts hand them on, and nothing is left to do. */
  async function expectDeployed(): Promise<void> {
    const { value } = await bluemix.onlyLiving(owner);
    for (const namespace of namespaces) {
      expect(await cluster.dockerConfig(namespace, SECRET_NAME)).toMatchObject({
        auths: {
          [DEDICATED.hosts[0]]: { username: "token", password: value },
          [PARTNER]: { username: "acme", password: PASSWORD },
        },
      });
    }
    expect(await linked()).toEqual(namespaces.map(() => [{ name: SECRET_NAME }]));
    expect(await bluemix.pull(second, SECRET_NAME)).toMatchObject({ fault: undefined });
    expect([value, PASSWORD].filter((secret) => readState(stack).includes(secret))).toEqual([]);
    expect(await changes(stack)).toEqual({});
  }

  see("init from the stack's own folder, lock file, validate", async () => {
    wentWell(await stack.run("init", "-no-color", "-input=false"));
    const lock = readFileSync(join(stack.folder, ".terraform.lock.hcl"), "utf8");
    expect(lock).toMatch(new RegExp(`provider "${ADDRESS}" \\{\\s+version\\s+= "0\\.1\\.0"\\s+hashes = \\[\\s+"h1:`));
    expect(JSON.parse(wentWell(await stack.run("validate", "-json")))).toMatchObject({ valid: true, diagnostics: [] });
    return undefined;
  });

  see("a source without host: the engine's own registry's folder", async () => {
    const host = module.kind === "terraform" ? "registry.terraform.io" : "registry.opentofu.org";
    const other = await newStack(module);
    try {
      const plugins = join(other.folder, "terraform.d/plugins");
      const nowhere = { ...other.env, TF_CLI_CONFIG_FILE: join(other.folder, "terraform.rc") };
      writeFileSync(
        nowhere.TF_CLI_CONFIG_FILE,
        `provider_installation {\n  filesystem_mirror { path = "terraform.d/plugins" }\n}\n`,
      );
      if (host !== "registry.terraform.io")
        cpSync(join(plugins, "registry.terraform.io"), join(plugins, host), { recursive: true });
      writeFileSync(
        join(other.folder, "main.tf"),
        `terraform {\n  required_providers {\n    registry = { source = "registry-access/registry" }\n  }\n}\n`,
      );
      wentWell(await other.run("init", "-no-color", "-input=false"));
      expect(readFileSync(join(other.folder, ".terraform.lock.hcl"), "utf8")).toContain(
        `provider "${host}/registry-access/registry"`,
      );
    } finally {
      removeStack(other);
    }
    return host;
  });

  see("plan and apply of `credential_id` and `password_env`, then nothing to do", async () => {
    expect(await changes(stack)).toEqual({ [TOKEN]: ["create"], [PULL_SECRET]: ["create"], [PATCH]: ["create"] });
    expectWell(await stack.apply("plan.bin"));
    await expectDeployed();
    return undefined;
  });

  see("data source `registry_token`", async () => {
    const seeded = (await bluemix.tokens()).find(
      ({ description, region }) => description === SEEDED_TOKEN && region === DEDICATED.region,
    );
    expect(attributesIn(stack, "data", "seeded")).toMatchObject({
      credential_id: `dedicated/${seeded?.id}`,
      status: "active",
    });
    return undefined;
  });

  see("import blocks: nothing to change", async () => {
    const id = String(attributesIn(stack, "managed", TOKEN.slice("registry_token.".length)).id);
    wentWell(await stack.run("state", "rm", TOKEN, PULL_SECRET, PATCH));
    const at = namespaces.map((namespace) => `${namespace}/default`).join(",");
    const blocks = [
      importBlock(TOKEN, id),
      importBlock(PULL_SECRET, `${owner}/${SECRET_NAME}@${namespaces.join(",")}`),
      importBlock(PATCH, `${owner}/${SECRET_NAME}@${at}`),
    ];
    stack.write(coreHcl(owner, namespaces) + blocks.join(""));
    const planned = expectWell(await stack.plan());
    // A password's source is not in a Secret: that alone is written to the state.
    expect(planned.changes).toEqual({ [PULL_SECRET]: ["update"] });
    expect(planned.text).toMatch(/3 to import, 0 to add, 1 to change, 0 to destroy/);
    const { resourceVersion } = (await cluster.secret(first, SECRET_NAME))?.metadata ?? {};
    expectWell(await stack.apply("plan.bin"));
    expect((await cluster.secret(first, SECRET_NAME))?.metadata.resourceVersion).toBe(resourceVersion);
    await expectDeployed();
    return undefined;
  });

  see("adoption of somebody else's Secret", async () => {
    const made = await cluster.create<SecretObject>("secrets", {
      metadata: { name: ADOPTED, namespace: first },
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
    });
    stack.write(coreHcl(owner, namespaces) + adoptedHcl(first));
    const planned = expectWell(await stack.plan());
    expect(planned.changes).toEqual({ "registry_pull_secret.adopted": ["create"] });
    expect(planned.messages).toMatchObject([{ severity: "warning", summary: "Secrets would be taken over" }]);
    expectWell(await stack.apply("plan.bin"));
    expect((await cluster.secret(first, ADOPTED))?.metadata.uid).toBe(made.metadata.uid);
    expect(await cluster.dockerConfig(first, ADOPTED)).toMatchObject({ auths: { [PARTNER]: { password: PASSWORD } } });
    await expectDeployed();
    return undefined;
  });

  see("drift: seen and repaired", async () => {
    await cluster.delete("secrets", first, SECRET_NAME);
    await cluster.edit("secrets", second, SECRET_NAME, (secret) => ({
      ...secret,
      data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
    }));
    await cluster.edit<ServiceAccountObject>("serviceaccounts", first, "default", (account) => ({
      ...account,
      imagePullSecrets: [],
    }));
    const planned = expectWell(await stack.plan());
    expect(planned.changes).toEqual({ [PULL_SECRET]: ["update"], [PATCH]: ["update"] });
    expect(planned.text).toMatch(/"missing" -> "in_sync"[\s\S]+"edited" -> "in_sync"/);
    const env = { ...stack.environmentOf([]), TERRAFORM_BINARY_NAME: engineOf(module).path };
    const drift = () => runCli(["drift", stack.folder, "--json"], env);
    const drifted = await drift();
    const [report] = JSON.parse(drifted.stdout).stacks;
    expect(report.items.map(({ address, target, verdict }: DriftedItem) => [address, target, verdict])).toEqual([
      [PULL_SECRET, first, "missing"],
      [PULL_SECRET, second, "edited"],
      [PATCH, `${first}/default`, "missing"],
    ]);
    expect([drifted.code, report.messages]).toEqual([2, []]);
    expectWell(await stack.apply());
    await expectDeployed();
    expect((await drift()).code).toBe(0);
    return undefined;
  });

  see("rotation: the new token before the old one goes", async () => {
    const former = await bluemix.onlyLiving(owner);
    const planned = expectWell(await stack.plan(`-replace=${TOKEN}`));
    expect(planned.changes).toEqual({ [TOKEN]: ["create", "delete"], [PULL_SECRET]: ["update"] });
    const { output: json } = await stack.run("show", "-json", "plan.bin");
    const review = await runCli(["review", "--from", "-", "--json", owner], {}, { stdin: async () => json });
    expect(JSON.parse(review.stdout).stacks[0]).toMatchObject({
      verdict: "rotate",
      credentials: [{ address: TOKEN, reason: "a replacement was asked for", overlaps: true }],
      access: [{ action: "rotate", namespaces, service_accounts: ["default"] }],
    });
    expectWell(await stack.apply("plan.bin"));
    expect((await bluemix.onlyLiving(owner)).id).not.toBe(former.id);
    await expectDeployed();
    return undefined;
  });

  see("destroy", async () => {
    expectWell(await stack.destroy());
    expect(await cluster.secret(first, ADOPTED)).toBeUndefined();
    expect(await Promise.all(namespaces.map((namespace) => cluster.secret(namespace, SECRET_NAME)))).toEqual([
      undefined,
      undefined,
    ]);
    expect(await linked()).toEqual([[], []]);
    expect(await bluemix.living(owner)).toEqual([]);
    return undefined;
  });

  if (isAtLeast(module, "1.11")) {
    see("ephemeral `registry_token`, write-only `password_wo`", async () => {
      const lookup = `ephemeral "registry_token" "ci" {\n  issuer = "dedicated"\n  description = "${SEEDED_TOKEN}"\n}`;
      stack.write(writeOnlyHcl(owner, first, lookup, "ephemeral.registry_token.ci.value"));
      expectWell(await stack.apply());
      const seeded = (await bluemix.tokens()).find(
        ({ description, region }) => description === SEEDED_TOKEN && region === DEDICATED.region,
      );
      expect(await dedicatedPassword(cluster, first, SECRET_NAME)).toBe(seeded?.value);
      expect(readState(stack)).not.toContain(seeded?.value);
      expect(await changes(stack)).toEqual({});
      expectWell(await stack.destroy());
      return undefined;
    });
  } else {
    see("ephemeral `registry_token`, write-only `password_wo`", async () => {
      stack.write(writeOnlyHcl(owner, first, "", JSON.stringify(PASSWORD)));
      const findings = findingsOf(await stack.run("validate", "-json"));
      expect(findings).toMatchObject([{ severity: "error", detail: expect.stringContaining("password_env") }]);
      return "`password_wo` refused at validation";
    });
  }
});

describe("a state that moves", () => {
  it("Terraform 1.5 → OpenTofu 1.6 → Terraform 1.11 → OpenTofu 1.12 → Terraform 1.11: each finds nothing to do, and rotates", async () => {
    const [oldest, terraform, oldTofu, opentofu] = ENGINE_MODULES;
    if (oldest === undefined || terraform === undefined || oldTofu === undefined || opentofu === undefined) {
      throw new Error("an engine is missing");
    }
    const owner = "tests/engine-moves";
    await cluster.createNamespace("engine-moves");
    const stack = await newStack(oldest);
    const on = (module: EngineModule) => openStack(stack.folder, engineOf(module).path, stack.env);
    try {
      stack.write(coreHcl(owner, ["engine-moves"]));
      expectWell(await stack.apply());
      for (const module of [oldTofu, terraform, opentofu, terraform]) {
        const next = on(module);
        expect({ module: module.name, changes: await changes(next) }).toEqual({ module: module.name, changes: {} });
        expectWell(await next.apply(`-replace=${TOKEN}`));
        expect(await dedicatedPassword(cluster, "engine-moves", SECRET_NAME)).toBe((await bluemix.onlyLiving(owner)).value);
      }
      expectWell(await on(terraform).destroy());
      expect(await bluemix.living(owner)).toEqual([]);
    } finally {
      removeStack(stack);
    }
  });
});

describe("main.ts on OpenTofu", () => {
  const module = ENGINE_MODULES.at(-1) as EngineModule;
  let main: MainStack;
  beforeAll(async () => {
    main = await startMainStack("engines-main", ".", {}, { engine: engineOf(module), cluster });
  });

  const capability = "`main.ts` by plain `cdktf deploy`";
  it(
    capability,
    table.seen(module, capability, async () => {
      wentWell(await main.cdktf("deploy", "--auto-approve"));
      const tofu = await main.terraform();
      const lock = readFileSync(join(tofu.folder, ".terraform.lock.hcl"), "utf8");
      for (const address of [ADDRESS, "registry.opentofu.org/hashicorp/kubernetes"]) {
        expect(lock).toMatch(new RegExp(`^provider "${address}" \\{[^}]+"h1:`, "m"));
      }
      expect(wentWell(await tofu.run("plan", "-no-color", "-detailed-exitcode"))).toContain("No changes");
      for (const namespace of ["team-a", "team-b"]) {
        expect(await bluemix.pull(namespace, "registry-pull")).toMatchObject({ fault: undefined });
      }
      wentWell(await main.cdktf("destroy", "--auto-approve"));
      return undefined;
    }),
  );
});

describe("docs/compatibility.md", () => {
  it("shows the table as run", () => {
    const current = table.render();
    expect(withoutPatches(publishedTable(current))).toBe(withoutPatches(current));
  });
});
