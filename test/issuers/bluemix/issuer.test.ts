import { Secret } from "../../../lib/domain/secret";
import { type BluemixIssuer, type BluemixSettings, createIssuer } from "../../../lib/issuers";
import { type Answer, type Received, startTestServer, type TestServer } from "../../clients/test-server";

const LOGIN = "/oauth/token";
const ORGANIZATIONS = "/v2/organizations";
const TOKENS = "/api/v1/tokens";

let server: TestServer;
afterEach(() => server.close());

const jwt = (claims: unknown) => ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "sig"].join(".");
const item = (id: string, more = {}) => ({
  _id: id,
  owner: "o",
  token: "marker-value",
  secondary_owner: "ours",
  readonly: true,
  ...more,
});

/** The wire as the facts tell it; a test answers what it cares for, and the rest is well. */
async function start(
  answer: (request: Received, path: string) => Answer | undefined = () => undefined,
  settings: Partial<BluemixSettings> = {},
) {
  let logins = 0;
  server = await startTestServer((request) => {
    const path = request.url.replace(/\?.*/, "");
    const own = answer(request, path);
    if (own !== undefined) return own;
    if (path === "/v2/info") return { json: { authorization_endpoint: server.url } };
    if (path === LOGIN)
      return { json: { access_token: `access-${++logins}`, refresh_token: "refresh-1", token_type: "bearer", expires_in: 3600 } };
    if (path === ORGANIZATIONS) {
      const all = ["acme", "beta"].map((name) => ({ metadata: { guid: `guid-${name}` }, entity: { name } }));
      const asked = new URL(request.url, server.url).searchParams.get("q");
      return {
        json: { next_url: null, resources: all.filter(({ entity }) => asked === null || asked === `name:${entity.name}`) },
      };
    }
    if (path === TOKENS && request.method === "POST") return { json: { token: jwt({ jti: "id-1", iss: "r" }) } };
    if (path === TOKENS)
      return { json: { tokens: [item("id-1"), item("id-2", { revoked: true, expiry: 1540423054, readonly: false })] } };
    return { json: { token: "value-1" } };
  });
  const issuer = createIssuer(
    {
      kind: "bluemix",
      name: "dedicated",
      apiEndpoint: server.url,
      registryEndpoint: server.url,
      hosts: ["registry.acme.example.com"],
      login: { kind: "password", username: "ci", password: Secret.of("pass-1") },
      account: { kind: "organization", name: "acme" },
      ...settings,
    },
    { env: {}, sleep: async () => undefined },
  );
  return { issuer, paths: () => server.received.map(({ method, url }) => `${method} ${url}`) };
}
const signal = () => AbortSignal.timeout(20_000);
const request = { description: "ours", permanent: true, readOnly: true };
const issued = { id: "id-1", description: "ours", readOnly: true, revoked: false, expiresAt: null, issuedAt: null };

test("contacts nothing before it is used", async () => {
  const { issuer, paths } = await start();
  expect([issuer.name, issuer.username, await issuer.hosts(signal()), paths()]).toEqual([
    "dedicated",
    "token",
    ["registry.acme.example.com"],
    [],
  ]);
});

test("issues as the documents do: login, organization, POST without a body", async () => {
  const { issuer, paths } = await start();
  expect(await issuer.issue(request, signal())).toEqual(issued);
  expect(paths()).toEqual([
    "GET /v2/info",
    "POST /oauth/token",
    "GET /v2/organizations?q=name%3Aacme",
    "POST /api/v1/tokens?description=ours&permanent=true&write=false",
  ]);
  expect(server.received[1]).toMatchObject({
    body: "grant_type=password&scope=&username=ci&password=pass-1",
    headers: { authorization: "Basic Y2Y6" },
  });
  expect(server.received[3]).toMatchObject({
    body: "",
    headers: { authorization: "bearer access-1", organization: "guid-acme" },
  });
});

test("write is not taken from permanent", async () => {
  const { issuer, paths } = await start();
  await issuer.issue({ ...request, permanent: false, readOnly: false }, signal());
  expect(paths().at(-1)).toBe("POST /api/v1/tokens?description=ours&permanent=false&write=true");
});

test("lists, without values", async () => {
  const { issuer } = await start();
  expect(await issuer.list(signal())).toEqual([
    issued,
    { ...issued, id: "id-2", readOnly: false, revoked: true, expiresAt: new Date("2018-10-24T23:17:34Z") },
  ]);
});

