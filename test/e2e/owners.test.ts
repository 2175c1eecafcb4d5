/**
 * Two stacks of the same names: whose a token, a Secret and an entry is. More of it: concurrent-stacks.test.ts (at the same moment),
 * service-account-patch.test.ts (an entry of two owners goes with the last one). Each phase runs under its published role.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { accessHcl, PATCH, PULL_SECRET, SECRET_NAME, TOKEN } from "./support/access-hcl";
import { startCluster } from "./support/cluster";
import { type Bluemix, dedicatedEnvironment, openBluemix } from "./support/dedicated";
import { block, object, quoted } from "./support/hcl";
import { type LimitedCluster, underRoles } from "./support/identities";
import { type Applied, createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

let cluster: LimitedCluster;
let bluemix: Bluemix;
let left: Stack;
let right: Stack;
let namespace: string;
let count = 0;

beforeAll(async () => {
  cluster = await underRoles(await startCluster("owners"), { pullSecrets: [SECRET_NAME], serviceAccounts: ["default"] });
  bluemix = openBluemix(cluster);
});
afterAll(() => cluster?.stop());

beforeEach(async () => {
  count += 1;
  namespace = `owners-${count}`;
  await cluster.createNamespace(namespace);
  const environment = dedicatedEnvironment(cluster.state);
  [left, right] = await Promise.all([
    createStack("left", environment, undefined, cluster.envOf),
    createStack("right", environment, undefined, cluster.envOf),
  ]);
});
afterEach(() => [left, right].forEach(removeStack));

const access = (owner: string) => accessHcl(cluster, { owner, namespaces: [namespace] });

/** Whose the Secret is, and whose entries are registered. */
async function standing(): Promise<unknown> {
  const [secret, account] = await Promise.all([cluster.secret(namespace, SECRET_NAME), cluster.serviceAccount(namespace)]);
  const { annotations } = secret?.metadata ?? {};
  return {
    uid: secret?.metadata.uid,
    owner: annotations?.["registry-access/owner"],
    instance: annotations?.["registry-access/instance"],
    entries: account?.imagePullSecrets?.map(({ name }) => name),
    register: JSON.parse(account?.metadata.annotations?.["registry-access/entries"] ?? "{}") as unknown,
  };
}

const GONE = { uid: undefined, owner: undefined, instance: undefined, entries: undefined, register: {} };

const instanceOf = async (stack: Stack, address: string) => (await stack.attributes<{ instance: string }>(address))?.instance;

/** Token ids of an owner that still open the registry. */
const living = async (owner: string) => (await bluemix.living(owner)).map(({ id }) => `dedicated/${id}`).sort();
const tokenOf = async (stack: Stack) => (await stack.attributes<{ credential_id: string }>(TOKEN))?.credential_id ?? "";

const said = ({ messages }: Applied): readonly unknown[] =>
  messages.map(({ severity, summary, address }) => [severity, summary, ...(address === undefined ? [] : [address])]).sort();
const OLDER = ["warning", "Older registry tokens live", TOKEN];
const TAKEN_UP = [
  ["warning", "Entries were taken up", PATCH],
  ["warning", "Secrets were taken up", PULL_SECRET],
];

/** What stands where a stack's three resources are all as it wrote them; `warnings` are the next plan's. */
async function expectWrittenBy(stack: Stack, owner: string, warnings: readonly unknown[] = []): Promise<void> {
  const [secret, patch] = [await instanceOf(stack, PULL_SECRET), await instanceOf(stack, PATCH)];
  expect(await standing()).toEqual({
    uid: expect.any(String),
    owner,
    instance: secret,
    entries: [SECRET_NAME],
    register: { [owner]: { [SECRET_NAME]: patch } },
  });
  const planned = expectWell(await stack.plan());
  expect([planned.changes, said(planned)]).toEqual([{}, warnings]);
}

describe("owners: two of the same names", () => {
  it("the second is refused and told whose it is; its destroy takes its own token, and nothing else", async () => {
    const [owner, other] = [`tests/left-${count}`, `tests/right-${count}`];
    left.write(access(owner));
    expectWell(await left.apply());
    right.write(access(other));
    expect((await right.apply()).messages).toMatchObject([
      {
        severity: "error",
        summary: "Secret belongs to somebody else",
        detail: expect.stringContaining(`has a Secret "${SECRET_NAME}" already, and it belongs to owner "${owner}".`),
        address: PULL_SECRET,
      },
    ]);
    // Tokens of one name and two owners are two.
    expect([await living(owner), await living(other)]).toEqual([[await tokenOf(left)], [await tokenOf(right)]]);
    expectWell(await right.destroy());
    expect([await living(owner), await living(other)]).toEqual([[await tokenOf(left)], []]);
    await expectWrittenBy(left, owner);
    expectWell(await left.destroy());
    expect([await standing(), await living(owner)]).toEqual([GONE, []]);
  });
});

