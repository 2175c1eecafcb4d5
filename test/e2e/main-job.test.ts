/** The main job: `main.ts` by plain `cdktf deploy`, and what it made on the cluster, at the registries and in Terraform's eyes. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "../../lib/clients/kubernetes/client";
import { DEDICATED, REGIONAL, SEEDED_TOKEN } from "../../sandbox";
import type { ControlledToken } from "../../sandbox/emulators/bluemix/control-client";
import { runCli } from "../cli/support/run";
import { until } from "./support/cluster";
import { type Bluemix, openBluemix } from "./support/emulator";
import { underRoles } from "./support/identities";
import { type MainStack, startMainStack } from "./support/main-stack";
import { pull } from "./support/pull";
import { createStack, expectWell, type Run, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const NAMESPACES = ["team-a", "team-b"];
let main: MainStack;
let bluemix: Bluemix;
let terraform: Stack;
let partner: string;

beforeAll(async () => {
  main = await startMainStack("e2e-main-job");
  bluemix = openBluemix(main.cluster.state);
  partner = main.cluster.state.registries.private.host;
  wentWell(await main.cdktf("deploy", "--auto-approve"));
  terraform = await main.terraform();
});
afterAll(() => main?.stop());

function wentWell({ code, output }: Run): string {
  if (code !== 0) throw new Error(output);
  return output;
}

async function tokenOf(region: string, is: (token: ControlledToken) => boolean): Promise<ControlledToken> {
  const found = (await bluemix.control.tokens()).filter((token) => token.region === region && is(token));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${region} has ${found.length} such tokens, not one.`);
  return found[0];
}
const issuedToken = () => tokenOf(DEDICATED.region, ({ description, revoked }) => description !== SEEDED_TOKEN && !revoked);
const lookedUpToken = () => tokenOf(REGIONAL.region, ({ description }) => description === SEEDED_TOKEN);

const entry = (username: string, password: string, more: object = {}) => ({
  username,
  password,
  ...more,
  auth: Buffer.from(`${username}:${password}`).toString("base64"),
});

/** The `auth` of a registry host in a namespace's Secret, read back from the cluster. */
async function authOf(namespace: string, host: string): Promise<string> {
  const config = (await main.cluster.dockerConfig(namespace, "registry-pull")) as {
    readonly auths: { readonly [host: string]: { readonly auth: string } };
  };
  return config.auths[host]?.auth ?? "";
}

async function pods(namespace: string, app: string): Promise<unknown[]> {
  const found = await main.cluster.client.list<KubernetesObject & { readonly spec: { readonly imagePullSecrets?: unknown } }>(
    { apiVersion: "v1", resource: "pods", namespace },
    { labelSelector: `app=${app}` },
    new AbortController().signal,
  );
  return found.map(({ spec }) => spec.imagePullSecrets ?? []);
}

describe("registry-access review", () => {
  it("synthesizes main.ts, plans it, and finds nothing to do", async () => {
    const { project } = main;
    const env = terraform.environmentOf(["plan"]);
    rmSync(join(project.folder, "cdktf.out/manifest.json"));
    const { code, stdout, stderr } = await runCli(["review"], env, { folder: project.folder });
    expect([code, stdout, stderr]).toEqual([0, expect.stringMatching(/^[\w-]+: no change\n$/), ""]);
    const broken = await runCli(["review"], { ...env, TERRAFORM_BINARY_NAME: "no-such-terraform" }, { folder: project.folder });
    expect([broken.code, broken.stderr]).toEqual([
      1,
      expect.stringMatching(/^Error: TERRAFORM_BINARY_NAME is "no-such-terraform"/),
    ]);
  });
});

