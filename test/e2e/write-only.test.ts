/** Write-only passwords: noticed without anything to bump, stored nowhere, and refused to a client that would store them. */
import type { SecretObject } from "../../lib/clients/kubernetes/client";
import { toConfigKey } from "../../lib/domain/registry-host";
import type { ObjectValue } from "../../lib/provider/framework/value";
import { decodeObject, encodeObject } from "../../lib/provider/protocol/dynamic-value";
import type { WireDiagnostic, WireDynamicValue } from "../../lib/provider/protocol/messages";
import { isNested } from "../../lib/schema/attribute";
import { provider as providerSchema } from "../../lib/schema/provider";
import { pullSecret as pullSecretSchema } from "../../lib/schema/pull-secret";
import { buildProvider } from "../../scripts/build-provider";
import { connect, type Handshaken, handshake, type ProviderClient } from "../provider/client";
import { bluemixOf } from "./mistakes/bluemix";
import { startCluster } from "./support/cluster";
import { block, type Expressions, ephemeralVariable, object, quoted } from "./support/hcl";
import { type LimitedCluster, underRoles } from "./support/identities";
import { createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const ADDRESS = "registry_pull_secret.pull";
const HOST = "registry.partner.example";
let cluster: LimitedCluster;
let stack: Stack;
let namespaces: string[];
let count = 0;

beforeAll(async () => {
  cluster = await underRoles(await startCluster("write-only"), { pullSecrets: ["pull"], serviceAccounts: [] });
});
afterAll(() => cluster?.stop());

beforeEach(async () => {
  count += 1;
  namespaces = ["a", "b", "c"].map((letter) => `t${count}-${letter}`);
  await Promise.all(namespaces.map((namespace) => cluster.createNamespace(namespace)));
  const passwords = { TF_VAR_password: "hunter-1", REGISTRY_PASSWORD: "hunter-1" };
  stack = await createStack("write-only", passwords, undefined, cluster.envOf);
});
afterEach(() => removeStack(stack));

function hcl(entry: Expressions, used = namespaces.slice(0, 2)): string {
  const registry = object({ hosts: quoted([HOST]), username: quoted("acme"), ...entry });
  return [
    ephemeralVariable("password"),
    block('provider "registry"', { owner: quoted(`tests/write-only-${count}`), kubernetes: cluster.kubernetes }),
    block('resource "registry_pull_secret" "pull"', {
      name: quoted("pull"),
      namespaces: quoted(used),
      registries: `[${registry}]`,
    }),
  ].join("");
}

/** Namespace → UID and password of its Secret. */
async function written(
  host = HOST,
): Promise<{ readonly [namespace: string]: { readonly uid: string; readonly password: string } }> {
  const found = await Promise.all(
    namespaces.map(async (namespace) => {
      const secret = await cluster.secret(namespace, "pull");
      return secret === undefined
        ? []
        : [[namespace, { uid: secret.metadata.uid ?? "", password: passwordIn(secret, host) }] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

function passwordIn({ data }: SecretObject, host: string): string {
  const config = JSON.parse(Buffer.from(data?.[".dockerconfigjson"] ?? "", "base64").toString("utf8")) as {
    readonly auths: { readonly [key: string]: { readonly password: string } };
  };
  return config.auths[toConfigKey(host)]?.password ?? "";
}

/** The password of all Secrets; throws where they differ. */
async function thePassword(): Promise<string> {
  const passwords = new Set(Object.values(await written()).map(({ password }) => password));
  const [password, ...others] = passwords;
  if (password === undefined || others.length > 0) throw new Error(`${passwords.size} passwords`);
  return password;
}

async function changes(): Promise<unknown> {
  return expectWell(await stack.plan()).changes;
}

describe("write-only: a changed value", () => {
  const ways: { readonly [name: string]: { readonly entry: Expressions; readonly variable: string } } = {
    "password_wo from an ephemeral variable": { entry: { password_wo: "var.password" }, variable: "TF_VAR_password" },
    password_env: { entry: { password_env: quoted("REGISTRY_PASSWORD") }, variable: "REGISTRY_PASSWORD" },
  };
  it.each(Object.entries(ways))(
    "%s: is planned in place, applied, and then nothing is left to do",
    async (_, { entry, variable }) => {
      stack.write(hcl(entry));
      expectWell(await stack.apply());
      expect(await changes()).toEqual({});
      const before = await written();

      stack.env[variable] = "hunter-2";
      const { changes: planned, text } = expectWell(await stack.plan());
      expect(planned).toEqual({ [ADDRESS]: ["update"] });
      expect(text).toMatch(/~ fingerprint\s+= "scrypt\$\S+" -> \(known after apply\)/);
      expect(text).not.toMatch(/hunter|~ targets|~ registries|must be replaced/);
      expectWell(await stack.apply("plan.bin"));
      expect(await changes()).toEqual({});
      expect(await written()).toEqual(
        Object.fromEntries(Object.entries(before).map(([namespace, { uid }]) => [namespace, { uid, password: "hunter-2" }])),
      );
    },
  );

  it("with password_wo_version counts only where the version changes", async () => {
    const versioned = (version: number) => hcl({ password_wo: "var.password", password_wo_version: String(version) });
    stack.write(versioned(1));
    expectWell(await stack.apply());
    stack.env.TF_VAR_password = "hunter-2";
    expect(await changes()).toEqual({});
    expect(await thePassword()).toBe("hunter-1");
    stack.write(versioned(2));
    const { changes: planned, text } = expectWell(await stack.plan());
    expect(planned).toEqual({ [ADDRESS]: ["update"] });
    expect(text).toMatch(/~ password_wo_version = 1 -> 2/);
    expectWell(await stack.apply("plan.bin"));
    expect(await thePassword()).toBe("hunter-2");
    expect(await changes()).toEqual({});
  });

  it("from one way of giving it to the other is no other content", async () => {
    stack.write(hcl({ password_wo: "var.password" }));
    expectWell(await stack.apply());
    const before = await written();
    stack.write(hcl({ password_env: quoted("REGISTRY_PASSWORD") }));
    expectWell(await stack.apply());
    expect(await written()).toEqual(before);
    expect(await changes()).toEqual({});
  });

  it("of a looked-up registry token, handed over by an ephemeral resource", async () => {
    const bluemix = bluemixOf(cluster.state);
    const value = async (id: string) => (await bluemix.tokens()).find((token) => token.id === id)?.value;
    const configuration = (id: string) =>
      [
        ephemeralVariable("bluemix_password"),
        block('provider "registry"', {
          owner: quoted("tests/ephemeral"),
          kubernetes: cluster.kubernetes,
          issuers: object({ dedicated: bluemix.issuer() }),
        }),
        block('ephemeral "registry_token" "ci"', { issuer: quoted("dedicated"), id: quoted(id) }),
        block('resource "registry_pull_secret" "pull"', {
          name: quoted("pull"),
          namespaces: quoted(namespaces),
          registries: `[${object({
            hosts: quoted([HOST]),
            username: quoted("token"),
            password_wo: "ephemeral.registry_token.ci.value",
          })}]`,
        }),
      ].join("");
    stack.env.TF_VAR_bluemix_password = bluemix.credentials.bluemix.password.reveal();
    const [first, second] = [await bluemix.issueToken("first"), await bluemix.issueToken("second")];
    stack.write(configuration(first));
    expectWell(await stack.apply());
    expect(await thePassword()).toBe(await value(first));
    expect(await changes()).toEqual({});
    stack.write(configuration(second));
    expect(await changes()).toEqual({ [ADDRESS]: ["update"] });
    expectWell(await stack.apply("plan.bin"));
    expect(await thePassword()).toBe(await value(second));
    expect((await stack.run("state", "pull")).output).not.toContain(await value(second));
  });
});

describe("write-only: a saved plan", () => {
  it("is applied later, by another run", async () => {
    stack.write(hcl({ password_wo: "var.password" }));
    expectWell(await stack.plan());
    expectWell(await stack.apply("plan.bin"));
    expect(await thePassword()).toBe("hunter-1");
    stack.env.TF_VAR_password = "hunter-2";
    expectWell(await stack.plan());
    // What was planned is that the content changes; an ephemeral variable is given anew at apply, and what it holds then is written.
    stack.env.TF_VAR_password = "hunter-3";
    expectWell(await stack.apply("plan.bin"));
    expect(await thePassword()).toBe("hunter-3");
    expect(await changes()).toEqual({});
  });

  it("fails when it keeps the content and the password has changed since, and writes nothing", async () => {
    stack.write(hcl({ password_wo: "var.password" }));
    expectWell(await stack.apply());
    const before = await written();
    stack.write(hcl({ password_wo: "var.password" }, namespaces));
    expectWell(await stack.plan());
    stack.env.TF_VAR_password = "hunter-2";
    // Terraform plans once more while it applies, and refuses the difference by itself: a provider can't tell the two plans apart.
    expect((await stack.apply("plan.bin")).messages).toMatchObject([{ summary: "Provider produced inconsistent final plan" }]);
    expect(await written()).toEqual(before);
    expectWell(await stack.apply());
    expect(await thePassword()).toBe("hunter-2");
    expect(Object.keys(await written())).toEqual(namespaces);
  });
});

describe("write-only: an old client", () => {
  let started: Handshaken;
  let client: ProviderClient;
  beforeEach(async () => {
    const binary = await buildProvider("registry");
    if (binary === undefined) throw new Error("the provider has no source to build");
    started = await handshake(binary, { env: { REGISTRY_PASSWORD: "hunter-1" } });
    client = connect(started);
  });
  afterEach(async () => {
    expect(await client.shutdown()).toBe(0);
  });

  /** An object with every attribute, as Terraform sends it. */
  const whole = (attributes: object, values: ObjectValue): ObjectValue => ({
    ...Object.fromEntries(Object.keys(attributes).map((name) => [name, null])),
    ...values,
  });
  function config(entry: ObjectValue): WireDynamicValue {
    const { registries } = pullSecretSchema.attributes;
    const full = whole(registries.attributes, { hosts: [HOST], username: "acme", ...entry });
    const values = { name: "pull", namespaces: namespaces.slice(0, 1), registries: [full] };
    return encodeObject(whole(pullSecretSchema.attributes, values), pullSecretSchema);
  }
  const validate = (entry: ObjectValue, clientCapabilities?: object) =>
    client.call<{ readonly diagnostics: readonly WireDiagnostic[] }>("ValidateResourceConfig", {
      typeName: "registry_pull_secret",
      config: config(entry),
      ...(clientCapabilities === undefined ? {} : { clientCapabilities }),
    });

  it.each([
    ["without any capability", undefined],
    ["that denies it", { writeOnlyAttributesAllowed: false }],
  ])("%s is refused a value, at its attribute", async (_, capabilities) => {
    const { diagnostics } = await validate({ password_wo: "hunter-1" }, capabilities);
    expect(
      diagnostics.map(({ severity, summary, detail, attribute }) => ({ severity, summary, detail, steps: attribute?.steps })),
    ).toEqual([
      {
        severity: 1,
        summary: "Write-only attribute under an old client",
        detail:
          "registries[0].password_wo: This version of Terraform or OpenTofu does not know write-only attributes: it would store password_wo in the state and the plan. Use Terraform or OpenTofu 1.11 or later, or name an environment variable instead (password_env).",
        steps: [
          expect.objectContaining({ attributeName: "registries" }),
          expect.objectContaining({ elementKeyInt: 0 }),
          expect.objectContaining({ attributeName: "password_wo" }),
        ],
      },
    ]);
    expect(JSON.stringify(diagnostics)).not.toContain("hunter");
  });

  it("with the capability is not", async () => {
    expect((await validate({ password_wo: "hunter-1" }, { writeOnlyAttributesAllowed: true })).diagnostics).toEqual([]);
  });

  it("has password_env, all the way to the Secret", async () => {
    const entry = { password_env: "REGISTRY_PASSWORD" };
    expect((await validate(entry)).diagnostics).toEqual([]);
    const { kubernetes } = providerSchema.attributes;
    if (!isNested(kubernetes)) throw new Error("kubernetes has attributes");
    const settings = whole(kubernetes.attributes, { config_path: cluster.identities.apply });
    const provider = whole(providerSchema.attributes, { owner: "tests/old-client", kubernetes: settings });
    interface Answer {
      readonly diagnostics: readonly WireDiagnostic[];
      readonly plannedState?: WireDynamicValue;
      readonly newState?: WireDynamicValue;
    }
    const configured = await client.call<Answer>("ConfigureProvider", { config: encodeObject(provider, providerSchema) });
    expect(configured.diagnostics).toEqual([]);
    const nothing = encodeObject(null, pullSecretSchema);
    const resource = { typeName: "registry_pull_secret", priorState: nothing, config: config(entry) };
    const planned = await client.call<Answer>("PlanResourceChange", { ...resource, proposedNewState: config(entry) });
    expect(planned.diagnostics).toEqual([]);
    const applied = await client.call<Answer>("ApplyResourceChange", { ...resource, plannedState: planned.plannedState });
    expect(applied.diagnostics).toEqual([]);
    expect(await thePassword()).toBe("hunter-1");
    const state = decodeObject(applied.newState, pullSecretSchema);
    expect(state?.targets).toEqual({ [namespaces[0] ?? ""]: { status: "in_sync" } });
    expect(Buffer.from(applied.newState?.msgpack ?? []).includes("hunter")).toBe(false);
  });
});