test("reveals by id, and undefined where it is gone", async () => {
  const { issuer } = await start((_, path) => (path.endsWith("/gone") ? { status: 404, json: { code: "X" } } : undefined));
  expect((await issuer.reveal("id-1", signal()))?.password.reveal()).toBe("value-1");
  expect(await issuer.reveal("gone", signal())).toBeUndefined();
});

test.each([401, 403, 429, 500])("fails when a token can't be revealed for a %d: that is not gone", async (status) => {
  const { issuer } = await start((_, path) => (path.startsWith(`${TOKENS}/`) ? { status } : undefined));
  await expect(issuer.reveal("id-1", signal())).rejects.toMatchObject({ name: "ClientError", options: { status } });
});

describe("a 404 that is not the registry's own says nothing about the token", () => {
  const table: { [name: string]: Exclude<Answer, (...args: never) => void> } = {
    "a page of HTML": { text: "<html>", headers: { "content-type": "text/html" } },
    "plain text": { text: "404 page not found" },
    nothing: {},
    "JSON of somebody else": { json: { error: "no route" } },
  };
  test.each(Object.entries(table))("fails when it is %s", async (_, body) => {
    const { issuer } = await start((_, path) => (path.startsWith(`${TOKENS}/`) ? { status: 404, ...body } : undefined));
    for (const call of [issuer.reveal, issuer.revoke]) {
      await expect(call("id-1", signal())).rejects.toMatchObject({
        code: "malformed",
        message: `Issuer "dedicated": ${server.url}/api/v1/tokens/id-1: 404, and not as the registry says that a token is missing (JSON with a code). Is registry_endpoint the registry of a Bluemix environment?`,
      });
    }
  });
});

test("fails when one token of the list can't be read: it would count as deleted", async () => {
  const { issuer } = await start((_, path) =>
    path === TOKENS ? { json: { tokens: [item("id-1"), { owner: "o" }] } } : undefined,
  );
  await expect(issuer.list(signal())).rejects.toMatchObject({
    code: "malformed",
    message: expect.stringContaining("/api/v1/tokens did not answer with a list of tokens that all have an id."),
  });
});

test("revokes, also what is gone", async () => {
  const { issuer, paths } = await start((_, path) => (path.endsWith("/gone") ? { status: 404, json: { code: "X" } } : undefined));
  await issuer.revoke("id-1", signal());
  await issuer.revoke("gone", signal());
  expect(paths().slice(-3)).toEqual(["DELETE /api/v1/tokens/id-1", "DELETE /api/v1/tokens/gone", "GET /api/v1/tokens"]);
});

test("issue 4: revokes again what is said to be gone, and is listed", async () => {
  let refusals = 1;
  const { issuer, paths } = await start((_, path) => {
    if (path === TOKENS) return { json: { tokens: [item("id-1")] } };
    return path.endsWith("/id-1") && refusals-- > 0 ? { status: 404, json: { code: "X" } } : undefined;
  });
  await issuer.revoke("id-1", signal());
  expect(paths().slice(-3)).toEqual(["DELETE /api/v1/tokens/id-1", "GET /api/v1/tokens", "DELETE /api/v1/tokens/id-1"]);
});

test("issue 4: fails when a token that is said to be gone goes on being listed", async () => {
  const { issuer } = await start((_, path) => {
    if (path === TOKENS) return { json: { tokens: [item("id-1")] } };
    return path.endsWith("/id-1") ? { status: 404, json: { code: "X" } } : undefined;
  });
  await expect(issuer.revoke("id-1", signal())).rejects.toMatchObject({
    code: "malformed",
    message: expect.stringContaining("(404), and goes on listing it."),
  });
});

test("logs in once for calls at the same time, and again after a 401", async () => {
  let expired = true;
  const { issuer, paths } = await start(({ headers }, path) =>
    path === TOKENS && headers.authorization === "bearer access-1" && expired
      ? { status: 401, json: { code: "CRG0009E", message: "no" } }
      : undefined,
  );
  await Promise.all([issuer.list(signal()), issuer.list(signal()), issuer.list(signal())]);
  expired = false;
  expect(paths().filter((path) => path === "POST /oauth/token").length).toBe(2);
  expect(server.received.filter(({ url }) => url === LOGIN)[1]?.body).toBe("grant_type=refresh_token&refresh_token=refresh-1");
});

