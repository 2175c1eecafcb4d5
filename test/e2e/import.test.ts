/** Import of what exists, by `import` blocks and by `terraform import`, in plain HCL. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { DEDICATED, SEEDED_TOKEN } from "../../sandbox";
import { bluemixOf } from "./mistakes/bluemix";
import { accessHcl, CREATE_FIRST, PATCH, PULL_SECRET, SECRET_NAME, TOKEN } from "./support/access-hcl";
import { startCluster } from "./support/cluster";
import { type Bluemix, dedicatedEnvironment, dedicatedIssuer, openBluemix } from "./support/dedicated";
import { type LimitedCluster, underRoles } from "./support/identities";
import { createStack, expectWell, type Message, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

let cluster: LimitedCluster;
let bluemix: Bluemix;
let stack: Stack;
let namespaces: readonly string[];
let owner: string;
let count = 0;

beforeAll(async () => {
  // What is refused, too: the roles allow to look at those names.
  const names = { pullSecrets: ["pull", "by-hand", "nosuch"], serviceAccounts: ["default", "nosuch"] };
  cluster = await underRoles(await startCluster("import"), names);
  bluemix = openBluemix(cluster);
});
afterAll(() => cluster?.stop());

beforeEach(async () => {
  count += 1;
  owner = `tests/import-${count}`;
  namespaces = ["a", "b"].map((letter) => `t${count}-${letter}`);
  await Promise.all(namespaces.map((namespace) => cluster.createNamespace(namespace)));
  stack = await createStack(
    "import",
    { ...dedicatedEnvironment(cluster.state), REGISTRY_PARTNER: "hunter22-first" },
    undefined,
    cluster.envOf,
  );
});
afterEach(() => removeStack(stack));

const A = () => namespaces[0] ?? "";
const B = () => namespaces[1] ?? "";

const importBlock = (to: string, id: string) => `import {\n  to = ${to}\n  id = ${JSON.stringify(id)}\n}\n`;
const pullSecretId = () => `${owner}/${SECRET_NAME}@${namespaces.join(",")}`;
const patchId = () => `${owner}/${SECRET_NAME}@${namespaces.map((namespace) => `${namespace}/default`).join(",")}`;

const lifecycles = { token: CREATE_FIRST, pullSecret: `labels = { team = "x" }\n${CREATE_FIRST}`, patch: CREATE_FIRST };
const access = () => accessHcl(cluster, { owner, namespaces, ...lifecycles });

/** Writes all of it, and forgets it. Returns the credential id. */
async function deployAndForget(): Promise<string> {
  stack.write(access());
  expectWell(await stack.apply());
  const token = await stack.attributes<{ id: string }>(TOKEN);
  await stack.run("state", "rm", TOKEN, PULL_SECRET, PATCH);
  return token?.id ?? "";
}

/** What would tell of a write. */
async function versions(): Promise<unknown> {
  return Promise.all(
    namespaces.map(async (namespace) => [
      (await cluster.secret(namespace, SECRET_NAME))?.metadata.resourceVersion,
      (await cluster.serviceAccount(namespace))?.metadata.resourceVersion,
    ]),
  );
}

const IN_PLACE = "warning: Changed in place after the import";
const summaries = (messages: readonly Message[]) => messages.map(({ severity, summary }) => `${severity}: ${summary}`);

