/** Several stacks, and others, write the same objects at the same moment: nothing is lost, and everybody takes away only his own. */
import { ClientError } from "../../lib/clients/client-error";
import type { SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { serviceAccountAt } from "../../lib/clients/kubernetes/service-accounts";
import { startCluster } from "./support/cluster";
import { findingsOf } from "./support/findings";
import { block, ephemeralVariable, object, quoted } from "./support/hcl";
import { type LimitedCluster, underRoles } from "./support/identities";
import { type Applied, createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const ROUNDS = 4;
const NAMESPACES = ["team-a", "team-b", "team-c"];
const { signal } = new AbortController();
let cluster: LimitedCluster;
let left: Stack;
let right: Stack;

beforeAll(async () => {
  const names = { pullSecrets: ["pull"], serviceAccounts: ["default"] };
  cluster = await underRoles(await startCluster("concurrent-stacks"), names);
  await Promise.all(NAMESPACES.map((namespace) => cluster.createNamespace(namespace)));
});
afterAll(() => cluster?.stop());

beforeEach(async () => {
  [left, right] = (await Promise.all(["left", "right"].map((name) => createStack(name, {}, undefined, cluster.envOf)))) as [
    Stack,
    Stack,
  ];
});
afterEach(async () => {
  for (const stack of [left, right]) {
    expectWell(await stack.destroy());
    removeStack(stack);
  }
});

const provider = (owner: string) => block('provider "registry"', { owner: quoted(owner), kubernetes: cluster.kubernetes });

function patch(owner: string, pullSecrets: readonly string[]): string {
  const attributes = { namespaces: quoted(NAMESPACES), pull_secrets: quoted(pullSecrets) };
  return provider(owner) + block('resource "registry_service_account_patch" "patch"', attributes);
}

/** What the ServiceAccounts hold, and whose it is. */
async function entries(): Promise<readonly { readonly names: readonly string[]; readonly owners: object }[]> {
  const accounts = await Promise.all(NAMESPACES.map((namespace) => cluster.serviceAccount(namespace)));
  return accounts.map((account) => {
    const register: object = JSON.parse(account?.metadata.annotations?.["registry-access/entries"] ?? "{}");
    const owners = Object.entries(register).map(([owner, names]: [string, object]) => [owner, Object.keys(names)]);
    return { names: (account?.imagePullSecrets ?? []).map(({ name }) => name), owners: Object.fromEntries(owners) };
  });
}

/** Adds an entry as a careful writer does: guarded by the resource version, again after a conflict. */
async function addForeign(namespace: string, name: string): Promise<void> {
  const at = serviceAccountAt(namespace, "default");
  for (;;) {
    const account = await cluster.client.get<ServiceAccountObject>(at, signal);
    if (account === undefined) throw new Error(`${namespace} has no ServiceAccount`);
    try {
      const imagePullSecrets = [...(account.imagePullSecrets ?? []), { name }];
      await cluster.client.replace(at, { ...account, imagePullSecrets }, signal);
      return;
    } catch (error) {
      if (!ClientError.is(error, "conflict")) throw error;
    }
  }
}

/** Writes foreign entries into every ServiceAccount until something has ended; returns their names. */
async function interfere(prefix: string, until: Promise<unknown>): Promise<string[]> {
  let ended = false;
  const end = until.finally(() => {
    ended = true;
  });
  const names: string[] = [];
  while (!ended) {
    const name = `${prefix}-${names.length}`;
    await Promise.all(NAMESPACES.map((namespace) => addForeign(namespace, name)));
    names.push(name);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await end;
  return names;
}

async function clear(): Promise<void> {
  for (const namespace of NAMESPACES) {
    await cluster.edit<ServiceAccountObject>("serviceaccounts", namespace, "default", ({ imagePullSecrets: _, ...rest }) => rest);
  }
}

describe("concurrent stacks: the same ServiceAccounts", () => {
  it("lose nothing, round after round, also to a third writer", async () => {
    const foreign: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      left.write(patch("tests/left", [`left-${round}`, "shared"]));
      right.write(patch("tests/right", ["shared", `right-${round}`]));
      const both = Promise.all([left.apply(), right.apply()]);
      foreign.push(...(await interfere(`foreign-${round}`, both)));
      (await both).forEach(expectWell);
      for (const { names, owners } of await entries()) {
        expect([...names].sort()).toEqual([`left-${round}`, "shared", `right-${round}`, ...foreign].sort());
        expect(names.filter((name) => foreign.includes(name))).toEqual(foreign);
        expect(owners).toEqual({
          "tests/left": [`left-${round}`, "shared"],
          "tests/right": [`right-${round}`, "shared"],
        });
      }
    }
    expect(foreign.length).toBeGreaterThan(ROUNDS);
    expect((await Promise.all([left.plan(), right.plan()])).map(({ changes }) => changes)).toEqual([{}, {}]);

    const gone = left.destroy();
    foreign.push(...(await interfere("foreign-destroy", gone)));
    expectWell(await gone);
    for (const { names, owners } of await entries()) {
      expect([...names].sort()).toEqual(["shared", `right-${ROUNDS - 1}`, ...foreign].sort());
      expect(owners).toEqual({ "tests/right": [`right-${ROUNDS - 1}`, "shared"] });
    }
    expect(expectWell(await right.plan()).changes).toEqual({});
    expectWell(await right.destroy());
    expect(await entries()).toEqual(NAMESPACES.map(() => ({ names: foreign, owners: {} })));
    await clear();
  });

  it("an apply and a destroy at the same moment leave what the apply wants", async () => {
    left.write(patch("tests/left", ["left", "shared"]));
    expectWell(await left.apply());
    right.write(patch("tests/right", ["right", "shared"]));
    (await Promise.all([left.destroy(), right.apply()])).forEach(expectWell);
    for (const { names, owners } of await entries()) {
      expect([...names].sort()).toEqual(["right", "shared"]);
      expect(owners).toEqual({ "tests/right": ["right", "shared"] });
    }
  });

  it("two destroys at the same moment leave the ServiceAccounts as they were", async () => {
    await Promise.all(NAMESPACES.map((namespace) => addForeign(namespace, "theirs")));
    const accounts = () => Promise.all(NAMESPACES.map((namespace) => cluster.serviceAccount(namespace)));
    const comparable = async () =>
      (await accounts()).map((account) => ({
        ...account,
        metadata: { ...account?.metadata, resourceVersion: "", managedFields: [] },
      }));
    const before = await comparable();
    left.write(patch("tests/left", ["left", "shared"]));
    right.write(patch("tests/right", ["right", "shared"]));
    (await Promise.all([left.apply(), right.apply()])).forEach(expectWell);
    (await Promise.all([left.destroy(), right.destroy()])).forEach(expectWell);
    expect(await comparable()).toEqual(before);
    await clear();
  });
});

describe("concurrent stacks: the same Secret", () => {
  function pullSecret(owner: string): string {
    const registry = { hosts: quoted([`${owner}.example`]), username: quoted(owner), password_wo: "var.password" };
    const attributes = { name: quoted("pull"), namespaces: quoted(NAMESPACES), registries: `[${object(registry)}]` };
    return (
      provider(`tests/${owner}`) + ephemeralVariable("password") + block('resource "registry_pull_secret" "pull"', attributes)
    );
  }
  async function owners(): Promise<readonly (string | undefined)[]> {
    const secrets = await Promise.all(NAMESPACES.map((namespace) => cluster.secret(namespace, "pull")));
    return secrets.map((secret: SecretObject | undefined) => secret?.metadata.annotations?.["registry-access/owner"]);
  }
  beforeEach(() => {
    left.env.TF_VAR_password = "hunter22";
    right.env.TF_VAR_password = "hunter23";
    left.write(pullSecret("left"));
    right.write(pullSecret("right"));
  });

  it("is refused as foreign to the second, which is told whose it is", async () => {
    expectWell(await left.apply());
    const written = await Promise.all(NAMESPACES.map((namespace) => cluster.secret(namespace, "pull")));
    expect(findingsOf(await right.apply())).toEqual(
      NAMESPACES.map((namespace) => ({
        severity: "error",
        summary: "Secret belongs to somebody else",
        detail: expect.stringContaining(
          `Namespace "${namespace}" has a Secret "pull" already, and it belongs to owner "tests/left".`,
        ),
        address: "registry_pull_secret.pull",
        line: 'name = "pull"',
      })),
    );
    expect(await Promise.all(NAMESPACES.map((namespace) => cluster.secret(namespace, "pull")))).toEqual(written);
    expect(expectWell(await left.plan()).changes).toEqual({});
  });

  it("is never half one's and half the other's", async () => {
    const applied: readonly Applied[] = await Promise.all([left.apply(), right.apply()]);
    const found = await owners();
    const winners = ["tests/left", "tests/right"].filter((_, index) => applied[index]?.code === 0);
    expect(winners.length).toBeLessThan(2);
    // Where each got one of the namespaces first, both roll back.
    expect(found).toEqual(NAMESPACES.map(() => winners[0]));
    expectWell(await (winners[0] === "tests/right" ? right : left).apply());
    expect(new Set(await owners()).size).toBe(1);
  });
});
