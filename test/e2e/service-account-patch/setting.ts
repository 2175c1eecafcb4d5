import type { ServiceAccountObject } from "../../../lib/clients/kubernetes/client";
import { startCluster, until } from "../support/cluster";
import { type LimitedCluster, underRoles } from "../support/identities";
import { createStack, expectWell, removeStack, type Stack } from "../support/terraform";

/** Its address. */
export const ADDRESS = "registry_service_account_patch.patch";
/** The annotation that says whose entries are whose. */
export const ENTRIES = "registry-access/entries";
/** The cluster of all tests. */
export let cluster: LimitedCluster;
/** A test's own stack. */
export let stack: Stack;
/** A test's own namespaces. */
export let namespaces: readonly string[];
/** How many tests have begun: what is named by it is a test's own. */
export let count = 0;

/** What differs from the usual configuration. */
export interface Options {
  readonly owner?: string;
  readonly pullSecrets?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly rest?: string;
  readonly kubernetes?: string;
}

/** The whole configuration. */
export function hcl({
  owner = "tests/patch",
  pullSecrets = ["pull"],
  rest = "",
  kubernetes = cluster.kubernetes,
  ...options
}: Options = {}): string {
  return `
provider "registry" {
  owner      = ${JSON.stringify(owner)}
  kubernetes = ${kubernetes}
}
resource "registry_service_account_patch" "patch" {
  namespaces   = ${JSON.stringify(options.namespaces ?? namespaces)}
  pull_secrets = ${JSON.stringify(pullSecrets)}
  ${rest}
}
`;
}

/** Writes the configuration and applies it. */
export async function apply(options: Options = {}): Promise<void> {
  stack.write(hcl(options));
  expectWell(await stack.apply());
}

/** The test's first two namespaces. */
export const [A, B] = [0, 1].map((index) => () => namespaces[index] ?? "") as [() => string, () => string];

/** The names in a ServiceAccount's imagePullSecrets. */
export async function entries(namespace: string, name?: string): Promise<readonly string[] | undefined> {
  return (await cluster.serviceAccount(namespace, name))?.imagePullSecrets?.map((entry) => entry.name);
}

/** Puts these entries in place of those that are there. */
export function setEntries(namespace: string, names: readonly string[]): Promise<void> {
  return cluster.edit<ServiceAccountObject>("serviceaccounts", namespace, "default", (account) => ({
    ...account,
    imagePullSecrets: names.map((name) => ({ name })),
  }));
}

/** What of a ServiceAccount is not counted up at every write. */
export async function lasting(namespace: string): Promise<unknown> {
  const { metadata, ...rest } = (await cluster.serviceAccount(namespace)) as ServiceAccountObject;
  const { resourceVersion: _, ...others } = metadata;
  const { managedFields: __, ...shown } = others as typeof others & { managedFields?: unknown };
  return { ...rest, metadata: shown };
}

/** Starts the cluster before the tests of a file, and makes namespaces and a stack for each. */
export function useSetting(): void {
  beforeAll(async () => {
    const names = { pullSecrets: [], serviceAccounts: ["default", "builder"] };
    cluster = await underRoles(await startCluster("patch"), names);
  });
  afterAll(() => cluster?.stop());
  beforeEach(async () => {
    count += 1;
    namespaces = ["a", "b"].map((letter) => `t${count}-${letter}`);
    await Promise.all(namespaces.map((namespace) => cluster.createNamespace(namespace)));
    await until(async () => (await Promise.all(namespaces.map((namespace) => cluster.serviceAccount(namespace)))).every(Boolean));
    stack = await createStack("patch", {}, undefined, cluster.envOf);
  });
  afterEach(() => removeStack(stack));
}
