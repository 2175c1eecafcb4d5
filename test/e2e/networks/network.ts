/** What the provider has around it, one file for each thing; networks.test.ts runs them in one sandbox. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { DEDICATED, SEEDED_TOKEN } from "../../../sandbox";
import type { KeyPair } from "../../../sandbox/certificates";
import { type ConnectProxy, type ConnectProxyOptions, startConnectProxy } from "../../support/connect-proxy";
import { type Cluster, startCluster } from "../support/cluster";
import { type Bluemix, openBluemix } from "../support/emulator";
import { createFolder, type KubeconfigParts, partsOf, removeFolder, writeKubeconfig } from "../support/kubeconfig";
import { type Answer, type RunningProvider, type StartOptions, startProvider } from "../support/provider";

/** Whoever the API server takes the caller for has no rights here: its refusal names them. */
export const NAMESPACE = "team-a";
/** Where Terraform's own run writes. */
export const TARGET = "team-b";
/** A ServiceAccount without rights. */
export const ROBOT = `system:serviceaccount:${NAMESPACE}:robot`;

/** How the provider is configured and started. */
export interface Setting extends StartOptions {
  /** The provider's `kubernetes`. @default - none */
  readonly kubernetes?: ObjectValue;
  /** Attributes of the issuer `dedicated`. @default - it logs in by the API key, at its TLS port */
  readonly issuer?: ObjectValue;
  /** Further issuers by name, each with what it has other than `dedicated`. @default - none */
  readonly issuers?: { readonly [name: string]: ObjectValue };
  readonly env?: { readonly [name: string]: string };
  /** Leaves the provider running until the end, and not only of the test. @default - false */
  readonly isLasting?: boolean;
}

/** A cluster, an issuer and a registry, and what tests start beside them. */
export interface Network {
  readonly cluster: Cluster;
  readonly bluemix: Bluemix;
  /** For a test's files. */
  readonly folder: string;
  /** The administrator's kubeconfig. */
  readonly parts: KubeconfigParts;
  /** PEM of the sandbox's CA. */
  readonly ca: string;
  readonly authority: KeyPair;
  /** A token of {@link ROBOT}. */
  readonly robotToken: string;
  /** Has it closed after the test. */
  closeLater(closable: { close(): Promise<void> }): void;
  startProxy(options?: ConnectProxyOptions): Promise<ConnectProxy>;
  start(setting: Setting): Promise<RunningProvider>;
  /** Whom the API server takes the provider for; what it says where it does not get so far. */
  whoami(setting: Setting): Promise<unknown>;
  /** What the issuer's list comes to. */
  tokens(setting: Setting): Promise<unknown>;
  /** A kubeconfig of the sandbox's cluster, changed. @default - the administrator's */
  kubeconfig(cluster?: object, user?: object): string;
  /** A token of a ServiceAccount; one that is bound to a Secret ends with it. */
  tokenOf(account: string, bound?: { readonly name: string; readonly uid: string }): Promise<string>;
  /** What the kubelet mounts into a Pod. */
  mounted(): { readonly REGISTRY_ACCESS_SERVICE_ACCOUNT_FOLDER: string };
  /** Ends what a test started. */
  tidy(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the sandbox `networks`. */
export async function startNetwork(): Promise<Network> {
  const signal = AbortSignal.timeout(600_000);
  const cluster = await startCluster("networks");
  const bluemix = openBluemix(cluster.state);
  const folder = createFolder();
  const parts = partsOf(cluster);
  const ca = readFileSync(cluster.state.caFile, "utf8");
  const open: { close(): Promise<void> }[] = [];
  const providers: RunningProvider[] = [];
  const lasting: RunningProvider[] = [];

  const tokenOf: Network["tokenOf"] = async (account, bound) => {
    const boundObjectRef = bound && { apiVersion: "v1", kind: "Secret", ...bound };
    const answer = await cluster.client.create<{ metadata: { name: string }; status?: { token: string } }>(
      { apiVersion: "v1", resource: `serviceaccounts/${account}/token`, namespace: NAMESPACE },
      { metadata: { name: account }, spec: { expirationSeconds: 3600, boundObjectRef } } as never,
      {},
      signal,
    );
    return answer.status?.token ?? "";
  };

  await Promise.all([NAMESPACE, TARGET].map((namespace) => cluster.createNamespace(namespace)));
  await cluster.create("serviceaccounts", { metadata: { name: "robot", namespace: NAMESPACE } });
  const robotToken = await tokenOf("robot");

  async function start({
    kubernetes,
    issuer,
    issuers: more = {},
    env,
    isLasting,
    ...options
  }: Setting): Promise<RunningProvider> {
    const url = cluster.state.bluemix.regions.dedicated.tlsUrl;
    const endpoints = { api_endpoint: url, registry_endpoint: url };
    const usual = { ...endpoints, hosts: [...DEDICATED.hosts], organization: "acme", api_key_env: "BLUEMIX_API_KEY" };
    const issuers = Object.entries({ dedicated: issuer, ...more }).map(([name, other]) => [
      name,
      { bluemix: { ...usual, ...other } },
    ]);
    const config = { owner: "tests/networks", kubernetes: kubernetes ?? null, issuers: Object.fromEntries(issuers) };
    const provider = await startProvider(config, { ...bluemix.env, ...env }, options);
    (isLasting === true ? lasting : providers).push(provider);
    return provider;
  }

  return {
    cluster,
    bluemix,
    folder,
    parts,
    ca,
    authority: { certificate: ca, key: readFileSync(cluster.state.caFile.replace(/\.crt$/, ".key"), "utf8") },
    robotToken,
    start,
    tokenOf,
    whoami: async (setting) => identityIn(await (await start(setting)).readCluster(NAMESPACE)),
    async tokens(setting) {
      const { problems, value } = await (await start(setting)).readTokens(SEEDED_TOKEN);
      return value === undefined ? problems : value.description;
    },
    closeLater: (closable) => void open.push(closable),
    async startProxy(options = {}) {
      const proxy = await startConnectProxy(options);
      open.push(proxy);
      return proxy;
    },
    kubeconfig: (changed = {}, user = parts.user) =>
      writeKubeconfig(folder, { cluster: { ...parts.cluster, ...changed }, user: { ...user } }),
    mounted() {
      const mount = join(folder, `mount-${randomBytes(4).toString("hex")}`);
      mkdirSync(mount);
      writeFileSync(join(mount, "token"), robotToken);
      writeFileSync(join(mount, "ca.crt"), ca);
      return { REGISTRY_ACCESS_SERVICE_ACCOUNT_FOLDER: mount };
    },
    async tidy() {
      await Promise.all(providers.splice(0).map((provider) => provider.stop()));
      for (const each of open.splice(0).reverse()) await each.close();
    },
    async stop() {
      await Promise.all(lasting.map((provider) => provider.stop()));
      removeFolder(folder);
      await cluster.stop();
    },
  };
}

/** Whom the API server took the provider for, or the problems. */
export function identityIn({ problems, value }: Answer): unknown {
  if (value !== undefined) return "administrator";
  const [, user] = /User "([^"]+)" cannot get resource "secrets"/.exec(problems[0]?.detail ?? "") ?? [];
  return user ?? problems;
}

/** `host:port` of a URL. */
export function hostOf(url: string): string {
  return new URL(url).host;
}
