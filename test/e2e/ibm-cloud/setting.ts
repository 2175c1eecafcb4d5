/** What the tests of IBM Cloud share: one file for each aspect, run by ibm-cloud.test.ts in one sandbox. */
import { authOf } from "../../../lib/domain/docker-config";
import { Secret } from "../../../lib/domain/secret";
import { type Cluster, startCluster } from "../support/cluster";
import { type IbmCloud, ibmCloudIssuer, openIbmCloud } from "../support/ibm-cloud";
import { whyNoTestNode } from "../support/node";
import { type Pull, pull } from "../support/pull";
import { createStack, removeStack, type Stack } from "../support/terraform";

/** The addresses of the resources. */
export const KEY = "registry_ibmcloud_api_key.pull";
export const SECRET = "registry_pull_secret.pull";
/** As rotation wants it. */
export const CREATE_FIRST = "lifecycle { create_before_destroy = true }";

/** The cluster of all tests; with a node where one can run. */
export let cluster: Cluster;
export let ibmCloud: IbmCloud;
/** A test's own stack. */
export let stack: Stack;
let count = 0;
/** What was in IAM before a test. */
let before: ReadonlySet<string>;

/** A test's own namespaces. */
export const namespaces = (): readonly [string, string] => [`icr-${count}-a`, `icr-${count}-b`];
/** A test's own owner. */
const owner = (): string => `tests/ibm-cloud-${count}`;

/** The provider's configuration, with more issuers. */
export function provider(issuers = "", issuer = ibmCloudIssuer(ibmCloud, cluster.state.caFile)): string {
  return `
provider "registry" {
  owner      = "${owner()}"
  kubernetes = ${cluster.kubernetes}
  issuers = {
    icr = { ibmcloud = ${issuer} }
    ${issuers}
  }
}
`;
}

/** An API key `pull`; `rest` is more of its attributes. */
export function apiKey(rest = CREATE_FIRST): string {
  return `
resource "registry_ibmcloud_api_key" "pull" {
  issuer = "icr"
  name   = "pull"
  ${rest}
}
`;
}

/** A pull secret with all hosts, in both namespaces of the test. */
export function pullSecret(credential = `${KEY}.credential_id`): string {
  return `
resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ${JSON.stringify(namespaces())}
  registries = [{ hosts = ${JSON.stringify(ibmCloud.hosts)}, credential_id = ${credential} }]
}
`;
}

/** What a namespace's Secret holds for a host. */
export async function stored(namespace: string, host: string) {
  const config = await cluster.dockerConfig(namespace, "pull");
  return authOf(Secret.of(JSON.stringify(config ?? {})), host);
}

/** Pulls with what each namespace's Secret holds for each host, without the product's own client. */
export async function pullEverywhere(): Promise<readonly Pull["status"][]> {
  const asked = namespaces().flatMap((namespace) => ibmCloud.hosts.map((host) => ({ namespace, host })));
  return await Promise.all(
    asked.map(async ({ namespace, host }) => {
      const { username = "", password = "" } = (await stored(namespace, host)) ?? {};
      return (await pull(host, "team/app", Buffer.from(`${username}:${password}`).toString("base64"))).status;
    }),
  );
}

/** All of them worked. */
export const EVERY_PULL = [200, 200, 200, 200];

/** What there is in IAM since the test began. */
export async function made() {
  const { apiKeys, serviceIds, policies } = await ibmCloud.control.inventory();
  const isNew = ({ id }: { readonly id: string }) => !before.has(id);
  return { apiKeys: apiKeys.filter(isNew), serviceIds: serviceIds.filter(isNew), policies: policies.filter(isNew) };
}

/** How much of each. */
export async function counts(): Promise<{ readonly [what: string]: number }> {
  return Object.fromEntries(Object.entries(await made()).map(([what, list]) => [what, list.length]));
}

/** One service ID, its policy and its key; nothing at all. */
export const ONE_OF_EACH = { apiKeys: 1, serviceIds: 1, policies: 1 };
export const NOTHING = { apiKeys: 0, serviceIds: 0, policies: 0 };

/** Starts the sandbox before the tests of a file, and makes namespaces and a stack for each. */
export function useSetting(): void {
  beforeAll(async () => {
    cluster = await startCluster("ibm-cloud", { node: whyNoTestNode() === undefined, systems: ["ibm-cloud"] });
    ibmCloud = openIbmCloud(cluster.state);
  });
  afterAll(() => cluster?.stop());
  beforeEach(async () => {
    count += 1;
    await Promise.all(namespaces().map((namespace) => cluster.createNamespace(namespace)));
    const { apiKeys, serviceIds, policies } = await ibmCloud.control.inventory();
    before = new Set([...apiKeys, ...serviceIds, ...policies].map(({ id }) => id));
    stack = await createStack("ibm-cloud", { IBMCLOUD_API_KEY: ibmCloud.credentials.apiKey.reveal() });
  });
  afterEach(async () => {
    await ibmCloud.control.setClockOffset(0);
    await ibmCloud.control.clearFaults();
    removeStack(stack);
  });
}
