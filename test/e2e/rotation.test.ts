/** Rotation: a new token reaches every namespace's Secret before the old one is revoked, and in the end one token lives. */
import { accessHcl, CREATE_FIRST, PATCH, PULL_SECRET, SECRET_NAME, TOKEN } from "./support/access-hcl";
import { startCluster, until } from "./support/cluster";
import { type Bluemix, dedicatedEnvironment, dedicatedPassword, openBluemix } from "./support/dedicated";
import { type LimitedCluster, underRoles } from "./support/identities";
import { refuseWrites } from "./support/refuse-writes";
import { createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const NAMESPACES = 12;
/** How long a delayed request takes: the time to look around in. */
const DELAY_MS = 5_000;

let cluster: LimitedCluster;
let bluemix: Bluemix;
let stack: Stack;
let count = 0;
let owner: string;
let namespaces: readonly string[];

beforeAll(async () => {
  cluster = await underRoles(await startCluster("rotation"), { pullSecrets: ["pull"], serviceAccounts: ["default"] });
  bluemix = openBluemix(cluster);
});
afterAll(() => cluster?.stop());

beforeEach(async () => {
  count += 1;
  owner = `tests/rotation-${count}`;
  namespaces = Array.from({ length: NAMESPACES }, (_, index) => `rotation-${count}-${index}`);
  for (const namespace of namespaces) await cluster.createNamespace(namespace);
  stack = await createStack("rotation", dedicatedEnvironment(cluster.state), undefined, cluster.envOf);
});
afterEach(async () => {
  await bluemix.clearFaults();
  removeStack(stack);
});

/** `isCopied`: the last two namespaces have a copy of the first one's Secret. */
function write(token = "", isCopied = false): void {
  const copied = isCopied ? namespaces.slice(-2) : [];
  const served = namespaces.filter((namespace) => !copied.includes(namespace));
  const copy = `
resource "registry_pull_secret" "copy" {
  name       = "${SECRET_NAME}"
  namespaces = ${JSON.stringify(copied)}
  registries = [{ copy_from = {
    namespace   = "${served[0]}"
    name        = ${PULL_SECRET}.name
    revision    = ${PULL_SECRET}.fingerprint
  } }]
}
`;
  const access = accessHcl(cluster, { owner, namespaces: served, token: `${token}\n${CREATE_FIRST}` });
  stack.write(isCopied ? `${access}${copy}` : access);
}
async function deploy(token = "", isCopied = false): Promise<void> {
  write(token, isCopied);
  expectWell(await stack.apply());
}
/** By namespace: which Secret it is, and what it opens the registry with. */
async function secrets(): Promise<{ readonly uids: readonly unknown[]; readonly passwords: readonly unknown[] }> {
  const uids = namespaces.map(async (namespace) => (await cluster.secret(namespace, SECRET_NAME))?.metadata.uid);
  const passwords = namespaces.map((namespace) => dedicatedPassword(cluster, namespace, SECRET_NAME));
  return { uids: await Promise.all(uids), passwords: await Promise.all(passwords) };
}
const everywhere = (value: unknown) => namespaces.map(() => value);

/** Everything is as after a rotation that went well: the old token is dead, the new one everywhere, and nothing is left to do. */
async function expectRotated(former: { readonly id: string }, before: Awaited<ReturnType<typeof secrets>>): Promise<void> {
  const { id, value } = await bluemix.onlyLiving(owner);
  expect(id).not.toBe(former.id);
  expect(await secrets()).toEqual({ uids: before.uids, passwords: everywhere(value) });
  expect(await bluemix.pull(namespaces[0] ?? "", SECRET_NAME)).toMatchObject({ fault: undefined });
  expect(expectWell(await stack.plan()).changes).toEqual({});
}

describe("rotation: order", () => {
  const causes: {
    readonly [name: string]: {
      readonly start?: string;
      readonly next?: string;
      readonly args?: readonly string[];
      readonly isCopied?: boolean;
    };
  } = {
    "-replace": { args: [`-replace=${TOKEN}`] },
    "renewal due": {
      start: "permanent = false\nrenew_before_seconds = 60",
      next: "permanent = false\nrenew_before_seconds = 7200",
    },
    "-replace, of what is copied as well": { args: [`-replace=${TOKEN}`], isCopied: true },
    "a changed description": { start: 'description = "first"', next: 'description = "second"' },
  };
  it.each(Object.entries(causes))("%s: every Secret has the new token before the old one is revoked", async (_, cause) => {
    // An expiring token has an hour left; the one that follows has a day.
    await bluemix.setClockOffset(cause.start?.includes("renew") ? -23 * 3_600 : 0);
    await deploy(cause.start, cause.isCopied);
    await bluemix.setClockOffset(0);
    const former = await bluemix.onlyLiving(owner);
    const before = await secrets();
    expect(before.passwords).toEqual(everywhere(former.value));

    const [last] = (await bluemix.requests()).slice(-1);
    await bluemix.addFault({ method: "DELETE", pathPrefix: "/api/v1/tokens/", delayMs: DELAY_MS });
    write(cause.next ?? cause.start, cause.isCopied);
    expect(expectWell(await stack.plan(...(cause.args ?? []))).changes).toEqual({
      [TOKEN]: ["create", "delete"],
      [PULL_SECRET]: ["update"],
      ...(cause.isCopied ? { "registry_pull_secret.copy": ["update"] } : {}),
    });
    const applied = stack.apply("plan.bin");
    const deletions = async () => (await bluemix.requests(last?.sequence)).filter(({ method }) => method === "DELETE");
    await until(async () => (await deletions()).length > 0);
    // The request to revoke waits at the registry.
    const both = await bluemix.living(owner);
    expect(both).toHaveLength(2);
    const current = both.find(({ id }) => id !== former.id);
    expect(await secrets()).toEqual({ uids: before.uids, passwords: everywhere(current?.value) });
    expect((await deletions()).map(({ path, status }) => ({ path, status }))).toEqual([
      { path: `/api/v1/tokens/${former.id}`, status: 0 },
    ]);

    expectWell(await applied);
    await expectRotated(former, before);
  });
});

describe("rotation: broken in the middle", () => {
  it("the new token's value can't be fetched: the old one opens the registry until the next apply", async () => {
    await deploy();
    const former = await bluemix.onlyLiving(owner);
    const before = await secrets();
    await bluemix.addFault({ method: "GET", pathPrefix: "/api/v1/tokens/", status: 503, times: 1_000 });
    const { code, messages } = await stack.apply(`-replace=${TOKEN}`);
    expect({ code, messages }).toMatchObject({ code: 1, messages: [{ severity: "error", address: PULL_SECRET }] });
    expect((await bluemix.living(owner)).map(({ id }) => id)).toContain(former.id);
    expect(await secrets()).toEqual(before);
    expect(await bluemix.pull(namespaces[0] ?? "", SECRET_NAME)).toMatchObject({ fault: undefined });

    await bluemix.clearFaults();
    expectWell(await stack.apply());
    await expectRotated(former, before);
  });

  it("a Secret can't be written: the old token lives as long as a Secret has it", async () => {
    const [refused = "", ...others] = namespaces;
    await deploy();
    const former = await bluemix.onlyLiving(owner);
    const before = await secrets();

    const refusal = await refuseWrites(cluster, refused, "secrets");
    const { code, messages } = await stack.apply(`-replace=${TOKEN}`);
    expect({ code, messages }).toMatchObject({ code: 1, messages: [{ severity: "error", summary: "Refused by the cluster" }] });
    const both = await bluemix.living(owner);
    expect(both).toHaveLength(2);
    const current = both.find(({ id }) => id !== former.id);
    expect(await secrets()).toEqual({
      uids: before.uids,
      passwords: [former.value, ...others.map(() => current?.value)],
    });

    await refusal.close();
    expectWell(await stack.apply());
    await expectRotated(former, before);
  });

  it("the old token can't be revoked: the next apply does", async () => {
    await deploy();
    const former = await bluemix.onlyLiving(owner);
    const before = await secrets();
    await bluemix.addFault({ method: "DELETE", pathPrefix: "/api/v1/tokens/", status: 500, times: 1_000 });
    const { code, messages } = await stack.apply(`-replace=${TOKEN}`);
    expect({ code, messages }).toMatchObject({ code: 1, messages: [{ severity: "error" }] });
    expect(await bluemix.living(owner)).toHaveLength(2);

    await bluemix.clearFaults();
    expect(expectWell(await stack.plan()).changes).toEqual({ [TOKEN]: ["delete"] });
    expectWell(await stack.apply());
    await expectRotated(former, before);
  });

  it("no token is issued: everything stays as it was", async () => {
    await deploy();
    const former = await bluemix.onlyLiving(owner);
    const before = await secrets();
    await bluemix.addFault({ method: "POST", pathPrefix: "/api/v1/tokens", status: 403 });
    const { code } = await stack.apply(`-replace=${TOKEN}`);
    expect(code).toBe(1);
    expect((await bluemix.onlyLiving(owner)).id).toBe(former.id);
    expect(await secrets()).toEqual(before);
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });

  it("the answer of the issue is lost: one token lives all the same", async () => {
    await deploy();
    const former = await bluemix.onlyLiving(owner);
    const before = await secrets();
    await bluemix.addFault({ method: "POST", pathPrefix: "/api/v1/tokens", drop: "after" });
    expectWell(await stack.apply(`-replace=${TOKEN}`));
    await expectRotated(former, before);
  });

  it("twice in a row: the third apply leaves one token", async () => {
    await deploy();
    const former = await bluemix.onlyLiving(owner);
    const before = await secrets();
    for (const round of [1, 2]) {
      await bluemix.addFault({ method: "GET", pathPrefix: "/api/v1/tokens/", status: 403, times: 1_000 });
      expect((await stack.apply(`-replace=${TOKEN}`)).code).toBe(1);
      await bluemix.clearFaults();
      expect(await bluemix.living(owner)).toHaveLength(round + 1);
    }
    expect((await bluemix.living(owner)).map(({ id }) => id)).toContain(former.id);
    expectWell(await stack.apply());
    await expectRotated(former, before);
  });
});

describe("rotation: the patch", () => {
  it("is not touched", async () => {
    await deploy();
    const version = async (namespace: string) => (await cluster.serviceAccount(namespace))?.metadata.resourceVersion;
    const before = await Promise.all(namespaces.map(version));
    const instance = await stack.attributes<{ instance: string }>(PATCH);
    expectWell(await stack.apply(`-replace=${TOKEN}`));
    expect(await Promise.all(namespaces.map(version))).toEqual(before);
    expect(await stack.attributes<{ instance: string }>(PATCH)).toEqual(instance);
  });
});
