/** `registry_pull_secret` in plain HCL, with a real engine against a real API server. */
import type { SecretObject } from "../../lib/clients/kubernetes/client";
import { createUserKubeconfig } from "../../sandbox";
import { type Cluster, startCluster } from "./support/cluster";
import { refuseWrites } from "./support/refuse-writes";
import { createStack, errorsOf, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(180_000);

const ADDRESS = "registry_pull_secret.pull";
let cluster: Cluster;
let stack: Stack;
let namespaces: readonly string[];
let count = 0;

beforeAll(async () => {
  cluster = await startCluster("pull-secret");
});
afterAll(() => cluster?.stop());

beforeEach(async () => {
  count += 1;
  namespaces = ["a", "b", "c"].map((letter) => `t${count}-${letter}`);
  await Promise.all(namespaces.map((namespace) => cluster.createNamespace(namespace)));
  stack = await createStack("pull-secret", { TF_VAR_password: "hunter22-first" });
});
afterEach(() => removeStack(stack));

interface Options {
  readonly namespaces?: string;
  readonly registries?: string;
  readonly rest?: string;
  readonly owner?: string;
  readonly kubernetes?: string;
  readonly name?: string;
}

const PARTNER = `{ hosts = ["registry.partner.example:5000"], username = "acme", email = "a@b.c", password_wo = var.password }`;

function hcl(options: Options = {}): string {
  return `
provider "registry" {
  owner      = ${JSON.stringify(options.owner ?? "tests/pull-secret")}
  kubernetes = ${options.kubernetes ?? cluster.kubernetes}
}
variable "password" {
  type      = string
  ephemeral = true
}
resource "registry_pull_secret" "pull" {
  name       = ${options.name ?? '"pull"'}
  namespaces = ${options.namespaces ?? JSON.stringify(namespaces.slice(0, 2))}
  registries = [${options.registries ?? PARTNER}]
  ${options.rest ?? ""}
}
`;
}

async function apply(options: Options = {}): Promise<void> {
  stack.write(hcl(options));
  expectWell(await stack.apply());
}

async function secret(namespace: string, name = "pull"): Promise<SecretObject> {
  const found = await cluster.secret(namespace, name);
  if (found === undefined) throw new Error(`${namespace}/${name} is not there`);
  return found;
}

/** What a plan would do, without anything in it that differs from run to run. */
async function planned(): Promise<{ changes: unknown; text: string }> {
  const { changes, text } = expectWell(await stack.plan());
  return { changes, text };
}

const [A, B, C] = [0, 1, 2].map((index) => () => namespaces[index] ?? "") as [() => string, () => string, () => string];

describe("registry_pull_secret: basic", () => {
  it("writes exactly what kubectl would, in each namespace", async () => {
    await apply({ rest: 'labels = { team = "x" }' });
    const { metadata, type, data } = await secret(A());
    const state = await stack.attributes<{ instance: string; targets: object; id: string }>(ADDRESS);
    expect({ type, data, labels: metadata.labels, annotations: metadata.annotations }).toEqual({
      type: "kubernetes.io/dockerconfigjson",
      data: {
        ".dockerconfigjson": Buffer.from(
          `{"auths":{"registry.partner.example:5000":{"username":"acme","password":"hunter22-first","email":"a@b.c","auth":"${Buffer.from("acme:hunter22-first").toString("base64")}"}}}`,
        ).toString("base64"),
      },
      labels: { team: "x", "app.kubernetes.io/managed-by": "registry-access" },
      annotations: { "registry-access/owner": "tests/pull-secret", "registry-access/instance": state?.instance },
    });
    expect(state).toMatchObject({
      id: "tests/pull-secret/pull",
      targets: { [A()]: { status: "in_sync" }, [B()]: { status: "in_sync" } },
    });
    expect(await cluster.secret(C(), "pull")).toBeUndefined();
  });

  it("plans nothing the second time, refreshed or not", async () => {
    await apply();
    expect((await planned()).changes).toEqual({});
    expect(expectWell(await stack.plan("-refresh=false")).changes).toEqual({});
    expect(expectWell(await stack.plan("-refresh-only")).text).toContain("No changes");
  });

  it("reads back nothing secret into state and plan", async () => {
    await apply();
    stack.env.TF_VAR_password = "hunter22-second";
    expectWell(await stack.plan());
    const shown = await Promise.all([
      stack.run("show", "-json"),
      stack.run("show", "-json", "plan.bin"),
      stack.run("state", "pull"),
    ]);
    expect(shown.filter(({ output }) => output.includes("hunter22"))).toEqual([]);
  });

  it("follows its namespaces in place", async () => {
    await apply();
    const before = await secret(A());
    stack.write(hcl({ namespaces: JSON.stringify([A(), C()]) }));
    expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
    expectWell(await stack.apply());
    expect(await cluster.secret(B(), "pull")).toBeUndefined();
    expect((await secret(C())).data).toEqual(before.data);
    expect((await secret(A())).metadata).toMatchObject({
      uid: before.metadata.uid,
      resourceVersion: before.metadata.resourceVersion,
    });
    expect((await planned()).changes).toEqual({});
  });

  it("relabels in place when the owner changes", async () => {
    await apply();
    const before = await secret(A());
    stack.write(hcl({ owner: "tests/renamed" }));
    expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
    expectWell(await stack.apply());
    const after = await secret(A());
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(after.metadata.annotations?.["registry-access/owner"]).toBe("tests/renamed");
    expectWell(await stack.destroy());
    expect(await cluster.secret(A(), "pull")).toBeUndefined();
  });

  it("deletes a copy elsewhere only where the plan says so", async () => {
    await apply();
    const { metadata, ...rest } = await secret(A());
    const { labels = {}, annotations = {} } = metadata;
    await cluster.create("secrets", { ...rest, metadata: { name: "pull", namespace: C(), labels, annotations } });
    stack.write(hcl({ rest: 'labels = { team = "x" }' }));
    expectWell(await stack.apply("-refresh=false"));
    expect(await cluster.secret(C(), "pull")).toBeDefined();
    const { changes, text } = await planned();
    expect(changes).toEqual({ [ADDRESS]: ["update"] });
    expect(text).toMatch(new RegExp(`- "${C()}" = \\{`));
    expectWell(await stack.apply("plan.bin"));
    expect(await cluster.secret(C(), "pull")).toBeUndefined();
    expect((await planned()).changes).toEqual({});
  });

  it("drops a label that is no longer configured, and keeps others'", async () => {
    await apply({ rest: 'labels = { team = "x" }' });
    await cluster.edit<SecretObject>("secrets", A(), "pull", (object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { ...object.metadata.labels, theirs: "y" } },
    }));
    expect((await planned()).changes).toEqual({});
    await apply();
    expect((await secret(A())).metadata.labels).toEqual({ theirs: "y", "app.kubernetes.io/managed-by": "registry-access" });
  });

  it("drops a label where an update failed as well, later", async () => {
    await apply({ rest: 'labels = { team = "x" }' });
    const { annotations } = (await secret(B())).metadata;
    const setOwner = (owner: string) =>
      cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({
        ...object,
        metadata: {
          ...object.metadata,
          annotations: owner === "us" ? { ...annotations } : { "registry-access/owner": owner, "registry-access/instance": "1" },
        },
      }));
    await setOwner("them");
    stack.write(hcl());
    expect((await stack.apply()).messages).toContainEqual(
      expect.objectContaining({ summary: "Secret belongs to somebody else" }),
    );
    await setOwner("us");
    expect((await planned()).text).toMatch(/status = "edited" -> "in_sync"/);
    expectWell(await stack.apply());
    expect((await secret(B())).metadata.labels).toEqual({ "app.kubernetes.io/managed-by": "registry-access" });
    expect((await planned()).changes).toEqual({});
  });

  it("fails when a Secret is being deleted, until it is gone", async () => {
    await apply();
    const setFinalizers = (finalizers: readonly string[]) =>
      cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({
        ...object,
        metadata: { ...object.metadata, finalizers } as SecretObject["metadata"],
      }));
    await setFinalizers(["example.com/hold"]);
    await cluster.delete("secrets", B(), "pull");
    expect((await planned()).text).toMatch(/status = "blocked" -> "in_sync"/);
    expect((await stack.apply()).messages).toMatchObject([{ severity: "error", summary: "Secret is being deleted" }]);
    await setFinalizers([]);
    expectWell(await stack.apply());
    expect((await planned()).changes).toEqual({});
  });

  it("fails when the content is too large for a Secret", async () => {
    stack.write(hcl({ registries: '{ hosts = ["r.example"], username = "u", password_wo = format("%0600000d", 0) }' }));
    expect((await stack.apply()).messages).toMatchObject([
      {
        severity: "error",
        summary: "Too large for a Secret",
        detail: expect.stringMatching(/is 14\d{5} bytes; a Secret takes 1 MiB/),
      },
    ]);
  });

  it("destroys what it made, and leaves what became another's", async () => {
    await apply();
    await cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({
      ...object,
      metadata: { ...object.metadata, annotations: { "registry-access/owner": "them", "registry-access/instance": "1" } },
    }));
    const destroyed = expectWell(await stack.destroy("-refresh=false"));
    expect(destroyed.messages).toEqual([
      {
        severity: "warning",
        summary: "Secret left alone",
        detail: `The Secret "pull" in namespace "${B()}" does not carry this resource's marks any more (it belongs to owner "them"), so it was not deleted.`,
      },
    ]);
    expect(await cluster.secret(A(), "pull")).toBeUndefined();
    expect(await cluster.secret(B(), "pull")).toBeDefined();
  });
});

