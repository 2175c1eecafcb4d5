import { endWorld, registryHeaders, send, startWorld, type World } from "./support";

const CI = "11111111-1111-4111-8111-111111111111";
let world: World;
let api: string;
let headers: Record<string, string>;
beforeEach(async () => {
  world = await startWorld();
  api = `${world.region("us-south")}/api/v1`;
  headers = await registryHeaders(world, "us-south", "ada", "org-1");
});
afterEach(() => endWorld(world));

test("tells all tokens, with their values", async () => {
  const { body } = await send("GET", `${api}/tokens/${CI}`, { headers });
  expect(await world.control.tokens()).toEqual([
    {
      id: CI,
      region: "us-south",
      account: "acme",
      owner: "ada",
      description: "ci",
      write: false,
      issuedAt: expect.any(Number),
      expiresAt: null,
      revoked: false,
      expired: false,
      value: (body as { token: string }).token,
    },
  ]);
});

test("a token revoked at the registry stays listed, as revoked", async () => {
  await world.control.revoke(CI);
  expect((await send("GET", `${api}/tokens`, { headers })).body).toMatchObject({ tokens: [{ _id: CI, revoked: true }] });
});

test("a token made to expire is no longer listed", async () => {
  await world.control.expire(CI);
  expect((await send("GET", `${api}/tokens`, { headers })).body).toEqual({ tokens: [] });
});

test("the log tells requests in their order, and no credential", async () => {
  await send("POST", `${api}/tokens?description=secret-description`, { headers });
  await send("GET", `${world.urls.tokenServer.url}/token?service=private&account=token`);
  const requests = await world.control.requests();
  expect(requests.map(({ time: _time, ...rest }) => rest)).toEqual([
    { sequence: 1, listener: "us-south", method: "POST", path: "/oauth/token", status: 200, detail: "grant password" },
    {
      sequence: 2,
      listener: "us-south",
      method: "POST",
      path: "/api/v1/tokens",
      status: 200,
      detail: expect.stringMatching(/^issued [0-9a-f-]{36}$/),
    },
    { sequence: 3, listener: "token-server", method: "GET", path: "/token", status: 200, detail: "anonymous" },
  ]);
  expect(JSON.stringify(requests)).not.toMatch(/ada-password|eyJ|secret-description/);
  expect((await world.control.requests(2)).map((request) => request.sequence)).toEqual([3]);
  await world.control.clearRequests();
  expect(await world.control.requests()).toEqual([]);
});

describe("faults", () => {
  test("a status, as often as asked for", async () => {
    await world.control.addFault({ method: "GET", pathPrefix: "/api/v1/tokens", status: 503, json: { a: 1 }, times: 2 });
    const answers = [];
    for (let index = 0; index < 3; index += 1) answers.push(await send("GET", `${api}/tokens/${CI}`, { headers }));
    expect(answers.map((answer) => answer.status)).toEqual([503, 503, 200]);
    expect(answers[0]?.body).toEqual({ a: 1 });
  });

  test("a delay that the client does not wait out: nothing is done", async () => {
    await world.control.addFault({ method: "POST", delayMs: 300 });
    const request = fetch(`${api}/tokens?description=late`, { method: "POST", headers, signal: AbortSignal.timeout(50) });
    await expect(request).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await world.control.tokens()).map(({ description }) => description)).toEqual(["ci"]);
  });

  for (const [drop, descriptions] of [
    ["before", ["ci"]],
    ["after", ["ci", "x"]],
  ] as const) {
    test(`a connection cut ${drop} acting`, async () => {
      await world.control.addFault({ method: "POST", drop });
      await expect(send("POST", `${api}/tokens?description=x`, { headers })).rejects.toThrow("fetch failed");
      expect((await world.control.tokens()).map((token) => token.description)).toEqual(descriptions);
    });
  }
});

test("fails when the secret is wrong", async () => {
  const answer = await send("GET", `${world.urls.control.url}/control/tokens`, { headers: { "x-control-secret": "wrong" } });
  expect(answer).toEqual({ status: 401, body: { message: "The header x-control-secret is missing or wrong." } });
});

test("fails when it is asked on a region's port", async () => {
  const path = "/control/tokens";
  const answer = await send("GET", `${world.region("us-south")}${path}`, {
    headers: { "x-control-secret": world.config.control.secret },
  });
  expect(answer).toEqual({ status: 404, body: { message: `No such path: ${path}` } });
});
