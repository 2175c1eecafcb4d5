import { ClientError } from "../../../lib/clients/client-error";
import { createHorizonClient } from "../../../lib/clients/horizon/client";
import { parseUserAuth } from "../../../lib/domain/horizon/user-auth";
import { Secret } from "../../../lib/domain/secret";
import { type Answer, type Received, startTestServer, type TestServer } from "../test-server";

let server: TestServer;
afterEach(() => server.close());
const { signal } = new AbortController();

async function start(answer: (request: Received, count: number) => Answer, suffix = "/v1", login = "me:marker-pass") {
  server = await startTestServer(answer);
  const user = parseUserAuth(Secret.of(login), "acme");
  if (user === undefined) throw new Error("that is a login");
  return createHorizonClient({ baseUrl: `${server.url}${suffix}`, env: {}, sleep: async () => undefined }, "acme", user);
}
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: ClientError) => error,
  );
const AUTH = { registry: "r.example.com:5000", username: "u", token: Secret.of("marker-token") };

it.each(["/v1", "/v1/", "", "/edge-exchange/v1"])("asks below /v1, as org/user (%p)", async (suffix) => {
  const client = await start(() => ({ status: 404, json: [] }), suffix);
  expect(await client.registryAuths.list("a_1_b", signal)).toEqual([]);
  const [{ url, headers } = { url: "", headers: {} }] = server.received;
  expect(url).toMatch(/\/v1\/orgs\/acme\/services\/a_1_b\/dockauths$/);
  expect(Buffer.from(String(headers.authorization).slice("Basic ".length), "base64").toString()).toBe("acme/me:marker-pass");
});

describe("the exchange's odd answers", () => {
  it("none of something is 404 in several forms", async () => {
    const bodies: readonly Answer[] = [
      { status: 404, json: { services: {}, lastIndex: 0 } },
      { status: 404, json: { code: "not-found", msg: "not found" } },
    ];
    const client = await start((_, count) => bodies[count - 1] ?? { status: 404, text: "" });
    expect(await client.services.get("a_1_b", signal)).toBeUndefined();
    expect(await client.services.get("a_1_b", signal)).toBeUndefined();
    expect(await client.services.getKey("a_1_b", "k", signal)).toBeUndefined();
  });
  it.each(["<html>log in to the network</html>", '["not", "a", "key"]'])("%s is no key that somebody uploaded", async (text) => {
    const client = await start(() => ({ status: 200, text }));
    expect(await failure(client.services.getKey("a_1_b", "k", signal))).toMatchObject({
      code: "malformed",
      message: expect.stringMatching(/the key k of the service acme\/a_1_b/),
    });
  });
  it("a PUT of a missing dockauth says ok, with 404", async () => {
    const client = await start(() => ({ status: 404, json: { code: "ok", msg: "dockauth 5 updated" } }));
    expect(await client.registryAuths.replace("a_1_b", 5, AUTH, signal)).toBe(false);
  });
  it("what is there already is 403, and no lack of rights", async () => {
    const client = await start(() => ({ status: 403, json: { code: "already-exists", msg: "service exists" } }));
    expect(await failure(client.services.create("a_1_b", {}, signal))).toMatchObject({ code: "conflict" });
  });
});

describe("errors", () => {
  const statuses: Record<string, [number, unknown, string]> = {
    "401": [401, { code: "invalid-credentials", msg: "invalid credentials" }, "unauthenticated"],
    "403": [403, { code: "access-denied", msg: "access denied" }, "forbidden"],
    "502": [502, { code: "bad-gateway", msg: "database" }, "server_error"],
    "504": [504, { code: "gateway-timeout", msg: "database" }, "server_error"],
    "a path that the exchange has no route for": [404, { code: "not-found", msg: "unrecognized route" }, "malformed"],
    "a gateway's 404": [404, "<html>no such route</html>", "malformed"],
    "an answer that is none": [200, "<html></html>", "malformed"],
  };
  it.each(Object.entries(statuses))('%s is never "not found"', async (_, [status, body, code]) => {
    const client = await start(() => (typeof body === "string" ? { status, text: body } : { status, json: body }));
    for (const work of [() => client.services.get("a_1_b", signal), () => client.registryAuths.list("a_1_b", signal)]) {
      const error = await failure(work());
      expect(error).toBeInstanceOf(ClientError);
      expect(error?.code).toBe(code);
      expect(error?.message).not.toContain("marker");
    }
  });
  it("name the user, and what to correct", async () => {
    const client = await start(() => ({ status: 401, json: { code: "invalid-credentials", msg: "me:marker-pass" } }));
    const message = (await failure(client.services.get("a_1_b", signal)))?.message;
    expect(message).toContain("acme/me");
    expect(message).toContain("HZN_EXCHANGE_USER_AUTH");
    expect(message).not.toContain("marker-pass");
  });
  it.each([
    ["me:p", "belongs to the user who published it"],
    ["other/me:p", "other/me is of another organization than acme"],
  ])("of a lack of rights say what helps (%s)", async (login, says) => {
    const client = await start(() => ({ status: 403, json: { code: "access-denied", msg: "denied" } }), "/v1", login);
    expect((await failure(client.services.create("a_1_b", {}, signal)))?.message).toContain(says);
  });
  it.each([502, 504])("a POST that %d answers is ambiguous, and not repeated", async (status) => {
    const client = await start(() => ({ status, json: { code: "internal-error", msg: "marker-token" } }));
    const error = await failure(client.registryAuths.create("a_1_b", AUTH, signal));
    expect(error?.options.ambiguous).toBe(true);
    expect(error?.message).not.toContain("marker-token");
    expect(server.received).toHaveLength(1);
  });
});

it("the user of an API key is asked for", async () => {
  const users = { "acme/me@example.com": { admin: true } };
  const client = await start(() => ({ status: 200, json: { users, lastIndex: 0 } }), "/v1", "iamapikey:marker-key");
  expect(await client.login(signal)).toEqual({ id: "acme/me@example.com", isAdmin: true });
  expect(server.received[0]?.url).toMatch(/\/orgs\/acme\/users\/iamapikey$/);
});

it("a key goes as it is", async () => {
  const client = await start(() => ({ status: 201, json: { code: "ok", msg: "key added or updated" } }));
  await client.services.putKey("a_1_b", "service.public.pem", "PEM\n", signal);
  expect(server.received[0]).toMatchObject({ method: "PUT", body: "PEM\n" });
  expect(server.received[0]?.headers["content-type"]).toContain("text/plain");
});
