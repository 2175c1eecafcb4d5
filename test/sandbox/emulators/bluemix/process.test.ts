import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { BluemixEmulatorConfig, EmulatorUrls } from "../../../../sandbox/emulators/bluemix";
import { endWorld, send, startWorld, type World } from "./support";

const root = join(__dirname, "../../../..");
const start = (file: string): ChildProcess =>
  spawn(process.execPath, ["--import", "tsx", "sandbox/emulators/bluemix/main.ts", file], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });

async function ready(child: ChildProcess): Promise<EmulatorUrls & { ready: boolean }> {
  if (child.stdout === null) throw new Error("The emulator has no stdout.");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return JSON.parse(line) as EmulatorUrls & { ready: boolean };
}

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => endWorld(world));

test("says where it listens, serves TLS too, keeps its data private and ends at SIGTERM", async () => {
  const { certificateFile, keyFile } = world.config.tokenServer;
  const dataFile = join(world.folder, "own", "data.json");
  const config: BluemixEmulatorConfig = { ...world.config, dataFile, tls: { certificateFile, keyFile } };
  const file = join(world.folder, "config.json");
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const child = start(file);
  const urls = await ready(child);
  const plain = { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) };
  const both = { ...plain, tlsUrl: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/) };
  expect(urls).toEqual({ ready: true, regions: { dedicated: both, "us-south": both }, tokenServer: both, control: plain });
  const tlsUrl = urls.regions.dedicated?.tlsUrl ?? "";
  expect(await getTls(`${tlsUrl}/v2/info`, readFileSync(join(world.folder, "authority.crt")))).toMatchObject({
    authorization_endpoint: tlsUrl,
  });
  expect(statSync(dataFile).mode & 0o777).toBe(0o600);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
}, 30_000);

test("fails when the configuration is wrong, and says all that is", async () => {
  const [region] = world.config.regions;
  const [service] = world.config.tokenServer.services;
  const folder = mkdtempSync(join(tmpdir(), "bluemix-emulator-"));
  const config = {
    ...world.config,
    control: { secret: "short" },
    regions: [region, { ...region, tokens: [{ description: "ci", account: "nobodys" }] }],
    tokenServer: { ...world.config.tokenServer, services: [{ ...service, regions: ["eu-de"] }] },
  };
  const file = join(folder, "config.json");
  writeFileSync(file, JSON.stringify(config));
  const child = start(file);
  const errors: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const [code] = await once(child, "close");
  expect({ code, text: errors.join("") }).toEqual({
    code: 2,
    text: [
      "The Bluemix emulator's configuration is wrong:",
      '- regions[].name: "dedicated" is there twice.',
      '- tokenServer.services "private": no region "eu-de"; there are: dedicated, dedicated.',
      '- regions "dedicated" token "ci": account "nobodys" has no user; give it an owner.',
      "- control.secret: has to have at least 16 characters.",
      "",
    ].join("\n"),
  });
  rmSync(folder, { recursive: true });
}, 30_000);

test("passes a registry's own paths on, with the client's host", async () => {
  const upstream = createServer((incoming, response) => {
    response.setHeader("Location", `http://${incoming.headers.host}/v2/next`);
    response.end(JSON.stringify({ path: incoming.url, scheme: incoming.headers["x-forwarded-proto"] }));
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const registryUpstream = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  const regions = world.config.regions.map((region) => ({ ...region, registryUpstream }));
  const proxied = await startWorld({ regions });
  const base = proxied.region("us-south");
  const response = await fetch(`${base}/v2/team/app/manifests/1?x=1`);
  expect({ location: response.headers.get("location"), body: await response.json() }).toEqual({
    location: `${base}/v2/next`,
    body: { path: "/v2/team/app/manifests/1?x=1", scheme: "http" },
  });
  upstream.close();
  upstream.closeAllConnections();
  expect((await send("GET", `${base}/v2/`)).status).toBe(502);
  await endWorld(proxied);
});

function getTls(url: string, ca: Buffer): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request(url, { ca, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString("utf8"))));
    })
      .on("error", reject)
      .end();
  });
}