describe("import: what was written here", () => {
  it("by import blocks: plans nothing, writes nothing, and is destroyed as ever", async () => {
    const tokenId = await deployAndForget();
    const before = await versions();
    const blocks = [importBlock(TOKEN, tokenId), importBlock(PULL_SECRET, pullSecretId()), importBlock(PATCH, patchId())];
    stack.write(access() + blocks.join(""));
    const planned = expectWell(await stack.plan());
    expect({ changes: planned.changes, messages: planned.messages }).toEqual({ changes: {}, messages: [] });
    expect(planned.text).toContain("3 to import");
    expectWell(await stack.apply("plan.bin"));
    expect(await versions()).toEqual(before);
    stack.write(access());
    expect(expectWell(await stack.plan()).changes).toEqual({});
    for (const args of [
      ["show", "-json", "plan.bin"],
      ["state", "pull"],
    ]) {
      expect((await stack.run(...args)).output).not.toContain((await bluemix.onlyLiving(owner)).value);
    }
    expectWell(await stack.destroy());
    expect(await bluemix.living(owner)).toEqual([]);
    expect(await cluster.secret(A(), SECRET_NAME)).toBeUndefined();
    expect(await cluster.serviceAccount(A())).toMatchObject({ metadata: { name: "default" } });
    expect((await cluster.serviceAccount(A()))?.imagePullSecrets ?? []).toEqual([]);
  });

  it("by terraform import: plans nothing", async () => {
    const tokenId = await deployAndForget();
    const before = await versions();
    for (const [address, id] of [
      [TOKEN, tokenId],
      [PULL_SECRET, pullSecretId()],
      [PATCH, patchId()],
    ] as const) {
      const { code, output } = await stack.run("import", "-no-color", "-input=false", address, id);
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("Import successful!") });
    }
    expect(expectWell(await stack.plan()).changes).toEqual({});
    expect(await versions()).toEqual(before);
  });

  it("the configuration that Terraform generates plans nothing", async () => {
    const tokenId = await deployAndForget();
    const provider = access().slice(0, access().indexOf("resource "));
    const blocks = [importBlock(TOKEN, tokenId), importBlock(PULL_SECRET, pullSecretId()), importBlock(PATCH, patchId())];
    stack.write(provider + blocks.join(""));
    const planned = expectWell(await stack.plan("-generate-config-out=generated.tf"));
    const generated = readFileSync(join(stack.folder, "generated.tf"), "utf8");
    expect(generated).toContain(`credential_id       = "${tokenId}"`);
    expect({ changes: planned.changes, generated }).toMatchObject({ changes: {} });
  });

  it("drift is seen: a namespace without it, another resource's, another content", async () => {
    stack.write(access());
    expectWell(await stack.apply());
    await stack.run("state", "rm", PULL_SECRET);
    await cluster.createNamespace(`t${count}-c`);
    await cluster.edit<SecretObject>("secrets", B(), SECRET_NAME, (secret) => ({
      ...secret,
      metadata: {
        ...secret.metadata,
        annotations: { ...secret.metadata.annotations, "registry-access/instance": "0123456789abcdef" },
      },
    }));
    namespaces = [...namespaces, `t${count}-c`];
    stack.write(access() + importBlock(PULL_SECRET, pullSecretId()));
    const planned = expectWell(await stack.plan());
    expect(planned.changes).toEqual({ [PULL_SECRET]: ["update"], [PATCH]: ["update"] });
    expect(planned.messages.map(({ summary, detail }) => [summary, namespaces.filter((name) => detail.includes(name))])).toEqual(
      expect.arrayContaining([
        ["Not everything is there", [`t${count}-c`]],
        ["Not the same everywhere", [B()]],
      ]),
    );
    expect(planned.text).toContain('status = "missing" -> "in_sync"');
    expect(planned.text).toContain('status = "foreign" -> "in_sync"');
    expectWell(await stack.apply("plan.bin"));
    stack.write(access());
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });
});