describe("registry_pull_secret: drift", () => {
  const withMetadata = (change: (metadata: SecretObject["metadata"]) => SecretObject["metadata"]) => () =>
    cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({ ...object, metadata: change(object.metadata) }));
  const cases: { readonly [name: string]: { readonly drift: () => Promise<void>; readonly status: string } } = {
    "edited content": {
      drift: () =>
        cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({
          ...object,
          data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
        })),
      status: "edited",
    },
    "a further key": {
      drift: () =>
        cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({ ...object, data: { ...object.data, more: "eA==" } })),
      status: "edited",
    },
    "a deleted Secret": { drift: () => cluster.delete("secrets", B(), "pull"), status: "missing" },
    "our label removed": { drift: withMetadata((metadata) => ({ ...metadata, labels: {} })), status: "edited" },
    "our owner annotation removed": {
      drift: withMetadata(({ annotations, ...metadata }) => {
        const { "registry-access/owner": _, ...rest } = annotations ?? {};
        return { ...metadata, annotations: rest };
      }),
      status: "edited",
    },
    "another type": {
      drift: async () => {
        const { metadata } = await secret(B());
        const { name, namespace, labels, annotations } = metadata as Required<typeof metadata>;
        await cluster.delete("secrets", B(), "pull");
        await cluster.create<SecretObject>("secrets", { type: "Opaque", metadata: { name, namespace, labels, annotations } });
      },
      status: "edited",
    },
    "frozen with other content": {
      drift: () =>
        cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({
          ...object,
          immutable: true,
          data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
        })),
      status: "edited",
    },
    "another resource of the same owner": {
      drift: withMetadata((metadata) => ({
        ...metadata,
        annotations: { ...metadata.annotations, "registry-access/instance": "0123456789abcdef" },
      })),
      status: "foreign",
    },
  };
  it.each(Object.entries(cases))("%s is seen by namespace, and repaired", async (_, { drift, status }) => {
    await apply();
    const { data } = await secret(A());
    await drift();
    const { changes, text } = await planned();
    expect(changes).toEqual({ [ADDRESS]: ["update"] });
    expect(text).toMatch(new RegExp(`~ "${B()}" = \\{\\s+~ status = "${status}" -> "in_sync"`));
    expect(text).not.toContain("fingerprint");
    expectWell(await stack.apply());
    expect(await secret(B())).toMatchObject({ type: "kubernetes.io/dockerconfigjson", data });
    expect((await planned()).changes).toEqual({});
  });

  it("another spelling of the same content is none", async () => {
    await apply();
    const pretty = JSON.stringify(await cluster.dockerConfig(B(), "pull"), null, 2);
    await cluster.edit<SecretObject>("secrets", B(), "pull", (object) => ({
      ...object,
      data: { ".dockerconfigjson": Buffer.from(pretty).toString("base64") },
    }));
    expect((await planned()).changes).toEqual({});
  });

  it("everything gone keeps the resource", async () => {
    await apply();
    await Promise.all([A(), B()].map((namespace) => cluster.delete("secrets", namespace, "pull")));
    expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
    expectWell(await stack.apply());
    expect(await cluster.dockerConfig(A(), "pull")).toMatchObject({
      auths: { "registry.partner.example:5000": { password: "hunter22-first" } },
    });
  });
});