describe("the main job: what it made", () => {
  it.each(NAMESPACES)("%s: the pull secret is exactly the docker config JSON of the four registries", async (namespace) => {
    const [issued, lookedUp] = await Promise.all([issuedToken(), lookedUpToken()]);
    const secret = await main.cluster.secret(namespace, "registry-pull");
    expect(secret?.type).toBe("kubernetes.io/dockerconfigjson");
    expect(Object.keys(secret?.data ?? {})).toEqual([".dockerconfigjson"]);
    expect(Buffer.from(secret?.data?.[".dockerconfigjson"] ?? "", "base64").toString("utf8")).toBe(
      JSON.stringify({
        auths: {
          [DEDICATED.hosts[0]]: entry("token", issued.value),
          [REGIONAL.hosts[0]]: entry("token", lookedUp.value),
          [REGIONAL.hosts[1]]: entry("token", lookedUp.value),
          [partner]: entry("acme", bluemix.credentials.partner.password.reveal(), { email: "a@b.c" }),
        },
      }),
    );
  });

  it.each(NAMESPACES)("%s: its ServiceAccount has the pull secret, once", async (namespace) => {
    const account = await main.cluster.serviceAccount(namespace);
    expect(account?.imagePullSecrets).toEqual([{ name: "registry-pull" }]);
  });

  it("the samples' Pods are there, and carry the pull secret", async () => {
    const linked = [{ name: "registry-pull" }];
    await until(async () => (await pods("team-a", "ibmliberty-deployment")).length === 3);
    await until(async () => (await pods("team-b", "nginx-deployment")).length === 3);
    expect(await pods("team-a", "ibmliberty-deployment")).toEqual([linked, linked, linked]);
    const at = { apiVersion: "v1", resource: "pods", namespace: "team-a", name: "sample-pod" };
    const pod = await main.cluster.client.get<KubernetesObject>(at, new AbortController().signal);
    expect(pod).toMatchObject({
      spec: { containers: [{ image: "registry.acme.example.com/acme/app" }], imagePullSecrets: linked },
    });
  });

  it("one token was issued, permanent and read-only; nothing else was written at the registries", async () => {
    expect(await issuedToken()).toMatchObject({
      expiresAt: null,
      write: false,
      revoked: false,
      description: expect.stringMatching(/^pull secrets of the teams \[.*cdktf-registry-access\/registry-access/),
    });
    const written = (await bluemix.control.requests()).filter(
      ({ method, path }) => method !== "GET" && path.includes("/api/v1/"),
    );
    expect(written.map(({ listener, method, path }) => `${listener} ${method} ${path}`)).toEqual([
      "dedicated POST /api/v1/tokens",
    ]);
  });
});

describe("the main job: pulls", () => {
  const cases = {
    "dedicated, by the issued token": { host: DEDICATED.hosts[0], repository: "acme/app", status: 200 },
    "regional, by the token that was looked up": { host: REGIONAL.hosts[0], repository: "team/ibmliberty", status: 200 },
    "international, by the same token": { host: REGIONAL.hosts[1], repository: "team/ibmliberty", status: 200 },
    "another private registry, by a password": { host: "partner", repository: "partner/app", status: 200 },
    "dedicated, but another organization's image": { host: DEDICATED.hosts[0], repository: "team/ibmliberty", status: 401 },
  };
  describe.each(NAMESPACES)("with what %s's Secret holds", (namespace) => {
    it.each(Object.entries(cases))("%s", async (_, { host, repository, status }) => {
      const auth = await authOf(namespace, host === "partner" ? partner : host);
      const pulled = await pull(partner, repository, auth);
      expect(pulled).toEqual({ status, bytes: status === 200 ? expect.any(Number) : 0 });
    });
  });

  it("anonymous: Docker Hub's stand-in hands out nginx, the private registry nothing", async () => {
    expect((await pull(main.cluster.state.registries.public.host, "library/nginx", undefined)).status).toBe(200);
    expect((await pull(partner, "acme/app", undefined)).status).toBe(401);
  });
});

describe("the main job: a second look", () => {
  it("a second cdktf deploy changes nothing", async () => {
    const before = await main.cluster.secret("team-a", "registry-pull");
    expect(wentWell(await main.cdktf("deploy", "--auto-approve"))).toContain("No changes");
    expect(await main.cluster.secret("team-a", "registry-pull")).toEqual(before);
  });

  it("cdktf diff says the same", async () => {
    expect(wentWell(await main.cdktf("diff"))).toContain("No changes");
  });

  it.each([
    ["plan", ["-detailed-exitcode"]],
    ["plan -refresh=false", ["-refresh=false", "-detailed-exitcode"]],
    // Terraform before 1.15 gives the wrong detailed exit code here (hashicorp/terraform#35117), so the plan itself is read, below.
    ["plan -refresh-only", ["-refresh-only"]],
  ])("terraform %s in the synthesized folder: no changes", async (_, args) => {
    const { code, output } = await terraform.run("plan", "-no-color", ...args);
    expect(output).toContain("No changes");
    expect(code).toBe(0);
  });

  it("a refresh finds every attribute as the state has it", async () => {
    wentWell(await terraform.run("plan", "-refresh-only", "-out=refresh.bin"));
    const [plan, state] = await Promise.all([terraform.run("show", "-json", "refresh.bin"), terraform.run("show", "-json")]);
    const { resource_drift, prior_state } = JSON.parse(wentWell(plan));
    expect(resource_drift).toBeUndefined();
    expect(prior_state.values).toEqual(JSON.parse(wentWell(state)).values);
  });
});

describe("the main job: logins", () => {
  let plain: Stack;
  afterEach(() => removeStack(plain));

  it("a stack without registry tokens never logs in", async () => {
    await main.cluster.createNamespace("no-login");
    const names = { pullSecrets: ["pull"], serviceAccounts: ["default"] };
    const { kubernetes, envOf } = await underRoles(main.cluster, names);
    plain = await createStack("no-login", { ...bluemix.env, TF_VAR_password: "hunter22-no-login" }, undefined, envOf);
    plain.write(`
provider "registry" {
  owner      = "tests/no-login"
  kubernetes = ${kubernetes}
  issuers    = ${bluemix.issuers}
}
variable "password" {
  type      = string
  ephemeral = true
}
resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ["no-login"]
  registries = [{ hosts = ["registry.partner.example:5000"], username = "acme", password_wo = var.password }]
}
resource "registry_service_account_patch" "patch" {
  namespaces       = ["no-login"]
  service_accounts = ["default"]
  pull_secrets     = [registry_pull_secret.pull.name]
}
`);
    await bluemix.control.clearRequests();
    expectWell(await plain.apply());
    expect(expectWell(await plain.plan()).changes).toEqual({});
    expectWell(await plain.destroy());
    expect(await bluemix.control.requests()).toEqual([]);
  });

  it("a plan that finds nothing to do looks the tokens up, and issues none", async () => {
    await bluemix.control.clearRequests();
    wentWell(await terraform.run("plan", "-no-color"));
    const requests = await bluemix.control.requests();
    expect(requests.filter(({ path }) => path.startsWith("/oauth/token")).length).toBeLessThanOrEqual(2);
    expect(requests.filter(({ method, path }) => method !== "GET" && !path.startsWith("/oauth/token"))).toEqual([]);
  });
});

describe("the main job: a revoked token", () => {
  it("stops pulling at once, in every namespace; the next deploy issues another, which pulls", async () => {
    const before = await issuedToken();
    await bluemix.control.revoke(before.id);
    for (const namespace of NAMESPACES) {
      expect((await pull(partner, "acme/app", await authOf(namespace, DEDICATED.hosts[0]))).status).toBe(401);
    }
    const plan = wentWell(await terraform.run("plan", "-no-color"));
    expect(plan).toMatch(/status\s+= "revoked" -> /);
    wentWell(await main.cdktf("deploy", "--auto-approve"));
    const after = await issuedToken();
    expect(after.id).not.toBe(before.id);
    for (const namespace of NAMESPACES) {
      expect((await pull(partner, "acme/app", await authOf(namespace, DEDICATED.hosts[0]))).status).toBe(200);
    }
  });
});