describe("import: a password of one's own", () => {
  const configured = (entry: string) => `
provider "registry" {
  owner      = ${JSON.stringify(owner)}
  kubernetes = ${cluster.kubernetes}
}
variable "password" {
  type      = string
  ephemeral = true
}
resource "registry_pull_secret" "pull" {
  name       = "${SECRET_NAME}"
  namespaces = ${JSON.stringify(namespaces)}
  registries = [{ hosts = ["r.partner.example", "docker.io"], username = "acme", email = "a@b.c", ${entry} }]
}
`;
  const ENV = 'password_env = "REGISTRY_PARTNER"';
  const WRITE_ONLY = "password_wo = var.password";

  it("that is the same writes nothing, wherever it comes from", async () => {
    stack.env.TF_VAR_password = "hunter22-first";
    stack.write(configured(ENV));
    expectWell(await stack.apply());
    const before = await versions();
    for (const [entry, changes] of [
      [WRITE_ONLY, {}],
      [ENV, { [PULL_SECRET]: ["update"] }],
    ] as const) {
      await stack.run("state", "rm", PULL_SECRET);
      stack.write(configured(entry) + importBlock(PULL_SECRET, pullSecretId()));
      const planned = expectWell(await stack.plan());
      expect({ changes: planned.changes, said: summaries(planned.messages) }).toEqual({
        changes,
        said: ["warning: Passwords are not imported", ...(entry === ENV ? [IN_PLACE] : [])],
      });
      expect(planned.text).not.toMatch(/fingerprint.*known after apply/);
      expectWell(await stack.apply("plan.bin"));
      expect(await versions()).toEqual(before);
      expect(expectWell(await stack.plan()).changes).toEqual({});
    }
  });

  it("that is another one is written in place", async () => {
    stack.env.TF_VAR_password = "hunter22-second";
    stack.write(configured(ENV));
    expectWell(await stack.apply());
    const uid = (await cluster.secret(A(), SECRET_NAME))?.metadata.uid;
    await stack.run("state", "rm", PULL_SECRET);
    stack.write(configured(WRITE_ONLY) + importBlock(PULL_SECRET, pullSecretId()));
    const planned = expectWell(await stack.plan());
    expect(planned.changes).toEqual({ [PULL_SECRET]: ["update"] });
    expect(planned.messages).toContainEqual(
      expect.objectContaining({ detail: expect.stringContaining("fingerprint (the content changes). What the configured") }),
    );
    expectWell(await stack.apply("plan.bin"));
    expect(JSON.stringify(await cluster.dockerConfig(A(), SECRET_NAME))).toContain("hunter22-second");
    expect((await cluster.secret(A(), SECRET_NAME))?.metadata.uid).toBe(uid);
  });
});