describe("registry_pull_secret: passwords", () => {
  it("a changed write-only password is planned in place, with nothing to bump", async () => {
    await apply();
    const { metadata } = await secret(A());
    stack.env.TF_VAR_password = "hunter22-second";
    const { changes, text } = await planned();
    expect(changes).toEqual({ [ADDRESS]: ["update"] });
    expect(text).toMatch(/~ fingerprint = .* -> \(known after apply\)/);
    expectWell(await stack.apply());
    expect((await secret(A())).metadata.uid).toBe(metadata.uid);
    for (const namespace of [A(), B()]) {
      expect(await cluster.dockerConfig(namespace, "pull")).toMatchObject({
        auths: { "registry.partner.example:5000": { password: "hunter22-second" } },
      });
    }
    expect((await planned()).changes).toEqual({});
  });

  it("with password_wo_version only the version counts", async () => {
    const registries = (version: number) =>
      `{ hosts = ["r.example"], username = "acme", password_wo = var.password, password_wo_version = ${version} }`;
    await apply({ registries: registries(1) });
    stack.env.TF_VAR_password = "hunter22-second";
    expect((await planned()).changes).toEqual({});
    await cluster.delete("secrets", B(), "pull");
    await apply({ registries: registries(1) });
    expect(await cluster.dockerConfig(B(), "pull")).toMatchObject({ auths: { "r.example": { password: "hunter22-first" } } });
    await apply({ registries: registries(2) });
    expect(await cluster.dockerConfig(B(), "pull")).toMatchObject({ auths: { "r.example": { password: "hunter22-second" } } });
  });

  it("a watched password is seen beside a versioned one", async () => {
    stack.env.REGISTRY_B = "b-first";
    const registries = `{ hosts = ["r.example"], username = "acme", password_wo = var.password, password_wo_version = 1 },
      { hosts = ["s.example"], username = "acme", password_env = "REGISTRY_B" }`;
    await apply({ registries });
    stack.env.TF_VAR_password = "hunter22-second";
    expect((await planned()).changes).toEqual({});
    stack.env.REGISTRY_B = "b-second";
    expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
  });

  const environmentCases: {
    readonly [name: string]: { readonly name: string; readonly env: object; readonly summary: string; readonly detail: RegExp };
  } = {
    "the variable is not allowed": {
      name: "AWS_SECRET_ACCESS_KEY",
      env: { AWS_SECRET_ACCESS_KEY: "x" },
      summary: "Environment variable not allowed",
      detail: /REGISTRY_ACCESS_PASSWORD_ENV=AWS_SECRET_ACCESS_KEY/,
    },
    "the variable is not set": {
      name: "REGISTRY_PARTNER_PASSWORD",
      env: {},
      summary: "Environment variable not set",
      detail: /REGISTRY_PARTNER_PASSWORD is not set/,
    },
    "the variable is empty": {
      name: "REGISTRY_PARTNER_PASSWORD",
      env: { REGISTRY_PARTNER_PASSWORD: "" },
      summary: "Empty environment variable",
      detail: /REGISTRY_PARTNER_PASSWORD is an empty string/,
    },
  };
  it.each(Object.entries(environmentCases))("fails at plan when %s", async (_, { name, env, summary, detail }) => {
    Object.assign(stack.env, env);
    stack.write(hcl({ registries: `{ hosts = ["r.example"], username = "acme", password_env = "${name}" }` }));
    expect((await stack.plan()).messages).toEqual([
      { severity: "error", summary, detail: expect.stringMatching(detail), address: ADDRESS },
    ]);
  });

  it("takes a variable that the pipeline allows", async () => {
    Object.assign(stack.env, { PARTNER: "from-env", REGISTRY_ACCESS_PASSWORD_ENV: "OTHER, PARTNER" });
    await apply({ registries: `{ hosts = ["r.example", "docker.io"], username = "acme", password_env = "PARTNER" }` });
    expect(Object.keys(((await cluster.dockerConfig(A(), "pull")) as { auths: object }).auths)).toEqual([
      "r.example",
      "https://index.docker.io/v1/",
    ]);
    stack.env.PARTNER = "from-env-2";
    expect((await planned()).changes).toEqual({ [ADDRESS]: ["update"] });
  });
});

