import { createHash } from "node:crypto";
import { type ContainerRegistryClient, createContainerRegistryClient } from "../../../lib/clients/container-registry/client";
import { Secret } from "../../../lib/domain/secret";
import { type Answer, type Received, startTestServer, type TestServer } from "../test-server";

const signal = AbortSignal.timeout(60_000);
const manifest = JSON.stringify({ schemaVersion: 2 });
const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function serve(answer: (request: Received, count: number) => Answer): Promise<TestServer> {
  const server = await startTestServer(answer);
  open.push(server);
  return server;
}

function clientOf(server: TestServer, password: string | undefined = "pass-1"): ContainerRegistryClient {
  const credential = { username: "token", password: Secret.of(password) };
  const client = createContainerRegistryClient({
    host: `127.0.0.1:${server.port}`,
    plainHttp: true,
    credential,
    env: {},
    sleep: async () => undefined,
  });
  open.push(client);
  return client;
}

/** A registry that wants a token of the given realm, and serves one manifest and one blob to who has "Bearer good". */
function registry(realm: () => string) {
  return ({ url, headers }: Received): Answer => {
    const repository = url.split("/").slice(2, 4).join("/");
    if (headers.authorization !== "Bearer good") {
      const scope = `repository:${repository}:pull`;
      return { status: 401, headers: { "www-authenticate": `Bearer realm="${realm()}",service="reg",scope="${scope}"` } };
    }
    if (url.includes("/missing")) return { status: 404, json: { errors: [{ code: "MANIFEST_UNKNOWN" }] } };
    return {
      text: manifest,
      headers: { "docker-content-digest": digest, "content-type": "application/vnd.oci.image.manifest.v1+json" },
    };
  };
}

test("fetches a token with Basic, then manifest and blob with it", async () => {
  const tokens = await serve(() => ({ json: { token: "good" } }));
  const server = await serve(registry(() => `${tokens.url}/token`));
  const client = clientOf(server);
  const expected = { digest, mediaType: "application/vnd.oci.image.manifest.v1+json" };
  expect(await client.headManifest("team/app", "1", signal)).toEqual(expected);
  expect(await client.getManifest("team/app", "1", signal)).toEqual({ ...expected, body: Buffer.from(manifest) });
  expect(await client.getBlob("team/app", digest, signal)).toEqual(Buffer.from(manifest));
  expect(await client.headManifest("team/app", "missing", signal)).toBeUndefined();
  expect(tokens.received.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    [
      "/token?service=reg&scope=repository%3Ateam%2Fapp%3Apull&account=token",
      `Basic ${Buffer.from("token:pass-1").toString("base64")}`,
    ],
  ]);
  // The password itself never goes where a token was asked for.
  expect(server.received.map(({ headers }) => headers.authorization)).toEqual([undefined, ...Array(4).fill("Bearer good")]);
});

test("keeps every parameter of a realm, also those that stand there twice (issue 4)", async () => {
  const tokens = await serve(() => ({ json: { token: "good" } }));
  const server = await serve(registry(() => `${tokens.url}/token?group=a&group=b&service=other`));
  await clientOf(server).headManifest("a/b", "1", signal);
  expect(tokens.received.map(({ url }) => url)).toEqual([
    "/token?group=a&group=b&service=reg&scope=repository%3Aa%2Fb%3Apull&account=token",
  ]);
});

test("answers a Basic challenge at the registry itself", async () => {
  const server = await serve(({ headers }) =>
    headers.authorization === undefined ? { status: 401, headers: { "www-authenticate": "Basic realm=x" } } : { text: manifest },
  );
  expect((await clientOf(server).getManifest("a/b", "1", signal))?.digest).toBe(digest);
  expect(server.received[1]?.headers.authorization).toBe(`Basic ${Buffer.from("token:pass-1").toString("base64")}`);
});

test("fails when the token server refuses the login", async () => {
  const tokens = await serve(() => ({ status: 401, json: { errors: [{ code: "UNAUTHORIZED", message: "bad login pass-1" }] } }));
  const server = await serve(registry(() => `${tokens.url}/token`));
  await expect(clientOf(server).headManifest("a/b", "1", signal)).rejects.toMatchObject({
    code: "unauthenticated",
    message: `The registry 127.0.0.1:${server.port} refuses user "token" (GET ${tokens.url}/token: 401 Unauthorized: bad login [redacted]). The password or registry token is wrong, has expired or was revoked.`,
  });
});

test("fails when the token is not enough for the repository", async () => {
  const tokens = await serve(() => ({ json: { access_token: "weak" } }));
  const server = await serve(registry(() => `${tokens.url}/token`));
  await expect(clientOf(server).headManifest("a/b", "1", signal)).rejects.toMatchObject({
    code: "forbidden",
    message: `The registry 127.0.0.1:${server.port} does not let user "token" pull "a/b" (401). The credential is wrong, was revoked, or is not for that repository.`,
  });
});

test("fails when the realm is elsewhere, and sends nothing there", async () => {
  const server = await serve(registry(() => "https://evil.example.com/token"));
  await expect(clientOf(server).headManifest("a/b", "1", signal)).rejects.toMatchObject({
    code: "malformed",
    message: `The registry 127.0.0.1:${server.port} asks to log in at https://evil.example.com. The credential was not sent there: it goes only over HTTPS, to the registry's own host or one that is known to be its.`,
  });
});

