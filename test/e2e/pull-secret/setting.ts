/** What the tests of `registry_pull_secret` share: one file for each aspect, run by pull-secret.test.ts in one cluster. */
import type { SecretObject } from "../../../lib/clients/kubernetes/client";
import { startCluster } from "../support/cluster";
import { type LimitedCluster, underRoles } from "../support/identities";
import { createStack, expectWell, removeStack, type Stack } from "../support/terraform";

/** Its address. */
export const ADDRESS = "registry_pull_secret.pull";
/** The cluster of all tests. */
export let cluster: LimitedCluster;
/** A test's own stack. */
export let stack: Stack;
/** A test's own namespaces. */
export let namespaces: readonly string[];
/** How many tests have begun: what is named by it is a test's own. */
export let count = 0;

/** What differs from the usual configuration, as HCL. */
export interface Options {
  readonly namespaces?: string;
  readonly registries?: string;
  readonly rest?: string;
  readonly owner?: string;
  readonly kubernetes?: string;
  readonly name?: string;
}

/** The usual entry of `registries`. */
export const PARTNER = `{ hosts = ["registry.partner.example:5000"], username = "acme", email = "a@b.c", password_wo = var.password }`;

/** The whole configuration. */
export function hcl(options: Options = {}): string {
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

/** Writes the configuration and applies it. */
export async function apply(options: Options = {}): Promise<void> {
  stack.write(hcl(options));
  expectWell(await stack.apply());
}

/** The Secret of a namespace; throws where there is none. */
export async function secret(namespace: string, name = "pull"): Promise<SecretObject> {
  const found = await cluster.secret(namespace, name);
  if (found === undefined) throw new Error(`${namespace}/${name} is not there`);
  return found;
}

/** What a plan would do, without anything in it that differs from run to run. */
export async function planned(): Promise<{ changes: unknown; text: string }> {
  const { changes, text } = expectWell(await stack.plan());
  return { changes, text };
}

/** The test's first three namespaces. */
export const [A, B, C] = [0, 1, 2].map((index) => () => namespaces[index] ?? "") as [() => string, () => string, () => string];

/** Starts the cluster before the tests of a file, and makes namespaces and a stack for each. */
export function useSetting(): void {
  beforeAll(async () => {
    cluster = await underRoles(await startCluster("pull-secret"), { pullSecrets: ["pull", "other"], serviceAccounts: [] });
  });
  afterAll(() => cluster?.stop());
  beforeEach(async () => {
    count += 1;
    namespaces = ["a", "b", "c"].map((letter) => `t${count}-${letter}`);
    await Promise.all(namespaces.map((namespace) => cluster.createNamespace(namespace)));
    stack = await createStack("pull-secret", { TF_VAR_password: "hunter22-first" }, undefined, cluster.envOf);
  });
  afterEach(() => removeStack(stack));
}