test("a ready access token is sent as it is, with the account", async () => {
  const { issuer, paths } = await start(undefined, {
    login: { kind: "oauth_token", token: Secret.of("Bearer ready") },
    account: { kind: "account_id", id: "acc" },
  });
  await issuer.list(signal());
  expect(paths()).toEqual(["GET /api/v1/tokens"]);
  expect(server.received[0]?.headers).toMatchObject({ authorization: "bearer ready", account: "acc" });
});

describe("a POST without a clear answer", () => {
  const cut: Answer = (response) => response.destroy();
  const isPost = ({ method }: Received, path: string) => method === "POST" && path === TOKENS;
  const posts = () => server.received.filter(({ method, url }) => method === "POST" && url.startsWith(TOKENS)).length;

  test("is looked up by its description, and not repeated", async () => {
    const { issuer } = await start((request, path) => (isPost(request, path) ? cut : undefined));
    expect(await issuer.issue(request, signal())).toEqual(issued);
    expect(posts()).toBe(1);
  });

  test("is waited for where it is still under way", async () => {
    let looks = 0;
    const { issuer } = await start((request, path) => {
      if (isPost(request, path)) return { status: 504 };
      return path === TOKENS && ++looks < 3 ? { json: { tokens: [] } } : undefined;
    });
    expect(await issuer.issue(request, signal())).toEqual(issued);
    expect([posts(), looks]).toEqual([1, 3]);
  });

  test("is looked up although the caller cancelled: the token may be there", async () => {
    const controller = new AbortController();
    const { issuer } = await start((request, path) => (isPost(request, path) ? () => controller.abort() : undefined));
    expect(await issuer.issue(request, controller.signal)).toEqual(issued);
  });

  test("is looked up where the answer is no token", async () => {
    const { issuer } = await start((request, path) => (isPost(request, path) ? { json: { token: "opaque" } } : undefined));
    expect(await issuer.issue(request, signal())).toEqual(issued);
  });

  test("fails when it is not listed, and says what was done", async () => {
    const { issuer } = await start((request, path) => {
      if (isPost(request, path)) return { status: 500 };
      return path === TOKENS ? { json: { tokens: [item("id-9", { secondary_owner: "another" })] } } : undefined;
    });
    await expect(issuer.issue(request, signal())).rejects.toMatchObject({
      code: "server_error",
      message: `Issuer "dedicated": POST ${server.url}/api/v1/tokens: 500 Internal Server Error. That does not tell whether the token was issued, so the registry's list was read: none is described "ours". The request was not repeated; apply again.`,
      options: { status: 500, ambiguous: true },
    });
    expect(posts()).toBe(1);
  });
});