test.each(["Bearer realm=REALM scope=x", 'Bearer realm=REALM scope="x"', 'Bearer realm=REALM?x=%22y"'])(
  "fails when the realm is misread: %s (issue 4)",
  async (challenge) => {
    const tokens = await serve(() => ({ json: { token: "good" } }));
    const said = challenge.replace("REALM", `${tokens.url}/token`);
    const server = await serve(() => ({ status: 401, headers: { "www-authenticate": said } }));
    await expect(clientOf(server).headManifest("a/b", "1", signal)).rejects.toMatchObject({
      code: "malformed",
      message: `The registry 127.0.0.1:${server.port} asks for a token, but names no valid realm to fetch it from.`,
    });
    expect(tokens.received).toEqual([]);
  },
);

test("follows a blob to its storage without the credential", async () => {
  const storage = await serve(() => ({ text: manifest }));
  const server = await serve(({ headers }) =>
    headers.authorization === undefined
      ? { status: 401, headers: { "www-authenticate": "Basic realm=x" } }
      : { status: 307, headers: { location: `${storage.url}/a%2fb?p=1&p=2&signature=x+y%2fz'` } },
  );
  expect((await clientOf(server).getBlob("a/b", digest, signal))?.toString()).toBe(manifest);
  expect(storage.received.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ["/a%2fb?p=1&p=2&signature=x+y%2fz'", undefined],
  ]);
});

test("fails when a manifest is redirected", async () => {
  const server = await serve(() => ({ status: 307, headers: { location: "https://other.example.com/x" } }));
  await expect(clientOf(server).headManifest("a/b", "1", signal)).rejects.toMatchObject({
    code: "malformed",
    message: expect.stringContaining("307, a redirect to other.example.com."),
  });
});

test("fails when a blob is not what its digest says", async () => {
  const server = await serve(() => ({ text: "something else" }));
  await expect(clientOf(server).getBlob("a/b", digest, signal)).rejects.toMatchObject({
    code: "malformed",
    message: `The registry 127.0.0.1:${server.port} sent other content for ${digest} than its digest says.`,
  });
});

test("fails when a manifest is not what was asked for by digest, whatever the registry calls it", async () => {
  const asked = `sha256:${"0".repeat(64)}`;
  for (const headers of [{ "docker-content-digest": digest }, { "docker-content-digest": asked }, {}]) {
    const server = await serve(() => ({ text: manifest, headers: { ...headers } }));
    await expect(clientOf(server).getManifest("a/b", asked, signal)).rejects.toMatchObject({
      code: "malformed",
      message: `The registry 127.0.0.1:${server.port} sent other content for a/b@${asked} than its digest says.`,
    });
  }
});

test("fails when a HEAD by digest is answered with another", async () => {
  const server = await serve(() => ({ headers: { "docker-content-digest": digest } }));
  await expect(clientOf(server).headManifest("a/b", `sha256:${"0".repeat(64)}`, signal)).rejects.toMatchObject({
    code: "malformed",
  });
});

test("takes a manifest by its digest, of SHA-512 too", async () => {
  const server = await serve(() => ({ text: manifest, headers: { "docker-content-digest": digest } }));
  const longer = `sha512:${createHash("sha512").update(manifest).digest("hex")}`;
  for (const asked of [digest, longer]) {
    expect((await clientOf(server).getManifest("a/b", asked, signal))?.digest).toBe(asked);
  }
});

const NO_WORDS = { status: 404, text: "<html>" } as const;
const present: { readonly [name: string]: Answer } = {
  "its header": { status: 401, headers: { "docker-distribution-api-version": "registry/2.0" } },
  JSON: { json: {} },
  "a challenge that names a token server": {
    status: 401,
    headers: { "www-authenticate": 'Bearer realm="http://127.0.0.1/token",service="reg"' },
  },
};
test.each(Object.entries(present))("believes a 404 of a registry that shows itself by %s", async (_, base) => {
  const server = await serve(({ url }) => (url === "/v2/" ? base : NO_WORDS));
  expect(await clientOf(server).listTags("team/app", signal)).toBeUndefined();
  expect(server.received.map(({ url, headers }) => [url, headers.authorization])).toEqual([
    ["/v2/team/app/tags/list?n=100", undefined],
    ["/v2/", undefined],
  ]);
});

const absent: { readonly [name: string]: readonly [base: Answer, described: string] } = {
  "has a page there": [{ text: "<html>" }, '200 with "text/plain"'],
  "wants a login as web pages do": [{ status: 401, headers: { "www-authenticate": "Basic realm=x" } }, '401 with "text/plain"'],
  "has nothing there": [{ status: 404, json: { message: "not found" } }, '404 with "application/json"'],
};
test.each(Object.entries(absent))("fails when it says 404 and %s", async (_, [base, described]) => {
  const server = await serve(({ url }) => (url === "/v2/" ? base : NO_WORDS));
  await expect(clientOf(server).listTags("team/app", signal)).rejects.toMatchObject({
    code: "no_registry",
    message: `What answers for 127.0.0.1:${server.port} is no container registry (GET /v2/team/app/tags/list: 404 with "text/plain"; GET /v2/: ${described}).`,
  });
});