describe("registry_pull_secret: all or nothing", () => {
  it("fails when namespaces don't exist, names all of them, and writes nothing", async () => {
    stack.write(hcl({ namespaces: JSON.stringify([A(), "nowhere", B(), "elsewhere"]) }));
    expect(errorsOf(await stack.apply())).toEqual([
      {
        severity: "error",
        summary: "Namespaces do not exist",
        detail: `Namespaces "elsewhere" and "nowhere" do not exist in the cluster at ${cluster.client.server}. Nothing was written: a pull secret is made in all its namespaces, or in none. Make them in the same stack (kubernetes_namespace_v1, NamespaceV1) and give their references in namespaces, so that the order follows; or correct the name.`,
        address: ADDRESS,
      },
    ]);
    expect(await Promise.all([A(), B()].map((namespace) => cluster.secret(namespace, "pull")))).toEqual([undefined, undefined]);
    expect(await stack.attributes(ADDRESS)).toBeUndefined();
  });

  it("fails when a Secret of that name is somebody else's, and writes nothing", async () => {
    await cluster.create<SecretObject>("secrets", { type: "Opaque", metadata: { name: "pull", namespace: B() } });
    stack.write(hcl());
    expect((await stack.apply()).messages).toEqual([
      {
        severity: "error",
        summary: "Secret belongs to somebody else",
        detail: `Namespace "${B()}" has a Secret "pull" already, and it names no owner: it was made by hand, or by another tool. It was left as it is. adopt_existing would not take this one over either: its type is "Opaque", which can't be changed to "kubernetes.io/dockerconfigjson", and whoever made it so may need it. Give this pull secret another name; or, if nobody needs that Secret, delete it (kubectl delete secret --namespace ${B()} pull) and apply again.`,
        address: ADDRESS,
      },
    ]);
    expect(await cluster.secret(A(), "pull")).toBeUndefined();
    expect((await secret(B())).type).toBe("Opaque");
  });

  it("picks up what a crash of the same owner left, and puts it back when it fails", async () => {
    const left = await cluster.create<SecretObject>("secrets", {
      type: "kubernetes.io/dockerconfigjson",
      metadata: {
        name: "pull",
        namespace: A(),
        annotations: { "registry-access/owner": "tests/pull-secret", "registry-access/instance": "0123456789abcdef" },
      },
      data: { ".dockerconfigjson": Buffer.from("{}").toString("base64") },
    });
    const refusal = await refuseWrites(cluster, C(), "secrets");
    stack.write(hcl({ namespaces: JSON.stringify([A(), C()]) }));
    expect(errorsOf(await stack.apply())).toMatchObject([{ summary: "Not allowed" }]);
    await refusal.close();
    const { metadata, data } = await secret(A());
    expect({ uid: metadata.uid, annotations: metadata.annotations, data }).toEqual({
      uid: left.metadata.uid,
      annotations: left.metadata.annotations,
      data: left.data,
    });
    await apply();
    expect((await secret(A())).metadata.uid).toBe(left.metadata.uid);
  });

  it("an update keeps what succeeded", async () => {
    await apply();
    await cluster.create<SecretObject>("secrets", { type: "Opaque", metadata: { name: "pull", namespace: C() } });
    stack.env.TF_VAR_password = "hunter22-second";
    stack.write(hcl({ namespaces: JSON.stringify(namespaces) }));
    expect((await stack.apply()).messages).toMatchObject([{ summary: "Secret belongs to somebody else" }]);
    expect(await cluster.dockerConfig(A(), "pull")).toMatchObject({
      auths: { "registry.partner.example:5000": { password: "hunter22-second" } },
    });
    expect((await stack.attributes<{ targets: object }>(ADDRESS))?.targets).toEqual({
      [A()]: { status: "in_sync" },
      [B()]: { status: "in_sync" },
      [C()]: { status: "foreign" },
    });
    await cluster.delete("secrets", C(), "pull");
    expect((await planned()).text).toContain(`"${C()}"`);
    expectWell(await stack.apply());
    expect((await planned()).changes).toEqual({});
  });
});