describe("the commonest mistakes", () => {
  const refuse = (_: Received, path: string): Answer | undefined =>
    path === LOGIN ? { status: 401, json: { error: "unauthorized", error_description: "Bad credentials" } } : undefined;
  const table: {
    [name: string]: [(request: Received, path: string) => Answer | undefined, Partial<BluemixSettings>, string, () => string];
  } = {
    "fails when the password is wrong": [
      refuse,
      {},
      "unauthenticated",
      () =>
        `Login refused: ${server.url} does not accept user "ci" with this password (401 Unauthorized: Bad credentials). Correct username and password (environment variables BLUEMIX_USERNAME and BLUEMIX_PASSWORD); an account of a company's own login has no password here and uses api_key.`,
    ],
    "fails when the API key is wrong": [
      refuse,
      { login: { kind: "api_key", apiKey: Secret.of("key-1") } },
      "unauthenticated",
      () =>
        `Login refused: ${server.url} does not accept this API key (401 Unauthorized: Bad credentials). Correct api_key (environment variable BLUEMIX_API_KEY), or make a new key: it may have been deleted.`,
    ],
    "fails when the passcode is used up": [
      refuse,
      { login: { kind: "passcode", passcode: Secret.of("code-1") } },
      "unauthenticated",
      () =>
        `Login refused: ${server.url} does not accept this passcode (401 Unauthorized: Bad credentials). A passcode works once and for a few minutes: fetch a new one, or use api_key.`,
    ],
    "fails when the access token is wrong": [
      (_, path) =>
        path === ORGANIZATIONS
          ? { status: 401, json: { code: 1000, description: "Invalid Auth Token", error_code: "CF-InvalidAuthToken" } }
          : undefined,
      { login: { kind: "oauth_token", token: Secret.of("ready") } },
      "unauthenticated",
      () =>
        `GET ${server.url}/v2/organizations: 401 Unauthorized: CF-InvalidAuthToken: Invalid Auth Token. The access token that was given (oauth_token) is wrong, or has expired: fetch a new one.`,
    ],
    "fails when the organization is unknown": [
      () => undefined,
      { account: { kind: "organization", name: "nope" } },
      "not_found",
      () =>
        `${server.url} shows this login no organization "nope". It sees: "acme", "beta". Set organization (environment variable BLUEMIX_ORG) to one of these, have the user added to it, or give organization_guid.`,
    ],
    "fails when the organization is written in other letters": [
      () => undefined,
      { account: { kind: "organization", name: "ACME" } },
      "not_found",
      () =>
        `${server.url} shows this login no organization "ACME". It sees: "acme", "beta". Write organization = "acme", have the user added to it, or give organization_guid.`,
    ],
    "fails when the registry refuses the account": [
      (_, path) =>
        path === TOKENS
          ? { status: 401, json: { code: "CRG0009E", message: "You are not authorized to access the specified account." } }
          : undefined,
      { account: { kind: "organization_guid", guid: "g" } },
      "unauthenticated",
      () =>
        `GET ${server.url}/api/v1/tokens: 401 Unauthorized: CRG0009E: You are not authorized to access the specified account. The registry does not accept the login for organization_guid "g": is that right, and is the registry of the same environment as api_endpoint (${server.url})?`,
    ],
    "fails when the login may not": [
      (_, path) => (path === TOKENS ? { status: 403, json: { code: "CRG0020E", message: "No." } } : undefined),
      {},
      "forbidden",
      () =>
        `GET ${server.url}/api/v1/tokens: 403 Forbidden: CRG0020E: No. The login may not do this with the registry tokens of organization "acme": have it given the right, or log in as another.`,
    ],
    "fails when the API is no Cloud Foundry": [
      (_, path) => (path === "/v2/info" ? { status: 404, text: "no" } : undefined),
      {},
      "malformed",
      () =>
        `${server.url}/v2/info names no authorization_endpoint. Is api_endpoint a Cloud Foundry API, such as "https://api.<domain>"?`,
    ],
    "fails when the API names a login service elsewhere, which gets no login": [
      (_, path) => (path === "/v2/info" ? { json: { authorization_endpoint: "https://login.evil.example.com" } } : undefined),
      {},
      "malformed",
      () =>
        `${server.url}/v2/info names https://login.evil.example.com to log in at. The login was not sent there: it goes only over HTTPS, to the host of api_endpoint, or to login.<domain> or uaa.<domain> of an api.<domain>, at its port. Is api_endpoint right?`,
    ],
    "fails when nothing listens": [
      () => undefined,
      { apiEndpoint: "http://127.0.0.1:1" },
      "unreachable",
      () => "GET http://127.0.0.1:1/v2/info: 127.0.0.1:1 refuses connections: nothing listens there (ECONNREFUSED).",
    ],
  };
  test.each(Object.entries(table))("%s", async (_, [answer, settings, code, message]) => {
    const { issuer } = await start(answer, settings);
    await expect(issuer.list(signal())).rejects.toMatchObject({ code, message: `Issuer "dedicated": ${message()}` });
  });

  test("fails when an endpoint is plain HTTP to another machine", async () => {
    await expect(start(undefined, { apiEndpoint: "http://api.example.com" })).rejects.toThrow(
      'Issuer "dedicated": http://api.example.com is plain HTTP',
    );
  });

  test("a refused login is not tried again, so that no account is locked", async () => {
    const { issuer, paths } = await start(refuse);
    const both: BluemixIssuer["list"][] = [issuer.list, issuer.list];
    for (const list of both) await expect(list(signal())).rejects.toMatchObject({ code: "unauthenticated" });
    expect(paths()).toEqual(["GET /v2/info", "POST /oauth/token"]);
  });

  test("a login that failed for another reason is", async () => {
    let down = true;
    const { issuer } = await start((_, path) =>
      path === LOGIN && down ? { status: 400, json: { error: "invalid_scope" } } : undefined,
    );
    await expect(issuer.list(signal())).rejects.toMatchObject({ code: "invalid" });
    down = false;
    expect((await issuer.list(signal())).length).toBe(2);
  });
});
