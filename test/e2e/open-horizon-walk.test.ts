/** System G: the document's walk as one deploy of examples/open-horizon, with what OpenShift and IBM Cloud issue, up to the edge node. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findEngine, silentProgress } from "../../sandbox";
import type { Inventory } from "../../sandbox/emulators/ibm-cloud/control-client";
import { stackFolder } from "../../sandbox/main-job/program";
import type { Project } from "../../sandbox/main-job/project";
import { prepareStack } from "../../sandbox/main-job/run-stack";
import { installTrust } from "../../sandbox/open-horizon/agent/trusted-certificates";
import { nodeCertificates } from "../../sandbox/open-horizon/node";
import { type Cluster, startCluster, until } from "./support/cluster";
import { openshiftOf } from "./support/openshift";
import { createDoor } from "./support/openshift-door";
import { openSystems, type Systems } from "./support/systems";
import { expectWell, openStack, type Stack } from "./support/terraform";

jest.setTimeout(300_000);

const HOST = "default-route-openshift-image-registry.apps.sandbox.example.com";
const ROUTE = "/apis/route.openshift.io/v1/namespaces/openshift-image-registry/routes/default-route";
const SERVICES = ["myservice-icr", "myservice-openshift"] as const;
const { signal } = new AbortController();

let cluster: Cluster;
let systems: Systems;
let project: Project;
let stack: Stack;
let before: Inventory;

beforeAll(async () => {
  cluster = await startCluster("e2e-open-horizon-walk", { systems: ["ibm-cloud", "openshift", "open-horizon"] });
  systems = await openSystems(cluster);
  before = await systems.ibmCloud.control.inventory();
  const { state } = cluster;
  const engine = await findEngine();
  const place = { kubeconfig: state.kubeconfig, context: state.context };
  project = await prepareStack({
    source: "examples/open-horizon",
    state,
    cluster: place,
    engine,
    progress: silentProgress,
    signal,
  });
  await project.deploy(signal);
  const variables = { PATH: process.env.PATH, HOME: project.folder, TF_IN_AUTOMATION: "1", ...project.variables };
  stack = openStack(await stackFolder(project.folder), engine.path, variables);
});
afterAll(() => cluster?.stop());

const idOf = (service: string) => `acme/${service}_1.2.3_amd64`;
const ibmHost = () => systems.ibmCloud.hosts[0] ?? "";
const certificates = () => nodeCertificates(cluster.state.folder);

/** What the edge node says that is registered with a service's pattern. */
async function fetched(service: string): Promise<readonly string[]> {
  const rows = await systems.horizon.fetch({ pattern: `pattern-${service}-amd64` });
  return rows.flatMap((row) => [
    row.service,
    ...[row.signature, row.login, row.pull].map(({ state, text }) => `${state}: ${text}`),
  ]);
}
const overrides = (service: string) => [
  `${idOf(service)}, changed by pattern pattern-${service}-amd64`,
  "well: service.public.pem",
  "nothing: –",
  "nothing: –",
];
const wellFetched = (service: string, as: string) => [
  ...overrides(service),
  idOf(service),
  "well: service.public.pem",
  `well: as ${as}`,
  expect.stringMatching(/^well: edge\/myservice_amd64: 2 blobs, \d+ B$/),
];
const expectWellFetched = async () => {
  expect(await fetched("myservice-openshift")).toEqual(wellFetched("myservice-openshift", "edge-puller"));
  expect(await fetched("myservice-icr")).toEqual(wellFetched("myservice-icr", "iamapikey"));
};
const dockAuths = async () =>
  [...(await systems.horizon.control.data()).dockAuths].sort((a, b) => a.service.localeCompare(b.service));

/** Whether the registries take what was stored: IAM logs the key in, and OpenShift's door the token. */
async function living(auths: Awaited<ReturnType<typeof dockAuths>>): Promise<readonly boolean[]> {
  const [key = "", token = ""] = auths.map((auth) => auth.token);
  const form = new URLSearchParams({ grant_type: "urn:ibm:params:oauth:grant-type:apikey", apikey: key });
  const login = await fetch(`${systems.ibmCloud.state.iamPlain}/identity/token`, { method: "POST", body: form });
  // One request: a pull's several may fall on both sides of the revocation.
  const { status } = await createDoor(openshiftOf(cluster.state).route).ask("/v2/", `Bearer ${token}`);
  return [login.ok, status === 200];
}

/** Has both credentials made anew by the next apply. */
function rotate(): void {
  const file = join(stack.folder, "cdk.tf.json");
  const configuration = JSON.parse(readFileSync(file, "utf8"));
  for (const type of ["registry_ibmcloud_api_key", "registry_openshift_token"]) {
    for (const made of Object.values(configuration.resource[type])) Object.assign(made as object, { description: "rotated" });
  }
  writeFileSync(file, JSON.stringify(configuration));
}