describe("owners: one owner, two states", () => {
  it("what a crash without a state left is picked up in place, and the next destroy leaves nothing", async () => {
    const owner = `tests/crash-${count}`;
    left.write(access(owner));
    expectWell(await left.apply());
    const before = (await standing()) as { uid: string };
    for (const file of ["terraform.tfstate", "terraform.tfstate.backup"]) rmSync(join(left.folder, file), { force: true });
    expect(said(expectWell(await left.apply()))).toEqual(TAKEN_UP);
    expect(await standing()).toMatchObject({ uid: before.uid });
    await expectWrittenBy(left, owner, [OLDER]);
    expect(await living(owner)).toHaveLength(2);
    const destroyed = said(expectWell(await left.destroy()));
    expect(destroyed).toContainEqual(expect.arrayContaining(["Older registry tokens were revoked too"]));
    expect([await standing(), await living(owner)]).toEqual([GONE, []]);
  });

  it("by mistake: the first is told that another resource has its Secrets, and its destroy takes none of them", async () => {
    const owner = `tests/mistake-${count}`;
    await applyBoth(owner);
    const planned = expectWell(await left.plan());
    expect(planned.messages).toMatchObject([
      {
        severity: "warning",
        summary: "Secrets that are not this resource's any more",
        detail: expect.stringContaining(`${namespace} (another resource of the same owner: an update takes it back)`),
        address: PULL_SECRET,
      },
    ]);
    expect(planned.changes).toEqual({ [PULL_SECRET]: ["update"], [PATCH]: ["update"] });
    expect(planned.text).toContain('~ status = "foreign" -> "in_sync"');
    expectWell(await left.destroy());
    await expectWrittenBy(right, owner);
    expect(await living(owner)).toEqual([await tokenOf(right)]);
    expectWell(await right.destroy());
    expect([await standing(), await living(owner)]).toEqual([GONE, []]);
  });

  it("issue 4: by mistake: the second one's rotation revokes the first one's token, its destroy takes all; the first one's next apply mends it", async () => {
    const owner = `tests/harm-${count}`;
    await applyBoth(owner);
    // Said before it happens: by each plan of the second, and by its first apply (applyBoth).
    const rotated = expectWell(await right.apply(`-replace=${TOKEN}`));
    expect(said(rotated)).toContainEqual(OLDER);
    expect(said(rotated)).toContainEqual(expect.arrayContaining(["Older registry tokens were revoked too"]));
    expect(await living(owner)).toEqual([await tokenOf(right)]);
    await expectWrittenBy(right, owner);
    const planned = expectWell(await left.plan());
    expect(planned.changes).toEqual({ [TOKEN]: ["delete", "create"], [PULL_SECRET]: ["update"], [PATCH]: ["update"] });
    expectWell(await right.destroy());
    expect([await standing(), await living(owner)]).toEqual([GONE, []]);
    expectWell(await left.apply());
    expect(await living(owner)).toEqual([await tokenOf(left)]);
    await expectWrittenBy(left, owner);
    expectWell(await left.destroy());
  });

  /** The second takes up what the first wrote, and says so. */
  async function applyBoth(owner: string): Promise<void> {
    for (const stack of [left, right]) {
      stack.write(access(owner));
      expect(said(expectWell(await stack.apply()))).toEqual(stack === left ? [] : TAKEN_UP);
    }
    await expectWrittenBy(right, owner, [OLDER]);
  }
});

describe("owners: another owner in the configuration", () => {
  it("relabels in place, the old owner's entries go, and a destroy leaves nothing", async () => {
    const [owner, renamed] = [`tests/old-${count}`, `tests/new-${count}`];
    left.write(access(owner));
    expectWell(await left.apply());
    const before = (await standing()) as { uid: string };
    left.write(access(renamed));
    const { changes } = expectWell(await left.plan());
    expect(changes).toMatchObject({ [PULL_SECRET]: ["update"], [PATCH]: ["update"] });
    expectWell(await left.apply("plan.bin"));
    expect(await standing()).toMatchObject({ uid: before.uid });
    await expectWrittenBy(left, renamed);
    expectWell(await left.destroy());
    expect([await standing(), await living(owner), await living(renamed)]).toEqual([GONE, [], []]);
  });
});

describe("owners: two resources of one configuration", () => {
  it("issue 4: fails at plan when one is there and the other is new; a replacement is none of the two", async () => {
    const owner = `tests/twins-${count}`;
    left.write(access(owner));
    expectWell(await left.apply());
    const all = [TOKEN, PULL_SECRET, PATCH];
    expectWell(await left.plan(...all.map((address) => `-replace=${address}`)));
    const registry = object({ hosts: quoted(["r.example"]), username: quoted("u"), password_env: quoted("REGISTRY_OTHER") });
    left.env.REGISTRY_OTHER = "hunter22";
    const twins = [
      block('resource "registry_token" "other"', { issuer: quoted("dedicated"), name: quoted("pull") }),
      block('resource "registry_pull_secret" "other"', {
        name: quoted(SECRET_NAME),
        namespaces: quoted([namespace]),
        registries: `[${registry}]`,
      }),
      block('resource "registry_service_account_patch" "other"', {
        namespaces: quoted([namespace]),
        pull_secrets: quoted([SECRET_NAME]),
      }),
    ];
    left.write(access(owner) + twins.join(""));
    expect((await left.plan()).messages.map(({ summary }) => summary)).toContain("Two registry tokens of one name");
    left.write(access(owner) + twins.slice(1).join(""));
    expect((await left.plan()).messages.map(({ summary }) => summary)).toContain("Two pull secrets write one Secret");
    left.write(access(owner) + twins.slice(2).join(""));
    expect((await left.plan()).messages.map(({ summary }) => summary)).toEqual(["Two patches add the same pull secret"]);
    left.write(access(owner));
    await expectWrittenBy(left, owner);
    expectWell(await left.destroy());
  });
});
