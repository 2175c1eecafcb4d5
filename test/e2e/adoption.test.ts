/** `adopt_existing`: what others made is taken over when that is asked for, and only then. */
import type { KubernetesObject, SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { startCluster } from "./support/cluster";
import { type LimitedCluster, underRoles } from "./support/identities";
import { createStack, expectWell, type Message, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const PULL_SECRET = "registry_pull_secret.pull";
const OWNER = "tests/adoption";
let cluster: LimitedCluster;
let stack: Stack;
let namespaces: readonly string[];
let count = 0;

beforeAll(async () => {
  cluster = await underRoles(await startCluster("adoption"), { pullSecrets: ["pull"], serviceAccounts: ["default"] });
});
afterAll(() => cluster?.stop());

beforeEach(async () => {
  count += 1;
  namespaces = ["a", "b", "c", "d"].map((letter) => `t${count}-${letter}`);
  await Promise.all(namespaces.map((namespace) => cluster.createNamespace(namespace)));
  stack = await createStack("adoption", { REGISTRY_PARTNER: "hunter22-ours" }, undefined, cluster.envOf);
});
afterEach(() => removeStack(stack));

const at = (index: number) => namespaces[index] ?? "";

interface Options {
  readonly adopt?: boolean;
  readonly namespaces?: readonly string[];
  readonly kubernetes?: string;
  readonly more?: string;
}

function hcl({ adopt = true, namespaces: served = namespaces.slice(0, 2), kubernetes, more }: Options = {}): string {
  return `
provider "registry" {
  owner      = "${OWNER}"
  kubernetes = ${kubernetes ?? cluster.kubernetes}
}
resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ${JSON.stringify(served)}
  registries = [{ hosts = ["r.partner.example"], username = "acme", password_env = "REGISTRY_PARTNER" }]
  ${adopt ? "adopt_existing = true" : ""}
}
${more ?? ""}
`;
}

const configOf = (...hosts: readonly string[]) => ({
  ".dockerconfigjson": Buffer.from(
    JSON.stringify({ auths: Object.fromEntries(hosts.map((host) => [host, { username: "u", password: "hunter22-theirs" }])) }),
  ).toString("base64"),
});

/** A Secret that somebody else made. */
function theirs(
  namespace: string,
  rest: Partial<SecretObject> = {},
  metadata: Partial<SecretObject["metadata"]> = {},
): SecretObject {
  const base = { apiVersion: "v1", kind: "Secret", type: "kubernetes.io/dockerconfigjson" };
  return { ...base, data: configOf("r.partner.example"), ...rest, metadata: { name: "pull", namespace, ...metadata } };
}

const put = (...secrets: readonly SecretObject[]) => Promise.all(secrets.map((secret) => cluster.create("secrets", secret)));
const errorsOf = (messages: readonly Message[]) => messages.filter(({ severity }) => severity === "error");
const warningsOf = (messages: readonly Message[]) => messages.filter(({ severity }) => severity === "warning");

describe("adoption of Secrets", () => {
  it("the plan says whose each is and what would be lost; the apply writes in place; destroy deletes", async () => {
    await put(
      theirs(
        at(0),
        { data: configOf("https://user:hunter22@old.example/v1?token=hunter22", "r.partner.example", "gone.example:5000") },
        {
          labels: { team: "x", "app.kubernetes.io/managed-by": "Helm" },
          annotations: { "kubectl.kubernetes.io/last-applied-configuration": "hunter22-theirs", note: "kept" },
        },
      ),
      theirs(
        at(1),
        {},
        { annotations: { "registry-access/owner": "shop/other", "registry-access/instance": "0123456789abcdef" } },
      ),
    );
    const before = await cluster.secret(at(0), "pull");
    stack.write(hcl({ adopt: false }));
    const refused = await stack.apply();
    expect(errorsOf(refused.messages).map(({ detail }) => detail)).toEqual([
      expect.stringContaining("Set adopt_existing = true to take it over"),
      expect.stringContaining('belongs to owner "shop/other"'),
    ]);
    expect(await cluster.secret(at(0), "pull")).toEqual(before);

    stack.write(hcl());
    const planned = expectWell(await stack.plan());
    expect(planned.messages).toEqual([
      {
        severity: "warning",
        summary: "Secrets would be taken over",
        address: PULL_SECRET,
        detail: [
          'adopt_existing is set, and somebody else\'s Secrets "pull" would be taken over, in place:',
          `  - ${at(0)}: it is looked after by "Helm" (its label app.kubernetes.io/managed-by); lost: https://…@old.example/v1…, gone.example:5000`,
          `  - ${at(1)}: it belongs to owner "shop/other"; no registry host is lost`,
          "From then on they are this resource's: destroy deletes them. Their former content is not kept.",
        ].join("\n"),
      },
    ]);
    // Terraform plans again while it applies, so a person who applies reads it, too.
    expect(expectWell(await stack.apply("plan.bin")).messages).toEqual(planned.messages);
    const after = await cluster.secret(at(0), "pull");
    expect({ uid: after?.metadata.uid, labels: after?.metadata.labels, annotations: after?.metadata.annotations }).toEqual({
      uid: before?.metadata.uid,
      labels: { team: "x", "app.kubernetes.io/managed-by": "registry-access" },
      annotations: { note: "kept", "registry-access/owner": OWNER, "registry-access/instance": expect.any(String) },
    });
    const again = expectWell(await stack.plan());
    expect({ changes: again.changes, messages: again.messages }).toEqual({ changes: {}, messages: [] });
    expectWell(await stack.destroy());
    expect(await cluster.secret(at(0), "pull")).toBeUndefined();
  });

  it("fails for another type, an immutable one and a controller's, all named by the plan, before the first write", async () => {
    const controller = await cluster.create<KubernetesObject>("configmaps", {
      metadata: { name: "controller", namespace: at(2) },
    });
    const owner = { apiVersion: "v1", kind: "ConfigMap", name: "controller", uid: controller.metadata.uid ?? "" };
    await put(
      theirs(at(0), { type: "Opaque", data: {} }),
      theirs(at(1), { immutable: true }),
      theirs(at(2), {}, { ownerReferences: [owner] }),
    );
    stack.write(hcl({ namespaces }));
    const expected = [
      { summary: "Secret of another type", detail: expect.stringMatching(new RegExp(`${at(0)}.*"Opaque"`)) },
      { summary: "Immutable Secret", detail: expect.stringContaining(at(1)) },
      { summary: "Secret of a controller", detail: expect.stringMatching(new RegExp(`${at(2)}.*ConfigMap "controller"`)) },
    ];
    const { messages } = await stack.plan();
    expect(errorsOf(messages)).toMatchObject(expected);
    // A cluster that the plan does not know yet: the apply looks, and stops before the first write.
    const later = `resource "terraform_data" "path" {\n  input = ${JSON.stringify(cluster.identities.apply)}\n}\n`;
    const kubernetes = `{ config_path = terraform_data.path.output, config_context = ${JSON.stringify(cluster.state.context)} }`;
    stack.write(hcl({ namespaces, kubernetes, more: later }));
    const applied = await stack.apply();
    expect(errorsOf(applied.messages)).toMatchObject(expected);
    expect(await cluster.secret(at(3), "pull")).toBeUndefined();
    expect(await stack.attributes(PULL_SECRET)).toBeUndefined();
  });

  it("on update: a namespace that joins, and a target that became foreign", async () => {
    stack.write(hcl());
    expectWell(await stack.apply());
    await put(theirs(at(2), { data: configOf("lost.example") }));
    await cluster.edit<SecretObject>("secrets", at(1), "pull", (secret) => ({
      ...secret,
      metadata: { ...theirs(at(1)).metadata, resourceVersion: secret.metadata.resourceVersion ?? "" },
    }));
    stack.write(hcl({ adopt: false, namespaces: namespaces.slice(0, 3) }));
    const refused = await stack.apply();
    expect(errorsOf(refused.messages).map(({ detail }) => detail)).toEqual([
      expect.stringMatching(new RegExp(`${at(1)}.*adopt_existing = true`)),
      expect.stringMatching(new RegExp(`${at(2)}.*adopt_existing = true`)),
    ]);
    stack.write(hcl({ namespaces: namespaces.slice(0, 3) }));
    const planned = expectWell(await stack.plan());
    expect(planned.changes).toEqual({ [PULL_SECRET]: ["update"] });
    expect(warningsOf(planned.messages).map(({ detail }) => detail)).toContainEqual(
      expect.stringMatching(new RegExp(`- ${at(1)}: .*no registry host is lost\n  - ${at(2)}: .*lost: lost.example`)),
    );
    expectWell(await stack.apply("plan.bin"));
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("what could not be seen at plan is said at apply; what was adopted comes back where the create fails", async () => {
    await put(theirs(at(0), { data: configOf("lost.example") }));
    const before = await cluster.secret(at(0), "pull");
    const later = `resource "terraform_data" "name" {\n  input = "${at(0)}"\n}\n`;
    const withUnknown = (others: readonly string[]) =>
      hcl({ more: later }).replace(
        /namespaces = .*/,
        `namespaces = concat([terraform_data.name.output], ${JSON.stringify(others)})`,
      );
    stack.write(withUnknown([at(1), "nosuch-namespace"]));
    expect(errorsOf((await stack.apply()).messages)).toMatchObject([{ summary: "Namespace does not exist" }]);
    const {
      resourceVersion: _,
      managedFields: __,
      ...metadata
    } = (await cluster.secret(at(0), "pull"))?.metadata ?? { name: "" };
    const { resourceVersion: ___, managedFields: ____, ...former } = before?.metadata ?? { name: "" };
    expect({ data: (await cluster.secret(at(0), "pull"))?.data, metadata }).toEqual({ data: before?.data, metadata: former });
    expect(await cluster.secret(at(1), "pull")).toBeUndefined();

    await stack.run("state", "rm", "terraform_data.name");
    stack.write(withUnknown([at(1)]));
    expect(warningsOf(expectWell(await stack.apply()).messages)).toMatchObject([
      { summary: "Secrets would be taken over", detail: expect.stringContaining("lost: lost.example") },
    ]);
  });
});

describe("adoption of entries", () => {
  const patch = (adopt: boolean) => `
resource "registry_service_account_patch" "pull" {
  namespaces     = ["${at(0)}"]
  pull_secrets   = [registry_pull_secret.pull.name]
  ${adopt ? "adopt_existing = true" : ""}
}`;
  const entries = async () => (await cluster.serviceAccount(at(0)))?.imagePullSecrets?.map(({ name }) => name) ?? [];
  const warning = {
    severity: "warning",
    summary: "Entries would be taken over",
    address: "registry_service_account_patch.pull",
    get detail() {
      return [
        "adopt_existing is set, and entries in imagePullSecrets that somebody else put there would be taken over:",
        `  - "pull" of ${at(0)}/default`,
        "New Pods get them as before. From then on they are this resource's: destroy takes them away.",
      ].join("\n");
    },
  };
  const byHand = () =>
    cluster.edit<ServiceAccountObject>("serviceaccounts", at(0), "default", (account) => ({
      ...account,
      imagePullSecrets: [{ name: "other" }, { name: "pull" }],
    }));

  it.each([
    [false, ["other", "pull"]],
    [true, ["other"]],
  ])("adopt_existing = %s: destroy leaves %j, and the plan says so", async (adopt, left) => {
    await byHand();
    stack.write(hcl({ more: patch(adopt) }));
    const planned = expectWell(await stack.plan());
    expect(planned.messages).toEqual(adopt ? [warning] : []);
    expect(expectWell(await stack.apply("plan.bin")).messages).toEqual(planned.messages);
    expect(await entries()).toEqual(["other", "pull"]);
    const again = expectWell(await stack.plan());
    expect({ changes: again.changes, messages: again.messages }).toEqual({ changes: {}, messages: [] });
    expectWell(await stack.destroy());
    expect(await entries()).toEqual(left);
  });

  it("on update, once it is asked for", async () => {
    await byHand();
    stack.write(hcl({ more: patch(false) }));
    expectWell(await stack.apply());
    stack.write(hcl({ more: patch(true) }));
    const planned = expectWell(await stack.plan());
    expect({ changes: planned.changes, messages: planned.messages }).toEqual({
      changes: { "registry_service_account_patch.pull": ["update"] },
      messages: [warning],
    });
    expectWell(await stack.apply("plan.bin"));
    expectWell(await stack.destroy());
    expect(await entries()).toEqual(["other"]);
  });
});
