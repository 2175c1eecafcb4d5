/** What the tests of the exchange emulator share: a small world, started anew for each test, and short requests to it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createExchangeControl,
  type ExchangeControl,
  type ExchangeEmulatorConfig,
  startExchangeEmulator,
} from "../../../../sandbox/emulators/exchange";

/** What a call answered: its status, and its JSON, or else its text. */
export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** A running emulator. */
export interface World {
  readonly folder: string;
  /** `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  readonly control: ExchangeControl;
  /** Asks below `/v1/orgs/acme`, as ada unless it says otherwise. */
  ask(method: string, path: string, body?: unknown, as?: string): Promise<Answered>;
  stop(): Promise<void>;
}

/** Two users and a node of acme, an administrator of acme, and a user of IBM. */
export const CONFIG: Omit<ExchangeEmulatorConfig, "dataFile"> = {
  control: { secret: "control-secret-for-tests" },
  organizations: [{ name: "acme" }, { name: "IBM", type: "IBM" }],
  users: [
    { organization: "acme", name: "ada", password: "ada-password", apiKeys: ["ada-key"] },
    { organization: "acme", name: "bob", password: "bob-password" },
    { organization: "acme", name: "root", password: "root-password", admin: true },
    { organization: "IBM", name: "ibm", password: "ibm-password" },
  ],
  nodes: [{ organization: "acme", id: "edge-1", token: "edge-token" }],
};

/** Logins by name. */
export const LOGINS = {
  ada: "acme/ada:ada-password",
  bob: "acme/bob:bob-password",
  admin: "acme/root:root-password",
  ibm: "IBM/ibm:ibm-password",
  node: "acme/edge-1:edge-token",
} as const;

/** A service as hzn publishes it; its id is `acme/my-domain.com-gps_1.2.3_amd64`. */
export const GPS = {
  label: "GPS",
  public: false,
  url: "https://my-domain.com/gps",
  version: "1.2.3",
  arch: "amd64",
  sharable: "multiple",
  deployment: '{"services":{"gps":{"image":"registry.example.com:5000/gps@sha256:0000"}}}',
  deploymentSignature: "c2lnbmVk",
} as const;

/** Its id below the organization. */
export const GPS_ID = "my-domain.com-gps_1.2.3_amd64";

/** Starts the world in a folder of its own, or again in the folder of another. */
export async function startWorld(folder = mkdtempSync(join(tmpdir(), "exchange-emulator-"))): Promise<World> {
  const { urls, stop } = await startExchangeEmulator({ ...CONFIG, dataFile: join(folder, "data.json") });
  const url = `${urls.exchange.url}/v1`;
  return {
    folder,
    url,
    control: createExchangeControl(urls.control.url, CONFIG.control.secret),
    ask: (method, path, body, as = LOGINS.ada) => ask(`${url}/orgs/acme${path}`, method, body, as),
    stop,
  };
}

/** Stops a world and takes its folder away. */
export async function endWorld(world: World): Promise<void> {
  await world.stop();
  rmSync(world.folder, { recursive: true });
}

/** One call. A body that is text is sent as it is. */
export async function ask(url: string, method: string, body?: unknown, as?: string): Promise<Answered> {
  const response = await fetch(url, {
    method,
    headers: as === undefined ? {} : { authorization: `Basic ${Buffer.from(as).toString("base64")}` },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = response.headers.get("content-type")?.startsWith("application/json") === true;
  return { status: response.status, body: json ? JSON.parse(text) : text };
}

/** The exchange's envelope. */
export const answered = (status: number, code: string, msg: unknown): Answered => ({ status, body: { code, msg } });