test("publishes both services with what their registries issued, and a second plan is empty", async () => {
  expect((await dockAuths()).map(({ service, registry, username }) => ({ service, registry, username }))).toEqual([
    { service: idOf("myservice-icr"), registry: ibmHost(), username: "iamapikey" },
    { service: idOf("myservice-openshift"), registry: HOST, username: "edge-puller" },
  ]);
  const { services, patterns } = await systems.horizon.control.data();
  expect(Object.keys(services).sort()).toEqual(SERVICES.map(idOf));
  expect(Object.keys(patterns).sort()).toEqual(SERVICES.map((name) => `acme/pattern-${name}-amd64`));
  const pinned = Object.values(services).map(({ deployment }) => JSON.parse(deployment).services.myservice.image as string);
  expect(pinned.sort()).toEqual(
    [`${ibmHost()}/edge/myservice_amd64@sha256:`, `${HOST}/edge/myservice_amd64@sha256:`].map((start) =>
      expect.stringContaining(start),
    ),
  );
  expect(expectWell(await stack.plan()).changes).toEqual({});
});

test("keeps both credentials out of state and plan", async () => {
  expectWell(await stack.plan());
  const texts = [(await stack.run("show", "-json", "plan.bin")).output, (await stack.run("state", "pull")).output];
  for (const { token } of await dockAuths()) {
    expect(token.length).toBeGreaterThan(40);
    for (const text of texts)
      expect([token, Buffer.from(token).toString("base64")].some((form) => text.includes(form))).toBe(false);
  }
});

test("a node fetches both, OpenShift's once EdgeNodeTrust's script has run there", async () => {
  rmSync(certificates(), { recursive: true, force: true });
  expect((await fetched("myservice-openshift")).slice(-2)).toEqual([
    "not_well: none was taken",
    expect.stringMatching(/certificate/),
  ]);
  const script = (await stack.run("output", "-raw", "edge_node_script")).output;
  await installTrust(certificates(), script, signal);
  expect(readFileSync(join(certificates(), HOST, "ca.crt"), "utf8")).toContain(
    readFileSync(openshiftOf(cluster.state).route.caFile, "utf8").trim(),
  );
  await expectWellFetched();
});

test("a rotation reaches the nodes in place before the old credential is revoked, also where the exchange refuses it at first", async () => {
  const old = await dockAuths();
  rotate();
  for (const { service, dockAuthId } of old) {
    const pathPrefix = `/v1/orgs/acme/services/${service.slice("acme/".length)}/dockauths/${dockAuthId}`;
    const json = { code: "access-denied", msg: "not today" };
    await systems.horizon.control.addFault({ method: "PUT", pathPrefix, times: 1000, status: 403, json });
  }
  const refused = await stack.apply();
  expect(refused.messages.map(({ severity, summary }) => ({ severity, summary }))).toEqual([
    { severity: "error", summary: "Not allowed" },
    { severity: "error", summary: "Not allowed" },
  ]);
  expect(await dockAuths()).toEqual(old);
  expect(await living(old)).toEqual([true, true]);
  await expectWellFetched();

  await systems.horizon.control.clearFaults();
  expectWell(await stack.apply());
  const renewed = await dockAuths();
  expect(renewed.map(({ dockAuthId }) => dockAuthId)).toEqual(old.map(({ dockAuthId }) => dockAuthId));
  expect(renewed.filter(({ token }) => old.some((one) => one.token === token))).toEqual([]);
  await expectWellFetched();
  await until(async () => (await living(old)).every((lives) => !lives));
  expect(expectWell(await stack.plan()).changes).toEqual({});
});

test("destroy leaves nothing in the exchange, in IAM, or of the project", async () => {
  await project.destroy(signal);
  expect(await systems.horizon.control.data()).toMatchObject({ services: {}, patterns: {}, dockAuths: [], keys: [] });
  const ids = ({ apiKeys, serviceIds, policies, namespaces }: Inventory) => ({
    made: [...apiKeys, ...serviceIds, ...policies].map(({ id }) => id).sort(),
    namespaces: namespaces.map(({ region, name }) => `${region}/${name}`).sort(),
  });
  expect(ids(await systems.ibmCloud.control.inventory())).toEqual(ids(before));
  for (const path of ["/api/v1/namespaces/edge", ROUTE]) {
    expect({ path, status: (await systems.api("GET", path)).status }).toEqual({ path, status: 404 });
  }
});
