import { constants, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { createExchangeControl, type ExchangeControl, startExchangeEmulator } from "../../../sandbox/emulators/exchange";
import { createImage } from "../../../sandbox/images/image";
import { type AgentOptions, type AgentRow, runAgent, runWholeOrganization } from "../../../sandbox/open-horizon/agent/agent";

const IMAGE = createImage({ format: "docker", files: [{ path: "hello", content: "hello" }] });
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = publicKey.export({ type: "spki", format: "pem" }).toString();
const ANOTHER = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }).toString();
const ID = "gps_1.0.0_amd64";

let folder: string;
let registry: Server;
let host: string;
let stop: () => Promise<void>;
let url: string;
let options: AgentOptions;
let control: ExchangeControl;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "agent-test-"));
  const authority = await createAuthority("agent tests");
  const pair = await issueCertificate(authority, { commonName: "exchange", hosts: ["127.0.0.1"] });
  writeFileSync(join(folder, "tls.crt"), pair.certificate);
  writeFileSync(join(folder, "tls.key"), pair.key);
  registry = createServer((request, response) => {
    const login = Buffer.from((request.headers.authorization ?? "").slice(6), "base64").toString();
    if (request.url?.startsWith("/token")) {
      const right = login === "token:right";
      response.writeHead(login === "" || right ? 200 : 401).end(JSON.stringify({ token: right ? "good" : "empty" }));
      return;
    }
    if (request.headers.authorization !== "Bearer good") {
      response.writeHead(401, { "www-authenticate": `Bearer realm="http://${host}/token",service="r"` }).end();
      return;
    }
    const blobs = [IMAGE.manifest, IMAGE.config, ...IMAGE.layers];
    response.end(blobs.find(({ digest }) => request.url?.endsWith(digest))?.bytes ?? "something else");
  });
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  const secret = "control-secret-for-tests";
  const emulator = await startExchangeEmulator({
    dataFile: join(folder, "data.json"),
    tls: { certificateFile: join(folder, "tls.crt"), keyFile: join(folder, "tls.key") },
    control: { secret },
    organizations: [{ name: "acme" }],
    users: [{ organization: "acme", name: "ada", password: "p" }],
    nodes: [{ organization: "acme", id: "edge-1", token: "t" }],
  });
  stop = emulator.stop;
  url = `${emulator.urls.exchange.url}/v1/orgs/acme`;
  control = createExchangeControl(emulator.urls.control.url, secret);
  options = {
    exchange: {
      url: `${emulator.urls.exchange.tlsUrl}/v1`,
      ca: authority.certificate,
      organization: "acme",
      login: { username: "acme/edge-1", password: "t" },
    },
    signal: new AbortController().signal,
  };
});
afterAll(async () => {
  await stop();
  registry.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => control.edit((data) => Object.assign(data, { services: {}, patterns: {}, dockAuths: [], keys: [] })));

async function call(method: string, path: string, body: unknown): Promise<void> {
  const authorization = `Basic ${Buffer.from("acme/ada:p").toString("base64")}`;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${url}${path}`, { method, headers: { authorization }, body: text });
  expect(response.status).toBe(201);
}

/** As hzn signs. */
function signed(text: string): string {
  const pss = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN };
  return sign("sha256", Buffer.from(text), pss).toString("base64");
}

/** Publishes the service as hzn would. */
async function publish(image = `${host}/team/gps@${IMAGE.manifest.digest}`, key = PEM): Promise<void> {
  const deployment = JSON.stringify({ services: { gps: { image } } });
  const deploymentSignature = signed(deployment);
  const service = { label: "GPS", public: false, url: "gps", version: "1.0.0", arch: "amd64", sharable: "multiple" };
  await call("POST", "/services", { ...service, deployment, deploymentSignature });
  await call("PUT", `/services/${ID}/keys/service.public.pem`, key);
}
const dockAuth = (registryHost: string, token: string, username?: string) =>
  call("POST", `/services/${ID}/dockauths`, { registry: registryHost, token, ...(username !== undefined && { username }) });

const run = () => runAgent({ service: `acme/${ID}` }, options);
const texts = (rows: readonly AgentRow[]) =>
  rows.map(({ signature, login, pull }) => [signature, login, pull].map(({ state, text }) => `${state}: ${text}`));
const PULLED = `well: team/gps: 2 blobs, ${IMAGE.config.bytes.length + (IMAGE.layers[0]?.bytes.length ?? 0)} B`;

test("verifies a service, and pulls its image with the login of its registry, port included", async () => {
  await publish();
  await dockAuth("127.0.0.1", "right");
  await dockAuth(host, "wrong", "somebody");
  await dockAuth(host, "right", "");
  expect(texts(await run())).toEqual([["well: service.public.pem", "well: as token", PULLED]]);
});

test("fetches what a pattern names", async () => {
  await publish();
  await dockAuth(host, "right");
  await publishPattern({});
  expect(texts(await runAgent({ pattern: "edge" }, options))).toEqual([["well: service.public.pem", "well: as token", PULLED]]);
  expect(await runWholeOrganization(options)).toHaveLength(1);
});

test("fails when no login is for that very host, or none is taken", async () => {
  await publish();
  await dockAuth("127.0.0.1", "right");
  const denied = `without a login: GET /v2/team/gps/manifests/${IMAGE.manifest.digest} gave 401`;
  expect(texts(await run())).toEqual([
    ["well: service.public.pem", `not_well: there is none for ${host}`, `not_well: ${denied}`],
  ]);
  await dockAuth(host, "wrong");
  expect(texts(await run())).toEqual([
    ["well: service.public.pem", "not_well: none was taken", `not_well: as token: the token server gave 401\n${denied}`],
  ]);
});

test("fails when the registry has another manifest than the digest says", async () => {
  const wrong = `sha256:${"0".repeat(64)}`;
  await publish(`${host}/team/gps@${wrong}`);
  await dockAuth(host, "right");
  expect((await run())[0]?.pull.text).toMatch(new RegExp(`^as token: the manifest is sha256:[0-9a-f]{64}, not ${wrong}`));
});

/** A pattern as hzn publishes it, with what it changes of the service. */
async function publishPattern(
  overrides: { deployment_overrides?: string; deployment_overrides_signature?: string },
  key?: string,
) {
  const version = { version: "1.0.0", ...overrides };
  const service = { serviceUrl: "gps", serviceOrgid: "acme", serviceArch: "amd64", serviceVersions: [version] };
  await call("POST", "/patterns/edge", { label: "edge", services: [service] });
  if (key !== undefined) await call("PUT", "/patterns/edge/keys/pattern.public.pem", key);
}

const OVERRIDES = JSON.stringify({ services: { gps: { environment: ["UNITS=metric"] } } });
const SIGNED_OVERRIDES = { deployment_overrides: OVERRIDES, deployment_overrides_signature: signed(OVERRIDES) };
const CHANGED = `acme/${ID}, changed by pattern edge`;

test("verifies what a pattern changes of a service, by the pattern's key or the service's own", async () => {
  await publish();
  await dockAuth(host, "right");
  await publishPattern(SIGNED_OVERRIDES);
  const run = () => runAgent({ pattern: "edge" }, options);
  expect((await run()).map(({ service }) => service)).toEqual([CHANGED, `acme/${ID}`]);
  expect(texts(await run())).toEqual([
    ["well: service.public.pem", "nothing: –", "nothing: –"],
    ["well: service.public.pem", "well: as token", PULLED],
  ]);
  await call("PUT", "/patterns/edge/keys/pattern.public.pem", PEM);
  await control.edit((data) => {
    for (const key of data.keys) if (key.of === "service") key.text = ANOTHER;
  });
  expect((await run()).map(({ signature }) => signature)).toEqual([
    { state: "well", text: "pattern.public.pem" },
    { state: "not_well", text: "service.public.pem: the signature is not by this key" },
  ]);
});

const broken: { readonly [what: string]: [object, string] } = {
  "are another's": [
    { ...SIGNED_OVERRIDES, deployment_overrides: "{}" },
    "service.public.pem: the signature is not by this key\npattern.public.pem: the signature is not by this key",
  ],
  "are not signed": [{ ...SIGNED_OVERRIDES, deployment_overrides_signature: "" }, "its overrides are not signed"],
};
test.each(Object.entries(broken))("fails when a pattern's overrides %s, and pulls nothing", async (_, [overrides, fault]) => {
  await publish();
  await dockAuth(host, "right");
  await publishPattern(SIGNED_OVERRIDES, PEM);
  await control.edit((data) => {
    const [service] = (data.patterns["acme/edge"]?.services ?? []) as { serviceVersions: object[] }[];
    Object.assign(service?.serviceVersions[0] ?? {}, overrides);
  });
  const rows = await runAgent({ pattern: "edge" }, options);
  expect(rows.map(({ service }) => service)).toEqual([CHANGED]);
  expect(texts(rows)).toEqual(refused(fault));
  // The whole organization has the same row, and not the service as if nothing changed it.
  expect(await runWholeOrganization(options)).toEqual(rows);
});

test("verifies a deployment on a cluster in a row of its own", async () => {
  await publish();
  await dockAuth(host, "right");
  const archive = JSON.stringify({ operatorYamlArchive: "H4sI" });
  const change = (with_: { clusterDeployment: string; clusterDeploymentSignature: string; deployment?: string }) =>
    control.edit((data) => {
      Object.assign(data.services[`acme/${ID}`] ?? {}, with_);
    });
  await change({ clusterDeployment: archive, clusterDeploymentSignature: signed(archive) });
  expect((await run()).map(({ service, signature }) => [service, signature.state])).toEqual([
    [`acme/${ID} on a cluster`, "well"],
    [`acme/${ID}`, "well"],
  ]);
  await change({ clusterDeployment: `${archive} `, clusterDeploymentSignature: signed(archive) });
  expect(texts(await run())).toEqual([
    ["not_well: service.public.pem: the signature is not by this key", "nothing: –", "nothing: –"],
    ["well: service.public.pem", "well: as token", PULLED],
  ]);
  await change({ clusterDeployment: archive, clusterDeploymentSignature: "", deployment: "" });
  expect(texts(await run())).toEqual(refused("its cluster deployment is not signed"));
});

const refused = (text: string) => [[`not_well: ${text}`, "nothing: –", "nothing: –"]];

test("fails when the deployment is not signed by any of the service's keys, and pulls nothing", async () => {
  await publish();
  await dockAuth(host, "right");
  await control.edit((data) => {
    for (const key of data.keys) key.text = readFileSync(join(folder, "tls.crt"), "utf8");
  });
  expect((await run())[0]).toMatchObject({
    signature: { state: "not_well" },
    image: { state: "nothing" },
    pull: { state: "nothing" },
  });
  await control.edit((data) => {
    data.keys = [];
  });
  expect(texts(await run())).toEqual(refused("it has no key"));
});

test("fails when somebody changed the deployment, or took its signature away", async () => {
  await publish();
  const change = (with_: { deployment?: string; deploymentSignature?: string }) =>
    control.edit((data) => {
      Object.assign(data.services[`acme/${ID}`] ?? {}, with_);
    });
  await change({ deployment: JSON.stringify({ services: { gps: { image: `${host}/evil/gps@${IMAGE.manifest.digest}` } } }) });
  expect(texts(await run())).toEqual(refused("service.public.pem: the signature is not by this key"));
  await change({ deploymentSignature: "" });
  expect(texts(await run())).toEqual(refused("its deployment is not signed"));
});

test("fails when the service or the pattern is not there", async () => {
  expect(texts(await run())).toEqual(refused("it is not in the exchange"));
  expect(texts(await runAgent({ pattern: "none" }, options))).toEqual(refused("it is not in the exchange"));
});
