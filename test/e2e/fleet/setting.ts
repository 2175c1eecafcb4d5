/** What the tests of a fleet share: one file for each thing that happens to it, run by fleet.test.ts on one cluster. */
import type { SecretObject, ServiceAccountObject } from "../../../lib/clients/kubernetes/client";
import { type AccessHcl, accessHcl, CREATE_FIRST, SECRET_NAME } from "../support/access-hcl";
import { startCluster, until } from "../support/cluster";
import { type Bluemix, dedicatedEnvironment, openBluemix } from "../support/dedicated";
import { type LimitedCluster, underRoles } from "../support/identities";
import { createStack, expectWell, removeStack, type Stack } from "../support/terraform";

/** The namespaces: as many as a large company's cluster has. */
export const NAMESPACES = Array.from({ length: 200 }, (_, index) => `fleet-${String(index).padStart(3, "0")}`);
/** Whose the fleet is. */
export const OWNER = "tests/fleet";
/** The name of a second pull secret in the same namespaces. */
export const OTHER_NAME = "other";
/** One namespace's ServiceAccount has these entries of somebody else, in an order that is not the alphabet's. */
const CROWDED = "fleet-005";
const FOREIGN = Array.from({ length: 50 }, (_, index) => `theirs-${(index * 7) % 50}`);

/** The cluster of all tests. */
export let cluster: LimitedCluster;
/** Its Bluemix. */
export let bluemix: Bluemix;
/** The stack that serves the fleet; each test finds all of it applied. */
export let stack: Stack;

/** Users with a right in each namespace and none over all, by what they may read with there; the API server writes down what they ask. */
export const NARROW = { lists: "narrow-lists", gets: "narrow-gets" } as const;

const { signal } = new AbortController();
/** Whether the last thing that was seen of the fleet is that all of it is served. */
let isServed = false;

/** The usual configuration: a token, a Secret in each namespace, and its entry on each default ServiceAccount. */
export function hcl(access: Partial<AccessHcl> = {}): string {
  return accessHcl(cluster, { owner: OWNER, namespaces: NAMESPACES, token: CREATE_FIRST, ...access });
}

/** A stack beside the one of the fleet. */
export function createOther(name: string, envOf: LimitedCluster["envOf"] = cluster.envOf): Promise<Stack> {
  return createStack(name, dedicatedEnvironment(cluster.state), undefined, envOf);
}

/** The Secrets of one name, by namespace. */
export async function secretsNamed(name = SECRET_NAME): Promise<ReadonlyMap<string, SecretObject>> {
  return listNamed<SecretObject>("secrets", name);
}

/** The default ServiceAccounts, by namespace. */
export async function accounts(): Promise<ReadonlyMap<string, ServiceAccountObject>> {
  return listNamed<ServiceAccountObject>("serviceaccounts", "default");
}

/** The pull secrets of a namespace's default ServiceAccount, in its order. */
export function entriesOf(account: ServiceAccountObject | undefined): readonly string[] {
  return (account?.imagePullSecrets ?? []).map(({ name }) => name ?? "");
}

async function listNamed<T extends SecretObject | ServiceAccountObject>(resource: string, name: string) {
  const found = await cluster.client.list<T>({ apiVersion: "v1", resource }, { fieldSelector: `metadata.name=${name}` }, signal);
  return new Map(
    found.flatMap((object): [string, T][] => {
      const { namespace = "" } = object.metadata;
      return NAMESPACES.includes(namespace) ? [[namespace, object]] : [];
    }),
  );
}

/** A plan is empty; the stack has been applied. */
export async function expectNothingToDo(of: Stack): Promise<void> {
  const { code, output } = await of.run("plan", "-input=false", "-no-color", "-detailed-exitcode");
  if (code !== 0) throw new Error(output);
}

/** Everything is as configured, in every namespace, and there is nothing left to do. */
export async function expectServed(): Promise<void> {
  await expectNothingToDo(stack);
  expect([...(await secretsNamed()).keys()]).toEqual(NAMESPACES);
  expect(await allEntries()).toEqual(entriesWith([SECRET_NAME]));
  isServed = true;
}

/** Nothing of ours is left, and all that is somebody else's. */
export async function expectGone(): Promise<void> {
  isServed = false;
  expect((await secretsNamed()).size).toBe(0);
  expect(await allEntries()).toEqual(entriesWith([]));
  expect(await bluemix.living(OWNER)).toEqual([]);
}

/** The pull secrets of all default ServiceAccounts. */
export async function allEntries(): Promise<readonly (readonly [namespace: string, names: readonly string[]])[]> {
  return [...(await accounts())].map(([namespace, account]) => [namespace, entriesOf(account)] as const);
}

/** What they are where each has these of ours, after whatever is somebody else's. */
export function entriesWith(names: readonly string[], others: (namespace: string) => readonly string[] = () => []) {
  return NAMESPACES.map((key) => [key, [...(key === CROWDED ? FOREIGN : []), ...names, ...others(key)]] as const);
}

/** Starts the cluster and makes the fleet before the tests of a file; each test finds it served. */
export function useFleet(): void {
  beforeAll(async () => {
    const names = { pullSecrets: [SECRET_NAME, OTHER_NAME], serviceAccounts: ["default"] };
    cluster = await underRoles(await startCluster("fleet", { auditedUsers: ["limited-apply", ...Object.values(NARROW)] }), names);
    bluemix = openBluemix(cluster);
    await Promise.all(NAMESPACES.map((namespace) => cluster.createNamespace(namespace)));
    await until(async () => (await accounts()).size === NAMESPACES.length);
    await cluster.edit<ServiceAccountObject>("serviceaccounts", CROWDED, "default", (account) => ({
      ...account,
      imagePullSecrets: FOREIGN.map((name) => ({ name })),
    }));
    stack = await createOther("fleet");
  });
  afterAll(async () => {
    removeStack(stack);
    await cluster?.stop();
  });
}

/** Applies the usual configuration, unless the last test left the fleet served. */
export async function serve(): Promise<void> {
  stack.write(hcl());
  if (!isServed) expectWell(await stack.apply());
  isServed = false;
}

/** Each test of a group finds the fleet served. */
export function useServedFleet(): void {
  beforeEach(serve);
}