describe("registry_pull_secret: replacement", () => {
  it.each([
    ["destroy first", ""],
    ["create_before_destroy", "lifecycle { create_before_destroy = true }"],
  ])("%s leaves every Secret there", async (_, rest) => {
    await apply({ rest });
    const before = await stack.attributes<{ instance: string }>(ADDRESS);
    expectWell(await stack.apply(`-replace=${ADDRESS}`));
    const after = await stack.attributes<{ instance: string }>(ADDRESS);
    expect(after?.instance).not.toBe(before?.instance);
    for (const namespace of [A(), B()]) {
      expect((await secret(namespace)).metadata.annotations?.["registry-access/instance"]).toBe(after?.instance);
    }
    expect((await planned()).changes).toEqual({});
  });

  it("another name is another Secret", async () => {
    await apply();
    stack.write(hcl({ name: '"other"' }));
    expect((await planned()).changes).toEqual({ [ADDRESS]: ["delete", "create"] });
    expectWell(await stack.apply());
    expect(await cluster.secret(A(), "pull")).toBeUndefined();
    expect(await cluster.secret(A(), "other")).toBeDefined();
  });
});

describe("registry_pull_secret: unknown values", () => {
  const later = (value: string) => `resource "terraform_data" "later" { input = ${value} }`;
  const cases: { readonly [name: string]: () => string } = {
    "a namespace": () => later(JSON.stringify(A())) + hcl({ namespaces: `[terraform_data.later.output, "${B()}"]` }),
    "all namespaces": () => later(JSON.stringify([A(), B()])) + hcl({ namespaces: "toset(terraform_data.later.output)" }),
    "a host": () =>
      later('"r.example"') +
      hcl({ registries: '{ hosts = [terraform_data.later.output], username = "u", password_wo = var.password }' }),
    "the name": () => later('"pull"') + hcl({ name: "terraform_data.later.output" }),
    "the provider's cluster": () =>
      later(JSON.stringify(cluster.state.kubeconfig)) + hcl({ kubernetes: "{ config_path = terraform_data.later.output }" }),
  };
  it.each(Object.entries(cases))("%s is planned, and applied", async (_, configuration) => {
    stack.write(configuration());
    expect((await planned()).changes).toEqual({ [ADDRESS]: ["create"], "terraform_data.later": ["create"] });
    expectWell(await stack.apply("plan.bin"));
    expect(await cluster.secret(A(), "pull")).toBeDefined();
    expect((await planned()).changes).toEqual({});
  });
});

