/** What the tests of Open Horizon's resources share: one file for each aspect, run by open-horizon.test.ts in one sandbox. */
import { constants, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCredentials } from "../../../sandbox";
import type { DockAuthRecord } from "../../../sandbox/emulators/exchange/store";
import { type Cluster, startCluster } from "../support/cluster";
import { block, type Expressions, ephemeralVariable, object, quoted } from "../support/hcl";
import { type Horizon, openHorizon } from "../support/horizon";
import { createStack, expectWell, removeStack, type Stack } from "../support/terraform";

/** The sandbox of all tests, without a node. */
export let cluster: Cluster;
/** Its exchange and edge node. */
export let horizon: Horizon;
/** A test's own stack. */
export let stack: Stack;
/** The test's own service, without version and architecture. */
export let url: string;
let count = 0;

/** The registry of the service's image: with a port. */
export const registry = (): string => cluster.state.registries.private.host;
/** The test's service as the exchange names it, without the organization. */
export const serviceId = (): string => `${url}_1.2.3_amd64`;
/** With it. */
export const fullId = (): string => `${horizon.state.organization}/${serviceId()}`;

/** The addresses of the three resources. */
export const SERVICE = "registry_horizon_service.gps";
export const AUTH = "registry_horizon_registry_auth.gps";
export const PATTERN = "registry_horizon_pattern.gps";

/** The provider block, with the variable `password`. */
export function provider(settings: Expressions = {}): string {
  const own = { owner: quoted("tests/open-horizon"), horizon: horizon.hcl, ...settings };
  return ephemeralVariable("password") + block('provider "registry"', own);
}

/** The registry credential of a service that is there already, unless it says otherwise. */
export function registryAuth(attributes: Expressions = {}): string {
  return block('resource "registry_horizon_registry_auth" "gps"', {
    service: quoted(serviceId()),
    registry: quoted(registry()),
    username: quoted("acme"),
    password_wo: "var.password",
    ...attributes,
  });
}

/** The test's service definition as HCL, as the document has it: its image by a tag, at a host with a port. */
export function definition(change: { readonly [field: string]: unknown } = {}): string {
  const deployment = { services: { gps: { image: horizon.state.image } } };
  const whole = { label: "GPS", public: false, url, version: "1.2.3", arch: "amd64", sharable: "multiple", deployment };
  return quoted(JSON.stringify({ ...whole, ...change }));
}

/** The test's service, signed with the sandbox's key. */
export function service(attributes: Expressions = {}): string {
  const login = { hosts: `[${quoted(registry())}]`, username: quoted("acme"), password_wo: "var.password" };
  return block('resource "registry_horizon_service" "gps"', {
    definition: definition(),
    registries: `[${object(login)}]`,
    signing_key_file: quoted(horizon.state.privateKeyFile),
    public_key: `file(${quoted(horizon.state.publicKeyFile)})`,
    ...attributes,
  });
}

/** A pattern with the test's service in it, after the service where there is one. */
export function pattern(attributes: Expressions = {}): string {
  const own = { serviceUrl: url, serviceOrgid: "acme", serviceArch: "amd64", serviceVersions: [{ version: "1.2.3" }] };
  return block('resource "registry_horizon_pattern" "gps"', {
    name: quoted(`pattern-${url}`),
    definition: quoted(JSON.stringify({ label: "GPS everywhere", services: [own] })),
    signing_key_file: quoted(horizon.state.privateKeyFile),
    ...attributes,
  });
}

/** Writes a configuration after the provider, and applies it. */
export async function apply(hcl: string): Promise<void> {
  stack.write(provider() + hcl);
  expectWell(await stack.apply());
}

/** What the next plan would change. */
export async function changes(): Promise<{ readonly [address: string]: readonly string[] }> {
  return expectWell(await stack.plan()).changes;
}

/** The dockauths of the test's service. */
export async function dockAuths(): Promise<readonly DockAuthRecord[]> {
  return (await horizon.control.data()).dockAuths.filter(({ service }) => service === fullId());
}

/** Publishes the test's service as hzn would, with the sandbox's key, and no resource of ours. */
export async function publishByHand(): Promise<void> {
  const deployment = JSON.stringify({ services: { gps: { image: pinnedImage() } } });
  const key = readFileSync(horizon.state.privateKeyFile, "utf8");
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN };
  const deploymentSignature = sign("sha256", Buffer.from(deployment), pss).toString("base64");
  const service = { label: "GPS", public: false, url, version: "1.2.3", arch: "amd64", sharable: "multiple" };
  expect(await horizon.ask("POST", "/services", { ...service, deployment, deploymentSignature })).toBe(201);
  const certificate = readFileSync(horizon.state.publicKeyFile, "utf8");
  expect(await horizon.ask("PUT", `/services/${serviceId()}/keys/service.public.pem`, certificate)).toBe(201);
}

/** A private key of one's own in the stack's folder: its file, and its public key. */
export function makeKey(name: string): { readonly file: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const file = join(stack.folder, `${name}.key`);
  writeFileSync(file, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  return { file, publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() };
}

/** What the agent says of the test's service: by what it is signed, whose login was taken, what was pulled. */
export async function fetched(): Promise<readonly string[]> {
  const rows = await horizon.fetch({ service: fullId() });
  return rows.flatMap(({ signature, login, pull }) => [signature, login, pull].map(({ state, text }) => `${state}: ${text}`));
}

/** What {@link fetched} says where all is well. */
export const wellFetched = (as = "acme") => [
  "well: service.public.pem",
  `well: as ${as}`,
  expect.stringMatching(/^well: partner\/gps_amd64: 2 blobs, \d+ B$/),
];

/** The sandbox's image by its digest. */
export const pinnedImage = (): string => horizon.state.image.replace(/:[^:/]+$/, `@${horizon.state.imageDigest}`);

/** Starts the sandbox before the tests of a file, and makes a stack for each. */
export function useSetting(): void {
  beforeAll(async () => {
    cluster = await startCluster("open-horizon", { systems: ["open-horizon"] });
    horizon = openHorizon(cluster.state);
  });
  afterAll(() => cluster?.stop());
  beforeEach(async () => {
    count += 1;
    url = `gps-${count}`;
    const password = readCredentials(cluster.state.credentialsFile).partner.password.reveal();
    stack = await createStack("open-horizon", { ...horizon.env, TF_VAR_password: password });
  });
  afterEach(async () => {
    await horizon.control.clearFaults();
    await horizon.control.edit((data) => Object.assign(data, { services: {}, patterns: {}, dockAuths: [], keys: [] }));
    removeStack(stack);
  });
}
