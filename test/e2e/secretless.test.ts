/** No secret of a run lies in anything that the run leaves behind: searched for decoded, in every place, at every moment. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SecretObject } from "../../lib/clients/kubernetes/client";
import { type SecretSource, searchSecrets, textSource } from "../support/secret-search";
import { type Bluemix, dedicatedIssuer, openBluemix } from "./support/emulator";
import { photograph, takeLog } from "./support/evidence";
import { type LimitedCluster, underRoles } from "./support/identities";
import { type MainStack, startMainStack } from "./support/main-stack";
import { type ArgumentWatch, watchArguments } from "./support/process-arguments";
import { createStack, type Run, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const LOGS = mkdtempSync(join(tmpdir(), "secretless-"));
const LOG = join(LOGS, "trace.log");
const markers = new Map<string, string>();
const places: SecretSource[] = [];
let main: MainStack;
/** For stacks beside main.ts. */
let limited: LimitedCluster;
let bluemix: Bluemix;
let watch: ArgumentWatch;

/** A value that is nowhere else, and remembered. */
function marker(name: string): string {
  const value = `marker-${name}-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
  markers.set(name, value);
  return value;
}

function readKubeconfig(): { readonly users: [{ user: { [name: string]: unknown } }] } {
  return JSON.parse(readFileSync(main.cluster.state.kubeconfig, "utf8"));
}

function markCredentials(): void {
  const { bluemix: login, partner, controlSecret } = bluemix.credentials;
  for (const [name, secret] of Object.entries({ ...login, partner: partner.password, controlSecret })) {
    if (typeof secret !== "string") markers.set(name, secret.reveal());
  }
  const { users } = readKubeconfig();
  const key = Buffer.from(String(users[0].user["client-key-data"]), "base64").toString("utf8");
  // Its second line is enough of the key, and long enough to stand alone.
  markers.set("the kubeconfig's client key", key.split("\n")[1] ?? "");
}

async function markTokens(): Promise<void> {
  for (const { region, id, value } of await bluemix.control.tokens()) {
    markers.set(`token ${region} ${id}`, value);
    const [header = "", , signature = ""] = value.split(".");
    markers.set(`signature of token ${region} ${id}`, signature);
    // The emulator's access tokens are signed alike: their header finds those too, and every other token that it ever handed out.
    markers.set("any of the emulator's JWTs", header);
  }
}

function keep(moment: string, what: string, { output }: Run): void {
  places.push(textSource(`${what} @ ${moment}`, output));
}

beforeAll(async () => {
  const trace = { TF_LOG: "TRACE", TF_LOG_PATH: LOG, CDKTF_LOG_LEVEL: "trace" };
  main = await startMainStack("e2e-secretless", ".", trace);
  limited = await underRoles(main.cluster, { pullSecrets: ["pull"], serviceAccounts: ["default"] });
  bluemix = openBluemix(main.cluster.state);
  markCredentials();
  watch = watchArguments();
});
afterAll(async () => {
  watch?.stop();
  await main?.stop();
  rmSync(LOGS, { recursive: true, force: true });
});

describe("secretless: the life of main.ts under TF_LOG=TRACE", () => {
  let terraform: Stack;

  /** One step of the life: run, then everything that lies around. */
  async function live(moment: string, ...runs: readonly (() => Promise<Run>)[]): Promise<void> {
    for (const [index, run] of runs.entries()) {
      const ran = await run();
      if (ran.code !== 0) throw new Error(`${moment}: ${ran.output.slice(-4000)}`);
      keep(moment, `output ${index}`, ran);
    }
    await markTokens();
    places.push(...takeLog(LOG, moment), ...photograph(main.project.folder, moment));
  }

  beforeAll(async () => {
    const { cdktf } = main;
    const planned = (name: string, ...args: readonly string[]) => [
      () => terraform.run("plan", "-no-color", `-out=${name}`, ...args),
      () => terraform.run("show", "-json", name),
      () => terraform.run("show", "-no-color", name),
      () => terraform.run("show", "-json"),
      () => terraform.run("state", "pull"),
    ];
    await live("synth", () => cdktf("synth"));
    terraform = await main.terraform();
    await live("first plan", () => terraform.run("init", "-no-color"), ...planned("first.bin"));
    await live("apply", () => cdktf("deploy", "--auto-approve"));
    await live("plan without changes", ...planned("second.bin"));
    await main.cluster.edit<SecretObject>("secrets", "team-b", "registry-pull", (secret) => ({
      ...secret,
      data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
    }));
    const [issued] = (await bluemix.control.tokens()).filter(({ description }) => description.startsWith("pull secrets"));
    await bluemix.control.revoke(issued?.id ?? "");
    terraform.env.TF_VAR_partner_password = marker("the partner's next password");
    await live("drift and rotation", ...planned("drift.bin"), () => terraform.run("apply", "-no-color", "drift.bin"));
    await live("destroy plan", ...planned("destroy.bin", "-destroy"));
    await live("destroy", () => cdktf("destroy", "--auto-approve"));
  });

  it("leaves no secret anywhere: state, backups, plans, show -json, cdktf.out, logs, output", () => {
    expect(searchSecrets(markers, places)).toEqual([]);
  });

  it("is searched where it matters: a public value that was there is found in each place", () => {
    const known = new Map([["an address", "registry_pull_secret.access"], ...publicCredentialIds()]);
    const found = new Set(searchSecrets(known, places).map(({ source }) => source));
    const expected = [
      "terraform.registry-access.tfstate @ apply",
      "terraform.registry-access.tfstate.backup @ drift and rotation",
      "cdktf.out/stacks/registry-access/second.bin @ plan without changes > zip",
      "cdktf.out/stacks/registry-access/drift.bin @ drift and rotation > zip",
      "cdktf.out/stacks/registry-access/destroy.bin @ destroy plan > zip",
      "output 0 @ plan without changes",
      "output 1 @ plan without changes",
      "output 2 @ destroy plan",
      "output 3 @ plan without changes",
      "TRACE log @ plan without changes",
    ];
    expect(expected.filter((place) => !found.has(place))).toEqual([]);
    const names = new Map([["the variable's name", "partner_password"]]);
    const elsewhere = searchSecrets(names, places).map(({ source }) => source);
    expect(elsewhere).toContain("cdktf.out/stacks/registry-access/cdk.tf.json @ synth");
  });

  it("is searched for real: a planted secret is found, packed and encoded", () => {
    const [[name, value] = ["", ""]] = markers;
    const state = places.find((place) => place.name === "terraform.registry-access.tfstate @ apply");
    const planted = String(state?.data).replace(
      '"serial"',
      `"note": "${Buffer.from(`a:${value}`).toString("base64")}", "serial"`,
    );
    expect(searchSecrets(markers, [textSource("planted state", planted)])).toEqual([
      { marker: name, source: "planted state", encoding: "base64" },
    ]);
  });

  /** Of the tokens that were issued, as the states have them: no secrets. */
  function publicCredentialIds(): [string, string][] {
    const states = places.filter(({ name }) => name.startsWith("terraform.registry-access.tfstate @"));
    const ids = states.flatMap(({ data }) => [...String(data).matchAll(/"credential_id": "(dedicated\/[^"]+)"/g)]);
    return ids.map(([, id = ""]) => [id, id]);
  }
});

describe("secretless: what goes wrong, under TF_LOG=TRACE", () => {
  const token = (issuers: string, rest = "") => ({ issuers, resources: `${TOKEN}\n${rest}` });
  const pull = (registry: string, more: Partial<Mistake> = {}): Mistake => ({
    resources: `resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ["default", "no-such-namespace"]
  registries = [${registry}]
}`,
    ...more,
  });
  const TOKEN = 'resource "registry_token" "pull" {\n  issuer = "dedicated"\n  name = "pull"\n  description = "wrong"\n}';
  const login = (lines: string) => token(dedicatedIssuer(main.cluster.state, lines));
  interface Mistake {
    readonly issuers?: string;
    readonly resources: string;
    readonly kubernetes?: string;
    readonly env?: { readonly [name: string]: string };
    readonly prepare?: (secret: string) => Promise<unknown> | undefined;
  }
  /** A kubeconfig with another user, its secret where `SECRET` stands; `spoil` makes something else than YAML of it. */
  const kubeconfigWith =
    (user: object, spoil: (text: string) => string = String) =>
    (secret: string) => {
      const config = readKubeconfig();
      config.users[0].user = { ...user };
      const text = spoil(JSON.stringify(config, null, 2)).replaceAll("SECRET", secret);
      writeFileSync(join(main.cluster.state.folder, "wrong-kubeconfig"), text);
      return undefined;
    };
  const wrongKubeconfig = () => `{ config_path = ${JSON.stringify(join(main.cluster.state.folder, "wrong-kubeconfig"))} }`;
  const echo = (secret: string) =>
    bluemix.control.addFault({
      listener: "dedicated",
      method: "POST",
      times: 20,
      status: 400,
      json: { error: "invalid", error_description: `no such login: ${secret}`, message: `no such login: ${secret}` },
    });

  const mistakes: { readonly [name: string]: () => Mistake } = {
    "a wrong API key": () => login("api_key = var.secret"),
    "a wrong password": () => login('username = "ada@acme.example.com"\n password = var.secret'),
    "a wrong passcode": () => login("passcode = var.secret"),
    "a wrong access token": () => login("oauth_token = var.secret"),
    "a login service that echoes the login": () => ({ ...login("api_key = var.secret"), prepare: echo }),
    "an endpoint with a password in it": () =>
      token(
        dedicatedIssuer(main.cluster.state, "api_key = var.secret").replace(
          /api_endpoint +=.*/,
          'api_endpoint = format("https://ada:%s@127.0.0.1:1", var.secret)',
        ),
      ),
    "a proxy with a password that refuses": () => ({
      ...login("api_key = var.secret"),
      issuers: dedicatedIssuer(main.cluster.state, "api_key = var.secret").replace(
        /api_endpoint +=.*/,
        'api_endpoint = "https://api.acme.example.com"',
      ),
      env: { HTTPS_PROXY: "http://ada:SECRET@127.0.0.1:1" },
    }),
    "a namespace that isn't there": () => pull('{ hosts = ["a.example"], username = "acme", password_wo = var.secret }'),
    "a host with a path": () => pull('{ hosts = ["https://a.example/v2"], username = "acme", password_wo = var.secret }'),
    "a user name with a colon": () => pull('{ hosts = ["a.example"], username = "ac:me", password_wo = var.secret }'),
    "a password without a user name": () => pull('{ hosts = ["a.example"], password_wo = var.secret }'),
    "two entries for one host": () =>
      pull(
        '{ hosts = ["a.example"], username = "a", password_wo = var.secret }, { hosts = ["a.example"], username = "b", password_wo = var.secret }',
      ),
    "an environment variable that may not be read": () =>
      pull('{ hosts = ["a.example"], username = "acme", password_env = "OTHER_PASSWORD" }', {
        env: { OTHER_PASSWORD: "SECRET" },
      }),
    "a kubeconfig with a wrong token": () =>
      pull('{ hosts = ["a.example"], username = "acme", password_wo = var.secret }', {
        kubernetes: wrongKubeconfig(),
        prepare: kubeconfigWith({ token: "SECRET" }),
      }),
    "a kubeconfig that is no YAML": () =>
      pull('{ hosts = ["a.example"], username = "acme", password_wo = var.secret }', {
        kubernetes: wrongKubeconfig(),
        prepare: kubeconfigWith({ token: "SECRET" }, (text) => text.replace('"SECRET"', '"SECRET" }]: [')),
      }),
    "a credential plugin that prints no credential": () =>
      pull('{ hosts = ["a.example"], username = "acme", password_wo = var.secret }', {
        kubernetes: wrongKubeconfig(),
        prepare(secret) {
          // Not as an argument: those are watched.
          const printed = join(main.cluster.state.folder, "printed");
          writeFileSync(printed, `{ "token": "${secret}"`);
          const apiVersion = "client.authentication.k8s.io/v1";
          return kubeconfigWith({ exec: { apiVersion, command: "/bin/cat", args: [printed], interactiveMode: "Never" } })(secret);
        },
      }),
  };

  it.each(Object.keys(mistakes))("%s: an error, without the secret", async (name) => {
    const { issuers, resources, kubernetes, env = {}, prepare } = mistakes[name]?.() ?? { resources: "" };
    const secret = marker(name.replace(/[^a-z]+/gi, "-"));
    const own = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value.replace("SECRET", secret)]));
    const stack = await createStack("secretless", { TF_LOG: "TRACE", TF_VAR_secret: secret, ...own }, undefined, limited.envOf);
    stack.env.TF_LOG_PATH = join(stack.folder, "trace.log");
    try {
      await prepare?.(secret);
      stack.write(`
provider "registry" {
  owner      = "tests/secretless"
  kubernetes = ${kubernetes ?? limited.kubernetes}
  issuers    = ${issuers ?? "{}"}
}
variable "secret" {
  type      = string
  ephemeral = true
  sensitive = true
}
${resources}
`);
      const applied = await stack.apply();
      expect({
        failed: applied.code !== 0,
        errors: applied.messages.filter(({ severity }) => severity === "error").length,
      }).toEqual({
        failed: true,
        errors: expect.any(Number),
      });
      expect(applied.output).not.toMatch(/bug in the provider|our bug|panic|Inconsistent/i);
      const plain = await stack.run("apply", "-auto-approve", "-no-color");
      const evidence = [
        textSource("output", applied.output),
        textSource("plain output", plain.output),
        ...photograph(stack.folder, name),
      ];
      expect(evidence.map((source) => source.name)).toContain(`trace.log @ ${name}`);
      expect(searchSecrets(markers, evidence)).toEqual([]);
    } finally {
      await bluemix.control.clearFaults();
      removeStack(stack);
    }
  });
});

describe("secretless: a copied source and a certificate, under TF_LOG=TRACE", () => {
  const at = { namespace: "kube-public", name: "pull" };
  const contentOf = (copied: string, other: string) => {
    const auths = { "us.icr.io": { username: "iamapikey", password: copied }, "de.icr.io": { username: "a", password: other } };
    return { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths })).toString("base64") };
  };

  it("what others wrote into the source stands in the copies, and nowhere else; nor does a certificate bring a key along", async () => {
    const { state } = main.cluster;
    const [first, other, next] = ["source", "not-copied", "next-of-the-source"].map(marker);
    const key = readFileSync(state.caFile.replace(/\.crt$/, ".key"), "utf8");
    markers.set("the key of the certificate's CA", key.split("\n")[1] ?? "");
    await main.cluster.create<SecretObject>("secrets", {
      metadata: at,
      type: "kubernetes.io/dockerconfigjson",
      data: contentOf(first ?? "", other ?? ""),
    });
    const stack = await createStack("secretless-copy", { TF_LOG: "TRACE" }, undefined, limited.envOf);
    stack.env.TF_LOG_PATH = join(stack.folder, "trace.log");
    const evidence: SecretSource[] = [];
    const run = async (moment: string, ...args: readonly string[]) => {
      const ran = await stack.run(...args);
      if (ran.code !== 0) throw new Error(`${moment}: ${ran.output.slice(-4000)}`);
      evidence.push(textSource(`output @ ${moment}`, ran.output), ...photograph(stack.folder, moment));
    };
    const host = new URL(state.bluemix.regions.dedicated.tlsUrl).host;
    try {
      stack.write(`
provider "registry" {
  owner      = "tests/secretless"
  kubernetes = ${limited.kubernetes}
}
resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ["default"]
  registries = [{ copy_from = { namespace = "${at.namespace}", name = "${at.name}", hosts = ["us.icr.io"] } }]
}
data "registry_certificate" "host" {
  host           = ${JSON.stringify(host)}
  ca_certificate = ${JSON.stringify(readFileSync(state.caFile, "utf8"))}
}
output "ca" {
  value = data.registry_certificate.host.ca_pem
}
`);
      await run("init", "init", "-no-color");
      await run("apply", "apply", "-auto-approve", "-no-color");
      const held = Buffer.from((await main.cluster.secret("default", "pull"))?.data?.[".dockerconfigjson"] ?? "", "base64");
      expect([held.includes(first ?? ""), held.includes("de.icr.io")]).toEqual([true, false]);
      await main.cluster.edit<SecretObject>("secrets", at.namespace, at.name, (secret) => ({
        ...secret,
        data: contentOf(next ?? "", other ?? ""),
      }));
      await run("plan of the change", "plan", "-out=change.bin", "-no-color");
      await run("show", "show", "-json", "change.bin");
      await run("change", "apply", "-no-color", "change.bin");
      await run("state", "state", "pull");
      await run("destroy", "destroy", "-auto-approve", "-no-color");
    } finally {
      removeStack(stack);
      await main.cluster.delete("secrets", at.namespace, at.name);
    }
    expect(searchSecrets(new Map([["the resource", "registry_certificate"]]), evidence)).not.toEqual([]);
    expect(evidence.map((source) => source.name)).toContain("trace.log @ change");
    expect(searchSecrets(markers, evidence)).toEqual([]);
  });
});

describe("secretless: process arguments", () => {
  it("no process was ever started with a secret", () => {
    const lines = watch.seen();
    expect(lines.filter((line) => /terraform|tofu/.test(line)).length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes("cdktf deploy")).length).toBeGreaterThan(0);
    expect(searchSecrets(markers, [textSource("process arguments", lines.join("\n"))])).toEqual([]);
  });
});
