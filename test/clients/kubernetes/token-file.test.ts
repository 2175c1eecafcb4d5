import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesClient } from "../../../lib/clients/kubernetes/client";
import { createKubernetesClient } from "../../../lib/clients/kubernetes/create-client";
import { secretAt } from "../../../lib/clients/kubernetes/secrets";
import { createAuthority, issueCertificate } from "../../../sandbox/certificates";
import { startTestServer, type TestServer } from "../test-server";
import { NO_SETTINGS } from "./settings";

const signal = AbortSignal.timeout(60_000);
let folder: string;
let server: TestServer;
let client: KubernetesClient;
/** Tokens that the API server no longer takes. */
let ended: ReadonlySet<string>;
let now: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "token-file-"));
  ended = new Set();
  now = 0;
});
afterEach(async () => {
  await client.close();
  await server.close();
  await rm(folder, { recursive: true });
});

async function listen(tls?: { readonly key: string; readonly cert: string }): Promise<void> {
  server = await startTestServer(
    ({ headers }) =>
      ended.has(String(headers.authorization).replace("Bearer ", ""))
        ? { status: 401, json: { kind: "Status", reason: "Unauthorized", message: "Unauthorized" } }
        : { json: { metadata: { name: "pull" } } },
    tls,
  );
}

/** A client by a kubeconfig whose user has that token file. */
async function start(user: object = {}): Promise<void> {
  await listen();
  const config = join(folder, "config");
  await writeFile(
    config,
    JSON.stringify({
      "current-context": "c",
      clusters: [{ name: "c", cluster: { server: server.url } }],
      users: [{ name: "u", user: { tokenFile: "token", ...user } }],
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    }),
  );
  client = await createKubernetesClient({ ...NO_SETTINGS, configPaths: [config] }, { env: {}, clock: () => now });
}
const write = (token: string) => writeFile(join(folder, "token"), `${token}\n`);
const read = () => client.get(secretAt("a", "pull"), signal);
const sent = () => server.received.map(({ headers }) => String(headers.authorization).replace("Bearer ", ""));

test("a new token is sent within a minute, while the old one holds (issue 4)", async () => {
  await write("one");
  await start();
  await read();
  await write("two");
  now = 49_000;
  await read();
  now = 60_000;
  await read();
  await read();
  expect(sent()).toEqual(["one", "one", "two", "two"]);
});

test("a Pod's token is sent likewise, as the kubelet replaces it: by another folder behind a link (issue 4)", async () => {
  const mount = async (token: string) => {
    await mkdir(join(folder, token));
    await writeFile(join(folder, token, "token"), token);
    await symlink(token, join(folder, "link"));
    await rename(join(folder, "link"), join(folder, "..data"));
  };
  await mount("one");
  await symlink("..data/token", join(folder, "token"));
  const authority = await createAuthority("cluster");
  await writeFile(join(folder, "ca.crt"), authority.certificate);
  const { certificate, key } = await issueCertificate(authority, { commonName: "s", hosts: ["127.0.0.1"] });
  await listen({ cert: certificate, key });
  const env = {
    KUBERNETES_SERVICE_HOST: "127.0.0.1",
    KUBERNETES_SERVICE_PORT: String(server.port),
    REGISTRY_ACCESS_SERVICE_ACCOUNT_FOLDER: folder,
  };
  client = await createKubernetesClient(NO_SETTINGS, { env, clock: () => now });
  await read();
  await mount("two");
  now = 60_000;
  await read();
  expect(sent()).toEqual(["one", "two"]);
});

test("it is read at once after a 401, for all who got one", async () => {
  await write("one");
  await start();
  await read();
  await write("two");
  ended = new Set(["one"]);
  await Promise.all([read(), read()]);
  expect(sent().sort()).toEqual(["one", "one", "one", "two", "two"]);
});

test("fails when the API server takes neither what it held nor what it holds, and recovers with the next", async () => {
  await write("one");
  await start();
  ended = new Set(["one", "two"]);
  await expect(read()).rejects.toMatchObject({
    code: "unauthenticated",
    message: expect.stringContaining(
      'The API server does not accept the credential of user "u" of the kubeconfig: it is wrong, or has expired.',
    ),
  });
  await write("three");
  await read();
  expect(sent()).toEqual(["one", "one", "one", "three"]);
});

test.each<[string, () => Promise<void>]>([
  ["is gone", () => rm(join(folder, "token"))],
  ["is empty", () => write("")],
])("goes on with the last token where the file %s, and looks again at each request (issue 4)", async (_, spoil) => {
  await write("one");
  await start();
  await read();
  await spoil();
  now = 60_000;
  await read();
  await write("two");
  await read();
  expect(sent()).toEqual(["one", "one", "two"]);
});

test.each<[string, string | undefined, string]>([
  ["is missing", undefined, "can't be read (ENOENT)."],
  ["is empty", " ", "is empty. Write a token into it, or name another file."],
])("fails when it %s, before anything was read", async (_, held, words) => {
  if (held !== undefined) await write(held);
  await start();
  await expect(read()).rejects.toMatchObject({
    code: "invalid",
    message: `The token file "${folder}/token" of user "u" of the kubeconfig ${words}`,
  });
  expect(sent()).toEqual([]);
});

test("fails when the last token is refused and the file is gone, naming the file", async () => {
  await write("one");
  await start();
  await read();
  await rm(join(folder, "token"));
  ended = new Set(["one"]);
  await expect(read()).rejects.toMatchObject({
    message: `The token file "${folder}/token" of user "u" of the kubeconfig can't be read (ENOENT).`,
  });
});

test("a token beside it counts until it can be read, as in kubectl", async () => {
  await start({ token: "beside" });
  await read();
  await write("one");
  await read();
  expect(sent()).toEqual(["beside", "one"]);
});
