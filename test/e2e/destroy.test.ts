/** Destroy takes away what a stack made, and nothing else. */
import type { SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { SEEDED_TOKEN } from "../../sandbox";
import { type Bluemix, openBluemix } from "./support/emulator";
import { underRoles } from "./support/identities";
import { type MainStack, startMainStack } from "./support/main-stack";
import { createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

let main: MainStack;
let bluemix: Bluemix;

beforeAll(async () => {
  main = await startMainStack("e2e-destroy");
  bluemix = openBluemix(main.cluster.state);
});
afterAll(() => main?.stop());

/** The tokens that the registry still takes. */
async function livingTokens(): Promise<string[]> {
  const tokens = await bluemix.control.tokens();
  return tokens
    .filter(({ revoked, expired }) => !revoked && !expired)
    .map(({ region, description }) => `${region}: ${description}`);
}
const SEEDED = [`dedicated: ${SEEDED_TOKEN}`, `us-south: ${SEEDED_TOKEN}`];

/** A ServiceAccount without what changes at every write. */
async function accountOf(namespace: string, name = "default"): Promise<object> {
  const account = await main.cluster.serviceAccount(namespace, name);
  if (account === undefined) throw new Error(`ServiceAccount ${namespace}/${name} is not there`);
  const {
    resourceVersion: _,
    managedFields: __,
    ...metadata
  } = account.metadata as ServiceAccountObject["metadata"] & {
    readonly managedFields?: unknown;
  };
  return { ...account, metadata };
}

const link = (namespace: string, ...names: readonly string[]) =>
  main.cluster.edit<ServiceAccountObject>("serviceaccounts", namespace, "default", (account) => ({
    ...account,
    imagePullSecrets: [...(account.imagePullSecrets ?? []), ...names.map((name) => ({ name }))],
  }));

describe("destroy: a stack in namespaces that it did not make", () => {
  /** `bare` had no entries at all, `linked` some of others, `marked` also others' annotations. */
  const namespaces = ["bare", "linked", "marked"];
  const before = new Map<string, object>();
  let stack: Stack;

  beforeAll(async () => {
    await Promise.all(namespaces.map((namespace) => main.cluster.createNamespace(namespace)));
    for (const namespace of namespaces)
      await main.cluster.create("serviceaccounts", { metadata: { name: "builder", namespace } });
    await link("linked", "theirs-first", "theirs-second");
    await main.cluster.edit<ServiceAccountObject>("serviceaccounts", "marked", "default", (account) => ({
      ...account,
      metadata: { ...account.metadata, annotations: { "theirs.example/note": "kept" }, labels: { theirs: "kept" } },
      imagePullSecrets: [{ name: "theirs-first" }],
    }));
    await main.cluster.create<SecretObject>("secrets", {
      metadata: { name: "theirs-first", namespace: "linked" },
      type: "Opaque",
      data: { key: "dGhlaXJz" },
    });
    for (const namespace of namespaces) before.set(namespace, await accountOf(namespace));

    const names = { pullSecrets: ["pull"], serviceAccounts: ["default", "builder"] };
    const { kubernetes, envOf } = await underRoles(main.cluster, names);
    stack = await createStack("destroy", { ...bluemix.env, TF_VAR_password: "hunter22-destroy" }, undefined, envOf);
    stack.write(`
provider "registry" {
  owner      = "tests/destroy"
  kubernetes = ${kubernetes}
  issuers    = ${bluemix.issuers}
}
variable "password" {
  type      = string
  ephemeral = true
}
resource "registry_token" "pull" {
  issuer      = "dedicated"
  name        = "pull"
  description = "destroy"
}
resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ${JSON.stringify(namespaces)}
  registries = [
    { hosts = registry_token.pull.hosts, credential_id = registry_token.pull.credential_id },
    { hosts = ["registry.partner.example:5000"], username = "acme", password_wo = var.password },
  ]
}
resource "registry_service_account_patch" "patch" {
  namespaces       = ${JSON.stringify(namespaces)}
  service_accounts = ["default", "builder"]
  pull_secrets     = [registry_pull_secret.pull.name]
}
`);
    expectWell(await stack.apply());
    for (const namespace of namespaces) {
      expect(await main.cluster.secret(namespace, "pull")).toBeDefined();
      for (const account of ["default", "builder"]) {
        expect(await accountOf(namespace, account)).toMatchObject({
          imagePullSecrets: expect.arrayContaining([{ name: "pull" }]),
        });
      }
    }
    expect((await livingTokens()).length).toBe(SEEDED.length + 1);
    // Meanwhile somebody links a secret behind ours.
    await link("linked", "theirs-last");
    expectWell(await stack.destroy());
  });
  afterAll(() => removeStack(stack));

  it("its token is revoked; others' tokens live", async () => {
    expect(await livingTokens()).toEqual(SEEDED);
  });

  it("its Secrets are gone; others' are there", async () => {
    for (const namespace of namespaces) expect(await main.cluster.secret(namespace, "pull")).toBeUndefined();
    expect((await main.cluster.secret("linked", "theirs-first"))?.data).toEqual({ key: "dGhlaXJz" });
  });

  it.each(["bare", "marked"])("the ServiceAccount of %s is exactly as before", async (namespace) => {
    expect(await accountOf(namespace)).toEqual(before.get(namespace));
  });

  it("foreign entries stay in their order, also the one that came in between", async () => {
    expect(await accountOf("linked")).toEqual({
      ...before.get("linked"),
      imagePullSecrets: [{ name: "theirs-first" }, { name: "theirs-second" }, { name: "theirs-last" }],
    });
  });

  it("namespaces that it did not make stay", async () => {
    const at = { apiVersion: "v1", resource: "namespaces" };
    const found = await main.cluster.client.list(at, {}, new AbortController().signal);
    expect(found.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(namespaces));
  });

  it("the state is empty, and another destroy has nothing to do", async () => {
    expect((await stack.run("state", "list")).output.trim()).toBe("");
    expect(expectWell(await stack.destroy()).messages).toEqual([]);
  });
});

describe("destroy: main.ts", () => {
  it("cdktf destroy revokes the token that was issued, keeps the one looked up, and removes the namespaces it made", async () => {
    const deployed = await main.cdktf("deploy", "--auto-approve");
    expect({ ...deployed, output: deployed.code === 0 ? "" : deployed.output }).toEqual({ code: 0, output: "" });
    expect((await livingTokens()).length).toBe(SEEDED.length + 1);
    const destroyed = await main.cdktf("destroy", "--auto-approve");
    expect({ ...destroyed, output: destroyed.code === 0 ? "" : destroyed.output }).toEqual({ code: 0, output: "" });
    expect(await livingTokens()).toEqual(SEEDED);
    const at = { apiVersion: "v1", resource: "namespaces" };
    const left = await main.cluster.client.list(at, {}, new AbortController().signal);
    expect(left.map(({ metadata }) => metadata.name).filter((name) => name.startsWith("team-"))).toEqual([]);
  });
});
