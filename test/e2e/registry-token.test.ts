/** `registry_token`, resource, data source and ephemeral resource, in plain HCL against the Bluemix emulator and a real API server. */
import { DEDICATED, ORGANIZATION, readCredentials, type SandboxCredentials, SEEDED_TOKEN } from "../../sandbox";
import { type BluemixControl, createBluemixControl } from "../../sandbox/emulators/bluemix/control-client";
import { type Cluster, startCluster } from "./support/cluster";
import { createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(180_000);

const TOKEN = "registry_token.ci";
const SECRET = "registry_pull_secret.pull";
let cluster: Cluster;
let control: BluemixControl;
let credentials: SandboxCredentials;
let stack: Stack;
let count = 0;

beforeAll(async () => {
  cluster = await startCluster("registry-token");
  const { bluemix, credentialsFile } = cluster.state;
  credentials = readCredentials(credentialsFile);
  control = createBluemixControl(bluemix.control, credentials.controlSecret.reveal());
});
afterAll(() => cluster?.stop());

beforeEach(async () => {
  count += 1;
  await cluster.createNamespace(namespace());
  stack = await createStack("token", { BLUEMIX_API_KEY: credentials.bluemix.apiKey.reveal() });
});
afterEach(async () => {
  await control.setClockOffset(0);
  await control.clearFaults();
  removeStack(stack);
});

const namespace = (): string => `t${count}`;
const owner = (): string => `tests/token-${count}`;

/** The provider's configuration, with other attributes of the issuer. */
function provider(login = "", account = `organization = "${ORGANIZATION.name}"`): string {
  return `
provider "registry" {
  owner      = "${owner()}"
  kubernetes = ${cluster.kubernetes}
  issuers = {
    dedicated = {
      bluemix = {
        api_endpoint      = "${cluster.state.bluemix.regions.dedicated.url}"
        registry_endpoint = "${cluster.state.bluemix.regions.dedicated.url}"
        hosts             = ${JSON.stringify(DEDICATED.hosts)}
        ${account}
        ${login}
      }
    }
  }
}
`;
}

function token(rest = ""): string {
  return `
resource "registry_token" "ci" {
  issuer = "dedicated"
  name   = "ci"
  ${rest}
}
`;
}

function pullSecret(credential = "registry_token.ci.credential_id", hosts = JSON.stringify(DEDICATED.hosts)): string {
  return `
resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ["${namespace()}"]
  registries = [{ hosts = ${hosts}, credential_id = ${credential} }]
}
`;
}

const CREATE_FIRST = "lifecycle { create_before_destroy = true }";

/** This test's tokens at the issuer that can still be used. */
async function living(): Promise<readonly string[]> {
  const tokens = await control.tokens();
  return tokens
    .filter(({ description, revoked, expired }) => description.includes(`owner=${owner()} `) && !revoked && !expired)
    .map(({ id }) => id);
}

async function credentialId(): Promise<string> {
  return (await stack.attributes<{ credential_id: string }>(TOKEN))?.credential_id ?? "";
}

/** The token's value in the namespace's Secret. */
async function written(): Promise<string | undefined> {
  const config = (await cluster.dockerConfig(namespace(), "pull")) as { auths: { [host: string]: { password: string } } };
  return config.auths[DEDICATED.hosts[0]]?.password;
}

describe("registry_token: basic", () => {
  it("is issued, written by its id alone, and revoked", async () => {
    stack.write(provider() + token('description = "from the tests"') + pullSecret());
    expectWell(await stack.apply());
    const [id] = await living();
    const listed = (await control.tokens()).find((listedToken) => listedToken.id === id);
    expect(listed?.description).toMatch(
      new RegExp(`^from the tests \\[registry-access owner=${owner()} name=ci number=1 nonce=[0-9a-f]{16}\\]$`),
    );
    expect(await stack.attributes(TOKEN)).toMatchObject({
      id: `dedicated/${id}`,
      credential_id: `dedicated/${id}`,
      hosts: DEDICATED.hosts,
      username: "token",
      status: "active",
      expires_at: null,
      number: 1,
      read_only: true,
      permanent: true,
    });
    const value = await written();
    expect(value).toMatch(/^eyJ/);
    expect(expectWell(await stack.plan()).changes).toEqual({});
    for (const args of [
      ["state", "pull"],
      ["show", "-json", "plan.bin"],
    ]) {
      expect((await stack.run(...args)).output).not.toContain(value);
    }
    expectWell(await stack.destroy());
    expect(await living()).toEqual([]);
  });

  it("a plan without tokens never logs in", async () => {
    stack.env.REGISTRY_PARTNER = "p";
    stack.write(`${provider()}
resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ["${namespace()}"]
  registries = [{ hosts = ["r.example"], username = "u", password_env = "REGISTRY_PARTNER" }]
}`);
    await control.clearRequests();
    expectWell(await stack.apply());
    expectWell(await stack.plan());
    expect(await control.requests()).toEqual([]);
  });

  it("lives on with revoke_on_destroy = false", async () => {
    stack.write(provider() + token("revoke_on_destroy = false"));
    expectWell(await stack.apply());
    expectWell(await stack.destroy());
    expect(await living()).toHaveLength(1);
  });

  it("warns when revoke_on_destroy comes after the issue", async () => {
    stack.write(provider() + token());
    expectWell(await stack.apply());
    stack.write(provider() + token("revoke_on_destroy = false"));
    expect((await stack.apply()).messages).toMatchObject([
      { severity: "warning", summary: "The token was issued to be revoked" },
    ]);
  });

  it("lower numbers that a crash left go with it", async () => {
    stack.write(provider() + token());
    expectWell(await stack.apply());
    await stack.run("state", "rm", TOKEN);
    expectWell(await stack.apply());
    expect(await stack.attributes(TOKEN)).toMatchObject({ number: 2 });
    expect(await living()).toHaveLength(2);
    expectWell(await stack.destroy());
    expect(await living()).toEqual([]);
  });

  it("one issued with revoke_on_destroy = false outlives its successor", async () => {
    stack.write(provider() + token("revoke_on_destroy = false"));
    expectWell(await stack.apply());
    const [kept] = await living();
    expectWell(await stack.destroy());
    stack.write(provider() + token());
    expectWell(await stack.apply());
    expect(await stack.attributes(TOKEN)).toMatchObject({ number: 2 });
    expectWell(await stack.destroy());
    expect(await living()).toEqual([kept]);
  });

  it("fails at plan when another has its name", async () => {
    stack.write(provider() + token() + token().replace('"registry_token" "ci"', '"registry_token" "other"'));
    expect((await stack.plan()).messages).toEqual([
      {
        severity: "error",
        summary: "Two registry tokens of one name",
        detail: `Another registry_token of this configuration is called "ci" too, at issuer "dedicated" and with owner "${owner()}". One of them would revoke the other when it is destroyed or replaced. Give one of them another name, or use one token for both.`,
        address: expect.stringMatching(/^registry_token\.(ci|other)$/),
      },
    ]);
  });

  it("revoking what is gone succeeds", async () => {
    stack.write(provider() + token());
    expectWell(await stack.apply());
    await control.revoke((await living())[0] ?? "");
    expectWell(await stack.destroy());
    expect(await stack.attributes(TOKEN)).toBeUndefined();
  });
});

describe("registry_token: status", () => {
  const cases: {
    readonly [name: string]: { readonly happen: (id: string) => Promise<void>; readonly status: RegExp; readonly rest?: string };
  } = {
    revoked: { happen: (id) => control.revoke(id), status: /status\s+= "revoked" -> "active" # forces replacement/ },
    deleted: { happen: (id) => control.expire(id), status: /status\s+= "deleted" -> "active" # forces replacement/ },
  };
  it.each(Object.entries(cases))("%s elsewhere is planned anew, with the reason", async (_, { happen, status }) => {
    stack.write(provider() + token(CREATE_FIRST) + pullSecret());
    expectWell(await stack.apply());
    const before = await written();
    await happen((await living())[0] ?? "");
    const { changes, text } = expectWell(await stack.plan());
    expect(changes).toEqual({ [TOKEN]: ["create", "delete"], [SECRET]: ["update"] });
    expect(text).toMatch(status);
    expectWell(await stack.apply());
    expect(await living()).toHaveLength(1);
    expect(await written()).not.toBe(before);
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("renewal that is due is planned, refreshed or not", async () => {
    const hours = (count: number) => `permanent = false\n  renew_before_seconds = ${count * 3600}\n  ${CREATE_FIRST}`;
    stack.write(provider() + token(hours(1)));
    expectWell(await stack.apply());
    expect(expectWell(await stack.plan()).changes).toEqual({});
    stack.write(provider() + token(hours(30)));
    expect(expectWell(await stack.plan("-refresh=false")).changes).toEqual({ [TOKEN]: ["create", "delete"] });
    expect((await stack.apply()).messages).toMatchObject([{ summary: "A new token would be due at once" }]);
    expect(await living()).toHaveLength(1);
    stack.write(provider() + token(hours(2)));
    expect(expectWell(await stack.plan()).changes).toEqual({ [TOKEN]: ["update"] });
    expectWell(await stack.apply());
  });

  it("fails when the issuer can't be asked, and takes nothing for gone", async () => {
    stack.write(provider() + token());
    expectWell(await stack.apply());
    stack.env.BLUEMIX_API_KEY = "wrong";
    const { messages } = await stack.plan();
    expect(messages).toMatchObject([{ severity: "error", summary: "Login refused", address: TOKEN }]);
    expect(messages[0]?.detail).not.toContain("wrong");
  });
});

describe("registry_token: rotation", () => {
  it.each([
    ["destroy first", ""],
    ["create_before_destroy", CREATE_FIRST],
  ])("-replace, %s: every Secret is updated in place, and one token lives", async (_, rest) => {
    stack.write(provider() + token(rest) + pullSecret());
    expectWell(await stack.apply());
    const [before, value] = [await cluster.secret(namespace(), "pull"), await written()];
    expectWell(await stack.apply(`-replace=${TOKEN}`));
    const after = await cluster.secret(namespace(), "pull");
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
    expect(await written()).not.toBe(value);
    expect((await living()).map((id) => `dedicated/${id}`)).toEqual([await credentialId()]);
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });
});

describe("registry_token: look-up", () => {
  const data = (rest: string) => `
data "registry_token" "found" {
  issuer = "dedicated"
  ${rest}
}
`;
  it("finds one by description, and writes it by its id", async () => {
    const found = `${data(`description = "${SEEDED_TOKEN}"`)}${pullSecret("data.registry_token.found.credential_id")}`;
    stack.write(provider() + found);
    expectWell(await stack.apply());
    expect(await stack.attributes("data.registry_token.found")).toMatchObject({
      status: "active",
      username: "token",
      read_only: true,
    });
    expect(await written()).toMatch(/^eyJ/);
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("fails when none matches, and lists what there is", async () => {
    stack.write(provider() + data('description = "nope"'));
    const { messages } = await stack.plan();
    expect(messages).toMatchObject([{ severity: "error", summary: "No registry token matches" }]);
    expect(messages[0]?.detail).toMatch(
      /^Issuer "dedicated" has no usable registry token with the description "nope". It lists:\n {2}- [0-9a-f-]+: "ci", read-only, permanent/,
    );
  });

  it("hands the value on for one run", async () => {
    stack.write(
      `${provider()}
ephemeral "registry_token" "found" {
  issuer      = "dedicated"
  description = "${SEEDED_TOKEN}"
}
resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ["${namespace()}"]
  registries = [{
    hosts       = ${JSON.stringify(DEDICATED.hosts)}
    username    = ephemeral.registry_token.found.username == "token" ? "token" : "other"
    password_wo = ephemeral.registry_token.found.value
  }]
}`.replace('ephemeral.registry_token.found.username == "token" ? "token" : "other"', '"token"'),
    );
    expectWell(await stack.apply());
    expect(await written()).toMatch(/^eyJ/);
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });
});

describe("registry_token: mistakes", () => {
  const cases: {
    readonly [name: string]: {
      readonly hcl: () => string;
      readonly summary: string;
      readonly detail: RegExp;
      readonly env?: object;
    };
  } = {
    "the API key is wrong": {
      hcl: () => provider() + token(),
      env: { BLUEMIX_API_KEY: "wrong-key" },
      summary: "Login refused",
      detail: /^The list of registry tokens could not be read: Issuer "dedicated": /,
    },
    "there is no login": {
      hcl: () => provider() + token(),
      env: { BLUEMIX_API_KEY: "" },
      summary: "No login",
      detail: /^Issuer "dedicated" has no login, neither in the configuration nor in the environment. Give exactly one: /,
    },
    "there are two logins": {
      hcl: () => provider() + token(),
      env: { BLUEMIX_PASSWORD: "p", BLUEMIX_USERNAME: "u" },
      summary: "Several logins",
      detail: /^The environment holds password and api_key for issuer "dedicated"/,
    },
    "the organization is unknown": {
      hcl: () => provider("", 'organization = "nobody"') + token(),
      summary: "Not found",
      detail: /shows this login no organization "nobody". It sees: "acme"/,
    },
    "the issuer is not configured": {
      hcl: () => provider() + token().replace('"dedicated"', '"regional"'),
      summary: "No such issuer",
      detail: /^The provider has no issuer "regional". It has "dedicated"./,
    },
    "a credential's issuer is not configured": {
      hcl: () => provider() + pullSecret('"regional/1234"'),
      summary: "No such issuer",
      detail: /^registries\[0\]\.credential_id: The provider has no issuer "regional". It has "dedicated"./,
    },
    "a credential is meant for another host": {
      hcl: () => provider() + pullSecret('"dedicated/1234"', '["evil.example"]'),
      summary: "Credential for another registry host",
      detail:
        /^registries\[0\]\.hosts\[0\]: "evil.example" is not a host of issuer "dedicated", whose credentials are good for registry.acme.example.com./,
    },
    "a credential does not exist": {
      hcl: () => provider() + pullSecret('"dedicated/1234"'),
      summary: "Credential is gone",
      detail:
        /^registries\[0\]\.credential_id: Issuer "dedicated" has no registry token "1234": it was revoked or deleted, or has expired./,
    },
    "nobody listens there": {
      hcl: () => provider().replace(/api_endpoint .*/, 'api_endpoint = "http://127.0.0.1:9"') + token(),
      summary: "Unreachable",
      detail: /127.0.0.1:9 refuses connections/,
    },
    "the CA is unknown": {
      hcl: () =>
        provider().replace(/api_endpoint .*/, `api_endpoint = "${cluster.state.bluemix.regions.dedicated.tlsUrl}"`) + token(),
      summary: "Certificate not trusted",
      detail: /is not signed by a CA that is trusted here .* Give its CA certificate as PEM in ca_certificate/,
    },
  };
  it.each(Object.entries(cases))("fails when %s", async (_, { hcl, summary, detail, env }) => {
    Object.assign(stack.env, env);
    stack.write(hcl());
    const { code, messages } = await stack.apply();
    expect({ code, messages }).toMatchObject({
      code: 1,
      messages: [{ severity: "error", summary, detail: expect.stringMatching(detail) }],
    });
  });
});

describe("registry_token: unknown configuration", () => {
  const unknown = () => `resource "terraform_data" "later" { input = "${cluster.state.bluemix.regions.dedicated.url}" }`;
  const configuration = () => provider().replaceAll(/= "http:[^"]*"/g, "= terraform_data.later.output");

  it("is planned without contacting anybody, and applied", async () => {
    stack.write(unknown() + configuration() + token() + pullSecret());
    await control.clearRequests();
    expect(Object.values(expectWell(await stack.plan()).changes)).toEqual([["create"], ["create"], ["create"]]);
    expect(await control.requests()).toEqual([]);
    expectWell(await stack.apply("plan.bin"));
    expect(await living()).toHaveLength(1);
  });

  it("fails for an ephemeral look-up, and names the unknown attribute", async () => {
    stack.write(`${unknown()}${configuration()}
ephemeral "registry_token" "found" {
  issuer      = "dedicated"
  description = "${SEEDED_TOKEN}"
}`);
    expect((await stack.plan()).messages).toMatchObject([
      {
        summary: "Provider configuration not known yet",
        detail: expect.stringMatching(
          /^issuers.dedicated.bluemix.(api|registry)_endpoint of the provider "registry" will only be known/,
        ),
      },
    ]);
  });
});