describe("import: what a Secret does not tell", () => {
  const login = (host: string) => `{ hosts = ["${host}"], username = "acme", password_env = "REGISTRY_PARTNER" }`;
  it.each([
    ["an entry without a credential", ['{ hosts = ["docker.io"] }'], []],
    ["two entries of one login", [login("one.example"), login("two.example")], ["warning: Passwords are not imported"]],
  ])("%s changes in place, and a warning says why", async (_, registries, said) => {
    const configured = accessHcl(cluster, { owner, namespaces, ...lifecycles, registries });
    stack.write(configured);
    expectWell(await stack.apply());
    const before = await versions();
    await stack.run("state", "rm", PULL_SECRET);
    stack.write(configured + importBlock(PULL_SECRET, pullSecretId()));
    const planned = expectWell(await stack.plan());
    expect({ changes: planned.changes, said: summaries(planned.messages) }).toEqual({
      changes: { [PULL_SECRET]: ["update"] },
      said: [...said, IN_PLACE],
    });
    expect(planned.messages.at(-1)?.detail).toMatch(/registries \(a Secret tells neither .* their content stays\.$/);
    expectWell(await stack.apply("plan.bin"));
    expect(await versions()).toEqual(before);
    const again = expectWell(await stack.plan());
    expect({ changes: again.changes, said: again.messages }).toEqual({ changes: {}, said: [] });
  });
});

describe("import: under another owner", () => {
  it("says so, and relabels in place", async () => {
    const tokenId = await deployAndForget();
    const successor = `${owner}-new`;
    const provider = accessHcl(cluster, { owner: successor, namespaces }).split("resource ")[0];
    const hcl = `${provider}
resource "registry_pull_secret" "pull" {
  name       = "${SECRET_NAME}"
  namespaces = ${JSON.stringify(namespaces)}
  registries = [{ hosts = ${JSON.stringify(DEDICATED.hosts)}, credential_id = "${tokenId}" }]
  ${lifecycles.pullSecret}
}
resource "registry_service_account_patch" "pull" {
  namespaces   = ${JSON.stringify(namespaces)}
  pull_secrets = [registry_pull_secret.pull.name]
}
`;
    const state = async () => {
      const [secret, account] = [await cluster.secret(A(), SECRET_NAME), await cluster.serviceAccount(A())];
      const register = JSON.parse(account?.metadata.annotations?.["registry-access/entries"] ?? "{}") as object;
      const { uid, annotations = {} } = secret?.metadata ?? {};
      return { uid, owner: annotations["registry-access/owner"], registered: Object.keys(register) };
    };
    const before = await state();
    stack.write(hcl + importBlock(PULL_SECRET, pullSecretId()) + importBlock(PATCH, patchId()));
    const planned = expectWell(await stack.plan());
    expect(planned.changes).toEqual({ [PULL_SECRET]: ["update"], [PATCH]: ["update"] });
    const says = (what: string) =>
      expect.stringMatching(
        `^The ${what} "pull" is imported .*"${owner}".*"${successor}".*relabels it, in place.*terraform state rm`,
      );
    expect(planned.messages.map(({ summary, detail }) => [summary, detail])).toEqual(
      expect.arrayContaining([
        ["Imported from another owner", says("pull secret")],
        ["Imported from another owner", says("ServiceAccount patch of")],
      ]),
    );
    expect(planned.messages).toHaveLength(2);
    expectWell(await stack.apply("plan.bin"));
    expect(await state()).toEqual({ uid: before.uid, owner: successor, registered: [successor] });
    stack.write(hcl);
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });
});

describe("import: what is refused", () => {
  it("fails with the form of the id, what is there, and whose it is", async () => {
    const tokenId = await deployAndForget();
    const other = accessHcl(cluster, { owner: "tests/import-other", namespaces, ...lifecycles });
    await cluster.edit<ServiceAccountObject>("serviceaccounts", A(), "default", (account) => ({
      ...account,
      imagePullSecrets: [...(account.imagePullSecrets ?? []), { name: "by-hand" }],
    }));
    await cluster.create<SecretObject>("secrets", {
      metadata: { name: "by-hand", namespace: A() },
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
    });
    const revoked = (await bluemix.onlyLiving(owner)).id;
    const cases: readonly (readonly [type: string, id: string, expected: readonly string[]])[] = [
      [
        "registry_pull_secret",
        "pull",
        [
          "Invalid import id",
          '"pull" has another form',
          "<owner>/<name>@<namespace>",
          "shop/production/registry-pull@team-a,team-b",
        ],
      ],
      ["registry_pull_secret", `${owner}/pull@Team_A`, ["Invalid import id", '"Team_A" is not a valid namespace name']],
      ["registry_pull_secret", `${owner}/nosuch@${A()}`, ["Nothing to import", 'no Secret "nosuch"', A(), "kube-system"]],
      [
        "registry_pull_secret",
        `${owner}/by-hand@${A()}`,
        ["Secret belongs to somebody else", "names no owner", "adopt_existing"],
      ],
      ["registry_pull_secret", `tests/somebody/pull@${A()}`, ["Secret belongs to somebody else", `belongs to owner "${owner}"`]],
      [
        "registry_service_account_patch",
        `${owner}/pull@${A()}`,
        ["Invalid import id", `"${A()}" is not "<namespace>/<service account>"`],
      ],
      ["registry_service_account_patch", `${owner}/pull@${A()}/nosuch`, ["Nothing to import", `${A()}/nosuch`]],
      [
        "registry_service_account_patch",
        `${owner}/by-hand@${A()}/default`,
        ["Entry belongs to somebody else", "names no owner", "It registered pull there"],
      ],
      [
        "registry_service_account_patch",
        `tests/somebody/pull@${A()}/default`,
        ["Entry belongs to somebody else", `is registered by "${owner}"`],
      ],
      ["registry_token", "dedicated", ["Invalid import id", "<issuer>/<id>"]],
      ["registry_token", "nosuch/1", ["No such issuer", '"dedicated"']],
      ["registry_token", "dedicated/nosuch", ["No registry token matches", "It lists:", revoked]],
      ["registry_token", tokenId, ["Registry token belongs to somebody else", `"${owner}"`, '"tests/import-other"']],
    ];
    const provider = other.slice(0, other.indexOf("resource "));
    const bodies: { readonly [type: string]: string } = {
      registry_pull_secret:
        'name = "x"\nnamespaces = ["x"]\nregistries = [{ hosts = ["x:5000"], username = "x", password_env = "REGISTRY_PARTNER" }]',
      registry_service_account_patch: 'namespaces = ["x"]\npull_secrets = ["x"]',
      registry_token: 'issuer = "dedicated"\nname = "x"',
    };
    const blocks = cases.map(
      ([type, id], index) => `resource "${type}" "r${index}" {\n${bodies[type]}\n}\n${importBlock(`${type}.r${index}`, id)}`,
    );
    stack.write(provider + blocks.join(""));
    const { messages } = await stack.plan();
    const errors = messages.filter(({ severity }) => severity === "error").map(({ summary, detail }) => `${summary}: ${detail}`);
    const unsaid = cases.filter(([, , expected]) => !errors.some((error) => expected.every((part) => error.includes(part))));
    expect({ unsaid, errors: errors.length, all: unsaid.length > 0 ? errors : [] }).toEqual({
      unsaid: [],
      errors: cases.length,
      all: [],
    });

    await bluemix.revoke(revoked);
    stack.write(access() + importBlock(TOKEN, tokenId));
    expect((await stack.plan()).messages).toMatchObject([
      { severity: "error", summary: "Nothing to import", detail: expect.stringContaining("is revoked") },
    ]);
  });
});

describe("import: a token that was issued by hand", () => {
  const BY_HAND = "warning: Imported a registry token that was issued by hand";
  const configured = (readOnly: boolean) => `
provider "registry" {
  owner      = ${JSON.stringify(owner)}
  kubernetes = ${cluster.kubernetes}
  issuers    = ${dedicatedIssuer(cluster.state)}
}
resource "registry_token" "pull" {
  issuer    = "dedicated"
  name      = "pull"
  read_only = ${readOnly}
  ${CREATE_FIRST}
}
`;

  it("the configuration that Terraform generates is valid, and plans nothing", async () => {
    const id = await bluemixOf(cluster.state).issueToken("issued by hand, to be generated");
    const provider = configured(true).split("resource ")[0] ?? "";
    stack.write(provider + importBlock(TOKEN, `dedicated/${id}`));
    const planned = expectWell(await stack.plan("-generate-config-out=generated.tf"));
    expect({ changes: planned.changes, said: summaries(planned.messages) }).toEqual({
      changes: {},
      said: expect.arrayContaining([BY_HAND]),
    });
    expect(readFileSync(join(stack.folder, "generated.tf"), "utf8")).toContain(`= "imported-${id.slice(0, 8)}"`);
    expectWell(await stack.apply("plan.bin"));
    stack.write(provider);
    const again = expectWell(await stack.plan());
    expect({ changes: again.changes, said: again.messages }).toEqual({ changes: {}, said: [] });
  });

  it("that the plan would replace right away: a warning says that this revokes it", async () => {
    const id = await bluemixOf(cluster.state).issueToken("issued by hand, to be replaced");
    stack.write(configured(false) + importBlock(TOKEN, `dedicated/${id}`));
    const planned = expectWell(await stack.plan());
    expect({ changes: planned.changes, said: summaries(planned.messages) }).toEqual({
      changes: { [TOKEN]: ["create", "delete"] },
      said: [BY_HAND],
    });
    expect(planned.messages[0]?.detail).toMatch(/A plan that replaces it right away, .*read_only.* revokes it too/);
    expect((await bluemix.tokens()).find((token) => token.id === id)?.revoked).toBe(false);
  });

  it("takes its name in place; is replaced by a marked one, and revoked alone", async () => {
    const seeded = (await bluemix.tokens()).find(({ description }) => description === SEEDED_TOKEN);
    const id = `dedicated/${seeded?.id}`;
    const others = (await bluemix.tokens()).filter(({ revoked, id: other }) => !revoked && other !== seeded?.id).length;
    const hcl = configured(seeded?.write !== true);
    stack.write(hcl + importBlock(TOKEN, id));
    const planned = expectWell(await stack.plan());
    expect({ changes: planned.changes, said: summaries(planned.messages) }).toEqual({
      changes: { [TOKEN]: ["update"] },
      said: [BY_HAND],
    });
    expectWell(await stack.apply("plan.bin"));
    stack.write(hcl);
    expect(expectWell(await stack.plan()).changes).toEqual({});
    expectWell(await stack.apply(`-replace=${TOKEN}`));
    expect(await bluemix.onlyLiving(owner)).toMatchObject({ description: expect.stringContaining("name=pull number=1") });
    const left = (await bluemix.tokens()).filter(({ revoked }) => !revoked);
    expect({ seeded: left.some((token) => token.id === seeded?.id), others: left.length }).toEqual({
      seeded: false,
      others: others + 1,
    });
    expectWell(await stack.destroy());
  });
});
