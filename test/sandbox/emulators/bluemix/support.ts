/** What the tests of the Bluemix emulator share: a small world, started anew for each file, and short requests to it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority, issueCertificate } from "../../../../sandbox/certificates";
import {
  type BluemixControl,
  type BluemixEmulatorConfig,
  createBluemixControl,
  type EmulatorUrls,
  startBluemixEmulator,
} from "../../../../sandbox/emulators/bluemix";

/** A running emulator with its folder. */
export interface World {
  readonly folder: string;
  readonly config: BluemixEmulatorConfig;
  readonly urls: EmulatorUrls;
  readonly control: BluemixControl;
  /** The region's address. */
  region(name: string): string;
  stop(): Promise<void>;
}

/** Starts the world of {@link worldConfig} in a folder of its own. */
export async function startWorld(change: Partial<BluemixEmulatorConfig> = {}, at?: string): Promise<World> {
  const folder = at ?? mkdtempSync(join(tmpdir(), "bluemix-emulator-"));
  if (at === undefined) await writeSigningKey(folder);
  const config = { ...worldConfig(folder), ...change };
  const emulator = await startBluemixEmulator(config);
  return {
    folder,
    config,
    urls: emulator.urls,
    control: createBluemixControl(emulator.urls.control.url, config.control.secret),
    region: (name) => emulator.urls.regions[name]?.url ?? "",
    stop: emulator.stop,
  };
}

/** Stops a world and takes its folder away. */
export async function endWorld(world: World): Promise<void> {
  await world.stop();
  rmSync(world.folder, { recursive: true });
}

/** Two accounts, a dedicated environment and a public region, a registry that takes tokens of both and plain logins. */
export function worldConfig(folder: string): BluemixEmulatorConfig {
  return {
    dataFile: join(folder, "data.json"),
    control: { secret: "control-secret-for-tests" },
    users: [
      {
        username: "ada",
        password: "ada-password",
        accounts: ["acme"],
        apiKeys: ["ada-api-key"],
        passcodes: [{ value: "once" }, { value: "often", reusable: true }],
        accessTokens: [
          { value: "ready-uaa", kind: "uaa" },
          { value: "ready-iam", kind: "iam" },
        ],
      },
      { username: "bob", password: "bob-password", accounts: ["other"], apiKeys: ["bob-api-key"] },
      { username: "reader", password: "reader-password", accounts: ["acme"], registryRole: "reader" },
      { username: "nobody", password: "nobody-password", accounts: ["acme"], registryRole: "none" },
    ],
    regions: [
      {
        name: "dedicated",
        hosts: ["registry.acme.example.com"],
        organizations: [{ name: "acme", guid: "org-dedicated", account: "acme" }],
        namespaces: [{ name: "liberty", account: "acme" }],
      },
      {
        name: "us-south",
        hosts: ["registry.ng.bluemix.net", "registry.bluemix.net"],
        organizations: [
          { name: "acme", guid: "org-1", account: "acme" },
          { name: "acme labs", guid: "org-2", account: "acme" },
          { name: "acme web", guid: "org-3", account: "acme" },
          { name: "other", guid: "org-4", account: "other" },
        ],
        organizationsPerPage: 2,
        namespaces: [
          { name: "team", account: "acme" },
          { name: "theirs", account: "other" },
          { name: "ibmliberty", account: "ibm", sharedWithAllAccounts: true },
        ],
        images: [
          { repository: "team/app", tag: "1", digest: `sha256:${"a".repeat(64)}`, size: 7 },
          { repository: "theirs/app", tag: "1", digest: `sha256:${"b".repeat(64)}` },
          { repository: "ibmliberty", tag: "latest", digest: `sha256:${"c".repeat(64)}` },
        ],
        tokens: [{ id: "11111111-1111-4111-8111-111111111111", description: "ci", account: "acme" }],
      },
    ],
    tokenServer: {
      issuer: "bluemix-emulator",
      certificateFile: join(folder, "signing.crt"),
      keyFile: join(folder, "signing.key"),
      services: [
        {
          name: "private",
          regions: ["dedicated", "us-south"],
          logins: [
            { username: "partner", password: "partner-password", namespaces: ["partner"] },
            { username: "pusher", password: "pusher-password", namespaces: ["*"], push: true },
          ],
          publicNamespaces: ["open"],
        },
        { name: "elsewhere", regions: ["dedicated"] },
      ],
    },
  };
}

/** Makes signing.crt, signing.key and authority.crt, which issued it; good for TLS on 127.0.0.1 too. */
async function writeSigningKey(folder: string): Promise<void> {
  const authority = await createAuthority("emulator tests");
  const pair = await issueCertificate(authority, { commonName: "token signer", hosts: ["127.0.0.1"] });
  writeFileSync(join(folder, "authority.crt"), `${authority.certificate}\n`);
  writeFileSync(join(folder, "signing.crt"), `${pair.certificate}\n`);
  writeFileSync(join(folder, "signing.key"), `${pair.key}\n`);
}

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends a request and reads the answer; `form` goes as a form, as UAA wants it. */
export async function send(
  method: string,
  url: string,
  options: { readonly headers?: Record<string, string>; readonly form?: Record<string, string> } = {},
): Promise<Answer> {
  const { headers = {}, form } = options;
  const response = await fetch(url, { method, headers, ...(form && { body: new URLSearchParams(form) }) });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** The value of a Basic `Authorization` header. */
export const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

/** Logs in to UAA; throws where that fails. */
export async function logIn(region: string, username: string, password: string): Promise<string> {
  const form = { grant_type: "password", username, password, scope: "" };
  const answer = await send("POST", `${region}/oauth/token`, { headers: { authorization: "Basic Y2Y6" }, form });
  if (answer.status !== 200) throw new Error(`The login answered ${answer.status}.`);
  return (answer.body as { access_token: string }).access_token;
}

/** Headers that let a user into the registry's API. */
export async function registryHeaders(
  world: World,
  region: string,
  username: string,
  guid: string,
): Promise<Record<string, string>> {
  const token = await logIn(world.region(region), username, `${username}-password`);
  return { authorization: `bearer ${token}`, organization: guid };
}

/** The claims of a JWT. */
export function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64").toString("utf8")) as Record<string, unknown>;
}

/** The registry token in an answer. */
export const tokenIn = (answer: Answer): string => (answer.body as { token: string }).token;
