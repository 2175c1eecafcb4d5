import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { silentProgress } from "../../sandbox";
import { ensureBinaries } from "../../sandbox/binaries/ensure";
import { CLUSTER_MODULE } from "../../sandbox/binaries/modules";
import { findFreePorts } from "../../sandbox/process/ports";
import {
  basic,
  claimsOf,
  endWorld,
  registryHeaders,
  send,
  startWorld,
  tokenIn,
  type World,
  worldConfig,
} from "../sandbox/emulators/bluemix/support";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const digestOf = (content: string): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;

let world: World;
let registry: ChildProcess;
let region: string;

beforeAll(async () => {
  const binary = String((await ensureBinaries(CLUSTER_MODULE, { progress: silentProgress })).get("registry"));
  const [port = 0] = await findFreePorts(1);
  const registryUpstream = `http://127.0.0.1:${port}`;
  world = await startWorld({ regions: worldConfig("").regions.map((one) => ({ ...one, registryUpstream })) });
  region = world.region("us-south");
  const realm = `${world.urls.tokenServer.url}/token`;
  const token = { realm, service: "private", issuer: "bluemix-emulator", rootcertbundle: join(world.folder, "authority.crt") };
  const file = join(world.folder, "registry.yml");
  const http = { addr: `127.0.0.1:${port}`, secret: "tests" };
  writeFileSync(file, JSON.stringify({ version: "0.1", storage: { inmemory: {} }, http, auth: { token } }));
  registry = spawn(binary, ["serve", file], { stdio: "ignore", env: { ...process.env, OTEL_TRACES_EXPORTER: "none" } });
  await answers(`${registryUpstream}/v2/`);
  await pushImage(region, await pullToken("pusher", "pusher-password", "pull,push"));
}, 30_000);

afterAll(async () => {
  registry.kill();
  await once(registry, "exit");
  await endWorld(world);
});

describe("a real registry that trusts the token server", () => {
  test("lets a registry token pull until it is revoked", async () => {
    const headers = await registryHeaders(world, "us-south", "ada", "org-1");
    const token = tokenIn(await send("POST", `${region}/api/v1/tokens?permanent=true`, { headers }));
    expect(await pull("token", token)).toBe(200);
    await world.control.revoke(String(claimsOf(token).jti));
    expect(await pull("token", token)).toBe("401 at the token server");
  });

  test("refuses a token of another region, another registry's login and nobody", async () => {
    const headers = await registryHeaders(world, "dedicated", "ada", "org-dedicated");
    const dedicated = tokenIn(await send("POST", `${world.region("dedicated")}/api/v1/tokens`, { headers }));
    expect([await pull("token", dedicated), await pull("partner", "partner-password"), await pull()]).toEqual([401, 401, 401]);
  });

  test("refuses a read-only token's push", async () => {
    const headers = await registryHeaders(world, "us-south", "ada", "org-1");
    const token = tokenIn(await send("POST", `${region}/api/v1/tokens`, { headers }));
    const authorization = `Bearer ${await pullToken("token", token, "pull,push")}`;
    const upload = await fetch(`${region}/v2/team/app/blobs/uploads/`, { method: "POST", headers: { authorization } });
    expect(upload.status).toBe(401);
  });
});

/** The status of the manifest, asked for with a login as a container engine would. */
async function pull(username?: string, password?: string): Promise<number | string> {
  const token = await pullToken(username, password, "pull").catch(() => undefined);
  if (token === undefined) return "401 at the token server";
  const headers = { authorization: `Bearer ${token}`, accept: MANIFEST };
  return (await fetch(`${region}/v2/team/app/manifests/1`, { headers })).status;
}

async function pullToken(username: string | undefined, password: string | undefined, actions: string): Promise<string> {
  const url = `${world.urls.tokenServer.url}/token?service=private&scope=repository:team/app:${actions}`;
  const headers = username === undefined ? {} : { authorization: basic(username, password ?? "") };
  const answer = await send("GET", url, { headers });
  if (answer.status !== 200) throw new Error(`The token server answered ${answer.status}.`);
  return tokenIn(answer);
}

/** Pushes the smallest image, through the region's own port: the addresses that the registry hands out have to lead back there. */
async function pushImage(base: string, token: string): Promise<void> {
  const authorization = `Bearer ${token}`;
  const config = JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } });
  const begun = await fetch(`${base}/v2/team/app/blobs/uploads/`, { method: "POST", headers: { authorization } });
  const location = new URL(begun.headers.get("location") ?? "");
  expect(location.origin).toBe(base);
  location.searchParams.set("digest", digestOf(config));
  const binaryType = { authorization, "content-type": "application/octet-stream" };
  expect((await fetch(location, { method: "PUT", headers: binaryType, body: config })).status).toBe(201);
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(config), size: config.length },
    layers: [],
  });
  const headers = { authorization, "content-type": MANIFEST };
  expect((await fetch(`${base}/v2/team/app/manifests/1`, { method: "PUT", headers, body: manifest })).status).toBe(201);
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await fetch(url).catch(() => undefined)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer.`);
}