describe("registry_pull_secret: two of one name", () => {
  const other = () => `
resource "registry_pull_secret" "other" {
  name       = "pull"
  namespaces = ["${B()}"]
  registries = [${PARTNER}]
}
`;
  it("fails at plan when both are new", async () => {
    stack.write(hcl() + other());
    expect((await stack.plan()).messages).toEqual([
      {
        severity: "error",
        summary: "Two pull secrets write one Secret",
        detail: `Another registry_pull_secret of this configuration also writes the Secret "pull" in these namespaces: ${B()}. They would take it from each other at every apply. Give one of them another name, or make one resource of the two: registries and namespaces take several.`,
        address: expect.stringMatching(/^registry_pull_secret\.(pull|other)$/),
      },
    ]);
  });
});

describe("registry_pull_secret: permissions", () => {
  const rules = (verbs: readonly string[]) => [{ apiGroups: [""], resources: ["secrets"], verbs }];
  const rbac = (resource: string, namespace: string) => ({ apiVersion: "rbac.authorization.k8s.io/v1", resource, namespace });

  async function grant(namespace: string, user: string, verbs: readonly string[]): Promise<void> {
    const signal = new AbortController().signal;
    const metadata = { name: `grant-${user}`, namespace };
    const role = { metadata, rules: rules(verbs) };
    const binding = {
      metadata,
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
    };
    await cluster.client.create(rbac("roles", namespace), role, {}, signal);
    await cluster.client.create(rbac("rolebindings", namespace), binding, {}, signal);
  }

  it("rights in the namespaces alone are enough", async () => {
    const user = `writer-${count}`;
    for (const namespace of [A(), B()]) await grant(namespace, user, ["get", "create", "update", "delete"]);
    const kubeconfig = await createUserKubeconfig(cluster.state, { name: user });
    await apply({ kubernetes: `{ config_path = ${JSON.stringify(kubeconfig)} }` });
    expect((await planned()).changes).toEqual({});
    expectWell(await stack.destroy());
  });

  it("fails when one may not write, and says what is needed", async () => {
    const user = `reader-${count}`;
    for (const namespace of [A(), B()]) await grant(namespace, user, ["get"]);
    const kubeconfig = await createUserKubeconfig(cluster.state, { name: user });
    stack.write(hcl({ kubernetes: `{ config_path = ${JSON.stringify(kubeconfig)} }`, namespaces: JSON.stringify([A()]) }));
    expect(errorsOf(await stack.apply())).toEqual([
      {
        severity: "error",
        summary: "Not allowed",
        detail: `User "${user}" may not do this in the cluster at ${cluster.client.server}: create and delete secrets "pull" in ${A()}. Nothing was written: a pull secret is made in all its namespaces, or in none. The role registry-access-apply has all of it (docs/permissions.md; the construct AccessRoles): bind it for all namespaces, or in each of them.`,
        address: ADDRESS,
      },
    ]);
  });
});
