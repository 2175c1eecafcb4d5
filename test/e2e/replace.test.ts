/** `-replace` of token, pull secret and patch, in either order: afterwards every Secret and entry is there, and one token lives. */
import { accessHcl, CREATE_FIRST, PATCH, PULL_SECRET, SECRET_NAME, TOKEN } from "./support/access-hcl";
import { startCluster } from "./support/cluster";
import { type Bluemix, dedicatedEnvironment, dedicatedPassword, openBluemix } from "./support/dedicated";
import { type LimitedCluster, underRoles } from "./support/identities";
import { createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(600_000);

const OWNER = "tests/replace";
const NAMESPACES = ["replace-a", "replace-b", "replace-c"] as const;
/** Somebody else's entry, before ours and after. */
const FOREIGN = ["theirs-first", "theirs-last"];

let cluster: LimitedCluster;
let bluemix: Bluemix;
let stack: Stack;

beforeAll(async () => {
  cluster = await underRoles(await startCluster("replace"), { pullSecrets: ["pull"], serviceAccounts: ["default"] });
  bluemix = openBluemix(cluster);
  for (const namespace of NAMESPACES) await cluster.createNamespace(namespace);
  stack = await createStack("replace", dedicatedEnvironment(cluster.state), undefined, cluster.envOf);
});
afterAll(async () => {
  removeStack(stack);
  await cluster?.stop();
});

type Lifecycles = { readonly token?: string; readonly pullSecret?: string; readonly patch?: string };

/** The resources' own ids; Terraform knows the token by its credential id. */
async function ids(): Promise<{ readonly [address: string]: string | undefined }> {
  return {
    [TOKEN]: (await stack.attributes<{ credential_id: string }>(TOKEN))?.credential_id,
    [PULL_SECRET]: (await stack.attributes<{ instance: string }>(PULL_SECRET))?.instance,
    [PATCH]: (await stack.attributes<{ instance: string }>(PATCH))?.instance,
  };
}

/** What stands in each namespace. */
async function standing(): Promise<unknown> {
  const each = NAMESPACES.map(async (namespace) => {
    const secret = await cluster.secret(namespace, SECRET_NAME);
    const account = await cluster.serviceAccount(namespace);
    return {
      password: secret === undefined ? undefined : await dedicatedPassword(cluster, namespace, SECRET_NAME),
      instance: secret?.metadata.annotations?.["registry-access/instance"],
      entries: account?.imagePullSecrets?.map(({ name }) => name),
      register: account?.metadata.annotations?.["registry-access/entries"],
    };
  });
  return Promise.all(each);
}

/** All three resources, applied, with a foreign entry on either side of ours. */
async function deploy(lifecycles: Lifecycles): Promise<void> {
  stack.write(accessHcl(cluster, { owner: OWNER, namespaces: NAMESPACES, ...lifecycles }));
  expectWell(await stack.apply());
  for (const namespace of NAMESPACES) {
    const [first = "", last = ""] = FOREIGN;
    const imagePullSecrets = [first, SECRET_NAME, last].map((name) => ({ name }));
    await cluster.edit("serviceaccounts", namespace, "default", (account) => ({ ...account, imagePullSecrets }));
  }
}

const ORDERS = [
  ["create first", CREATE_FIRST],
  ["destroy first", ""],
] as const;
const REPLACED: readonly (readonly [what: string, addresses: readonly string[]])[] = [
  ["the token", [TOKEN]],
  ["the pull secret", [PULL_SECRET]],
  ["the service-account patch", [PATCH]],
  ["all three", [TOKEN, PULL_SECRET, PATCH]],
];

async function expectReplaced(addresses: readonly string[], order: "create first" | "destroy first"): Promise<void> {
  const before = await ids();
  const uids = await Promise.all(NAMESPACES.map(async (key) => (await cluster.secret(key, SECRET_NAME))?.metadata.uid));
  const planned = expectWell(await stack.plan(...addresses.map((address) => `-replace=${address}`)));
  for (const address of addresses) {
    expect(planned.changes[address]).toEqual(order === "create first" ? ["create", "delete"] : ["delete", "create"]);
  }
  const { messages } = expectWell(await stack.apply("plan.bin"));
  // A create can't tell its predecessor's from a lost state's.
  const takenUp = [
    ["Entries were taken up", PATCH],
    ["Secrets were taken up", PULL_SECRET],
  ].filter(([, address]) => order === "create first" && addresses.includes(address ?? ""));
  expect(messages.map(({ summary, address }) => [summary, address]).sort()).toEqual(takenUp);

  const after = await ids();
  const changed = Object.keys(after).filter((address) => after[address] !== before[address]);
  expect(changed).toEqual(Object.keys(after).filter((address) => addresses.includes(address)));
  const { id, value } = await bluemix.onlyLiving(OWNER);
  expect(after[TOKEN]).toBe(`dedicated/${id}`);
  const instance = after[PULL_SECRET];
  const removed = order === "destroy first" && addresses.includes(PATCH);
  const entries = removed ? [...FOREIGN, SECRET_NAME] : [FOREIGN[0], SECRET_NAME, FOREIGN[1]];
  const register = JSON.stringify({ [OWNER]: { [SECRET_NAME]: after[PATCH] } });
  expect(await standing()).toEqual(NAMESPACES.map(() => ({ password: value, instance, entries, register })));
  if (order === "create first" || !addresses.includes(PULL_SECRET)) {
    const now = await Promise.all(NAMESPACES.map(async (key) => (await cluster.secret(key, SECRET_NAME))?.metadata.uid));
    expect(now).toEqual(uids);
  }
  expect(await bluemix.pull(NAMESPACES[0], SECRET_NAME)).toMatchObject({ fault: undefined });
  expect(expectWell(await stack.plan()).changes).toEqual({});
}

describe.each(ORDERS)("replace, %s", (order, lifecycle) => {
  beforeAll(() => deploy({ token: lifecycle, pullSecret: lifecycle, patch: lifecycle }));

  it.each(REPLACED)("%s", async (_, addresses) => {
    await expectReplaced(addresses, order);
  });
});

/** Terraform replaces what a create_before_destroy resource depends on in the same order. */
describe("replace, mixed", () => {
  const mixed: { readonly [name: string]: Lifecycles } = {
    "only the token first": { token: CREATE_FIRST },
    "only the pull secret first": { pullSecret: CREATE_FIRST },
    "only the patch first": { patch: CREATE_FIRST },
  };
  it.each(Object.entries(mixed))("%s: all three", async (_, lifecycles) => {
    await deploy(lifecycles);
    const before = await ids();
    const all = [TOKEN, PULL_SECRET, PATCH];
    expectWell(await stack.apply(...all.map((address) => `-replace=${address}`)));
    const after = await ids();
    expect(all.filter((address) => after[address] === before[address])).toEqual([]);
    const { value } = await bluemix.onlyLiving(OWNER);
    expect(await standing()).toMatchObject(
      NAMESPACES.map(() => ({ password: value, instance: after[PULL_SECRET], entries: expect.arrayContaining([SECRET_NAME]) })),
    );
    expect(expectWell(await stack.plan()).changes).toEqual({});
  });
});

describe("replace, then destroy", () => {
  it("leaves foreign entries, and nothing of ours", async () => {
    await deploy({ token: CREATE_FIRST, pullSecret: CREATE_FIRST, patch: CREATE_FIRST });
    expectWell(await stack.apply(...[TOKEN, PULL_SECRET, PATCH].map((address) => `-replace=${address}`)));
    expectWell(await stack.destroy());
    expect(await standing()).toEqual(
      NAMESPACES.map(() => ({ password: undefined, instance: undefined, entries: FOREIGN, register: undefined })),
    );
    expect(await bluemix.living(OWNER)).toEqual([]);
  });
});
