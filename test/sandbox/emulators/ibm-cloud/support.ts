/** What the tests of IBM Cloud's emulator share: a small world, started anew for each file, and short requests to it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority } from "../../../../sandbox/certificates";
import {
  createIbmCloudControl,
  type EmulatorUrls,
  type IbmCloudControl,
  type IbmCloudEmulatorConfig,
  startIbmCloudEmulator,
} from "../../../../sandbox/emulators/ibm-cloud";

/** An answer, its JSON parsed. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came.
  readonly json: any;
  readonly headers: Headers;
}

/** A running emulator with its folder. */
export interface World {
  readonly folder: string;
  readonly config: IbmCloudEmulatorConfig;
  readonly urls: EmulatorUrls;
  readonly control: IbmCloudControl;
  /** Asks IAM, as a caller with an access token. */
  iam(method: string, path: string, caller: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Asks a region's registry API for the account `acme`. */
  registry(method: string, path: string, caller: string, headers?: Record<string, string>, region?: string): Promise<Answer>;
  /** `POST /identity/token`. */
  token(form: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  /** The access token that an API key gives. */
  logIn(apiKey: string): Promise<string>;
  /** What a region's token server says to a login: 401, or the actions that are granted, by repository. */
  pull(username: string, password: string, scopes: readonly string[], region?: string): Promise<unknown>;
  stop(): Promise<void>;
}

export const OWNER_KEY = "owner-api-key";
export const READER_KEY = "reader-api-key";
export const OTHER_KEY = "other-api-key";

/** Starts the world in a folder of its own, or again in the folder of another one. */
export async function startWorld(change: Partial<IbmCloudEmulatorConfig> = {}, at?: string): Promise<World> {
  const folder = at ?? mkdtempSync(join(tmpdir(), "ibm-cloud-emulator-"));
  if (at === undefined) await writeSigningKey(folder);
  const config = { ...worldConfig(folder), ...change };
  const { urls, stop } = await startIbmCloudEmulator(config);
  const iam: World["iam"] = (method, path, caller, body, headers = {}) =>
    send(
      `${urls.iam.url}${path}`,
      method,
      { authorization: `Bearer ${caller}`, ...headers },
      body === undefined ? undefined : JSON.stringify(body),
    );
  const token: World["token"] = (form, headers = {}) =>
    send(
      `${urls.iam.url}/identity/token`,
      "POST",
      { "content-type": "application/x-www-form-urlencoded", ...headers },
      new URLSearchParams(form).toString(),
    );
  const addressOf = (region: string): string => urls.regions[region]?.url ?? "";
  return {
    folder,
    config,
    urls,
    control: createIbmCloudControl(urls.control.url, config.control.secret),
    iam,
    registry: (method, path, caller, headers = {}, region = "us-south") =>
      send(`${addressOf(region)}${path}`, method, { authorization: `Bearer ${caller}`, account: "acme", ...headers }),
    token,
    async logIn(apikey) {
      const { status, json } = await token({ grant_type: "urn:ibm:params:oauth:grant-type:apikey", apikey });
      if (status !== 200) throw new Error(`login: ${status} ${JSON.stringify(json)}`);
      return json.access_token;
    },
    async pull(username, password, scopes, region = "us-south") {
      const url = new URL(`${addressOf(region)}/oauth/token`);
      url.searchParams.set("service", config.regions.find(({ name }) => name === region)?.host ?? "");
      for (const scope of scopes) url.searchParams.append("scope", scope);
      const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
      const { status, json } = await send(url.href, "GET", { authorization });
      if (status !== 200) return status;
      const claims = JSON.parse(Buffer.from(json.token.split(".")[1], "base64url").toString("utf8"));
      return Object.fromEntries(claims.access.map((one: { name: string; actions: string[] }) => [one.name, one.actions.join()]));
    },
    stop,
  };
}

async function send(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  const answer = await fetch(url, { method, headers, ...(body && { body }) });
  const text = await answer.text();
  return { status: answer.status, json: text === "" ? undefined : JSON.parse(text), headers: answer.headers };
}

/** Stops a world and takes its folder away. */
export async function endWorld(world: World): Promise<void> {
  await world.stop();
  rmSync(world.folder, { recursive: true });
}

/** Two accounts, and two regions whose registry namespaces belong to either. */
function worldConfig(folder: string): IbmCloudEmulatorConfig {
  return {
    dataFile: join(folder, "data.json"),
    control: { secret: "control-secret-for-tests" },
    accounts: [
      { id: "acme", resourceGroups: ["group-1", "group-2"] },
      { id: "other", resourceGroups: ["group-3"] },
    ],
    users: [
      { iamId: "IBMid-owner", email: "owner@example.com", account: "acme", apiKey: OWNER_KEY },
      { iamId: "IBMid-reader", email: "reader@example.com", account: "acme", apiKey: READER_KEY, role: "reader" },
      { iamId: "IBMid-other", email: "other@example.com", account: "other", apiKey: OTHER_KEY },
    ],
    regions: [
      {
        name: "us-south",
        host: "us.icr.io",
        namespaces: [
          { name: "team", account: "acme" },
          { name: "theirs", account: "other" },
        ],
        images: [{ repository: "team/app", tag: "1", digest: `sha256:${"a".repeat(64)}`, size: 7 }],
      },
      { name: "eu-central", host: "de.icr.io", namespaces: [{ name: "team-eu", account: "acme" }] },
    ],
    tokenServer: {
      issuer: "ibm-cloud-emulator",
      path: "/oauth/token",
      certificateFile: join(folder, "signing.crt"),
      keyFile: join(folder, "signing.key"),
    },
  };
}

async function writeSigningKey(folder: string): Promise<void> {
  const pair = await createAuthority("emulator tests");
  writeFileSync(join(folder, "signing.crt"), pair.certificate);
  writeFileSync(join(folder, "signing.key"), pair.key);
}

/** The policy that lets somebody read the account's registry. */
export const readerPolicy = (iamId: string, attributes: readonly object[] = [], role = "Reader") => ({
  type: "access",
  subjects: [{ attributes: [{ name: "iam_id", value: iamId }] }],
  roles: [{ role_id: `crn:v1:bluemix:public:iam::::serviceRole:${role}` }],
  resources: [
    { attributes: [{ name: "accountId", value: "acme" }, { name: "serviceName", value: "container-registry" }, ...attributes] },
  ],
});
