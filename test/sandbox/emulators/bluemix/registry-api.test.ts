import { type Answer, claimsOf, endWorld, logIn, registryHeaders, send, startWorld, tokenIn, type World } from "./support";

const CI = "11111111-1111-4111-8111-111111111111";
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let world: World;
let api: string;
let ada: Record<string, string>;
beforeEach(async () => {
  world = await startWorld();
  api = `${world.region("us-south")}/api/v1`;
  ada = await registryHeaders(world, "us-south", "ada", "org-1");
});
afterEach(() => endWorld(world));

const issue = async (query: string): Promise<string> => tokenIn(await send("POST", `${api}/tokens${query}`, { headers: ada }));
const idOf = (jwt: string): string => String(claimsOf(jwt).jti);
const items = async (): Promise<Record<string, unknown>[]> =>
  ((await send("GET", `${api}/tokens`, { headers: ada })).body as { tokens: Record<string, unknown>[] }).tokens;
const descriptions = async (): Promise<unknown[]> => (await items()).map((item) => item.secondary_owner);

const issued: Record<string, { query: string; claims: object; item: object }> = {
  "an expiring one, read-only, by default": {
    query: "",
    claims: { exp: expect.any(Number) },
    item: { secondary_owner: "", readonly: true, expiry: expect.any(Number) },
  },
  "a permanent one without an end": {
    query: "?permanent=true&write=false&description=for%20ci%20%26%20co",
    claims: {},
    item: { secondary_owner: "for ci & co", readonly: true },
  },
  "one that may push": {
    query: "?permanent=false&write=true&description=push",
    claims: { exp: expect.any(Number) },
    item: { secondary_owner: "push", readonly: false, expiry: expect.any(Number) },
  },
};
describe("issues", () => {
  for (const [name, { query, claims, item }] of Object.entries(issued)) {
    test(name, async () => {
      const token = await issue(query);
      const id = idOf(token);
      expect(claimsOf(token)).toEqual({ jti: expect.stringMatching(uuid), iss: "registry.ng.bluemix.net", ...claims });
      expect(token.split(".")[1]).toMatch(/^[A-Za-z0-9+/]+$/);
      expect(await send("GET", `${api}/tokens/${id}`, { headers: ada })).toEqual({ status: 200, body: { token } });
      expect((await items()).at(-1)).toEqual({ _id: id, owner: "ada", token, revoked: false, ...item });
    });
  }

  test("an expiring one for 24 hours: then it is no longer listed", async () => {
    const token = await issue("?description=short");
    const left = Number(claimsOf(token).exp) - Date.now() / 1000;
    expect(Math.round(left / 60)).toBe(24 * 60);
    await world.control.setClockOffset(24 * 3600 - 60);
    ada = await registryHeaders(world, "us-south", "ada", "org-1");
    expect(await descriptions()).toEqual(["ci", "short"]);
    await world.control.setClockOffset(24 * 3600 + 60);
    expect(await descriptions()).toEqual(["ci"]);
    expect((await send("GET", `${api}/tokens/${idOf(token)}`, { headers: ada })).status).toBe(404);
  });
});

describe("takes away", () => {
  test("one by its id, once", async () => {
    const id = idOf(await issue("?description=gone"));
    expect((await send("DELETE", `${api}/tokens/${id}`, { headers: ada })).status).toBe(200);
    expect((await send("DELETE", `${api}/tokens/${id}`, { headers: ada })).status).toBe(404);
    expect(await descriptions()).toEqual(["ci"]);
  });

  test("all with a description", async () => {
    for (const name of ["a", "b", "a"]) await issue(`?description=${name}`);
    expect((await send("DELETE", `${api}/tokens?secondaryOwner=a`, { headers: ada })).status).toBe(200);
    expect(await descriptions()).toEqual(["ci", "b"]);
  });
});

describe("lets in", () => {
  const iamToken = async (key: string): Promise<string> => {
    const form = { grant_type: "urn:ibm:params:oauth:grant-type:apikey", apikey: key };
    return ((await send("POST", `${world.region("us-south")}/identity/token`, { form })).body as { access_token: string })
      .access_token;
  };
  const notAuthorized = {
    status: 401,
    body: {
      code: "CRG0009E",
      message: "You are not authorized to access the specified account.",
      "request-id": expect.stringMatching(uuid),
    },
  };
  const uaa = async (region: string) => logIn(world.region(region), "ada", "ada-password");
  const asked: Record<string, { headers: () => Promise<Record<string, string>>; answer: unknown }> = {
    "a UAA token with an organization": {
      headers: async () => ({ authorization: `bearer ${await uaa("us-south")}`, organization: "org-1" }),
      answer: { status: 200, body: ["team"] },
    },
    "an IAM token with an account": {
      headers: async () => ({ authorization: `Bearer ${await iamToken("ada-api-key")}`, account: "acme" }),
      answer: { status: 200, body: ["team"] },
    },
    "a ready token": {
      headers: async () => ({ authorization: "BEARER ready-uaa", organization: "org-1" }),
      answer: { status: 200, body: ["team"] },
    },
    "fails when nobody is logged in": { headers: async () => ({ organization: "org-1" }), answer: notAuthorized },
    "fails when the organization is unknown": {
      headers: async () => ({ authorization: `bearer ${await uaa("us-south")}`, organization: "org-0" }),
      answer: notAuthorized,
    },
    "fails when the organization is another account's": {
      headers: async () => ({ authorization: `bearer ${await uaa("us-south")}`, organization: "org-4" }),
      answer: notAuthorized,
    },
    "fails when the account is another's": {
      headers: async () => ({ authorization: `Bearer ${await iamToken("bob-api-key")}`, account: "acme" }),
      answer: notAuthorized,
    },
    "fails when a UAA token comes with an account": {
      headers: async () => ({ authorization: `bearer ${await uaa("us-south")}`, account: "acme" }),
      answer: notAuthorized,
    },
    "fails when the UAA token is another region's": {
      headers: async () => ({ authorization: `bearer ${await uaa("dedicated")}`, organization: "org-1" }),
      answer: notAuthorized,
    },
  };
  for (const [name, { headers, answer }] of Object.entries(asked)) {
    test(name, async () => expect(await send("GET", `${api}/namespaces`, { headers: await headers() })).toEqual(answer));
  }

  const roles: Record<string, { user: string; statuses: readonly number[] }> = {
    "a manager may look and change": { user: "ada", statuses: [200, 200] },
    "a reader may look only": { user: "reader", statuses: [200, 403] },
    "fails when the user has no role": { user: "nobody", statuses: [403, 403] },
  };
  for (const [name, { user, statuses }] of Object.entries(roles)) {
    test(name, async () => {
      const headers = await registryHeaders(world, "us-south", user, "org-1");
      const look = await send("GET", `${api}/tokens`, { headers });
      const change = await send("POST", `${api}/tokens`, { headers });
      expect([look.status, change.status]).toEqual(statuses);
    });
  }
});

test("tokens belong to one account in one region", async () => {
  await issue("?description=mine");
  const theirs = await send("GET", `${api}/tokens`, { headers: await registryHeaders(world, "us-south", "bob", "org-4") });
  const elsewhere = await send("GET", `${world.region("dedicated")}/api/v1/tokens`, {
    headers: await registryHeaders(world, "dedicated", "ada", "org-dedicated"),
  });
  expect([theirs.body, elsewhere.body]).toEqual([{ tokens: [] }, { tokens: [] }]);
});

describe("namespaces and images", () => {
  test("a registry namespace comes and goes", async () => {
    const call = (method: string, name: string): Promise<Answer> => send(method, `${api}/namespaces/${name}`, { headers: ada });
    const statuses = [
      await call("PUT", "fresh"),
      await call("PUT", "fresh"),
      await call("PUT", "theirs"),
      await call("DELETE", "theirs"),
      await call("DELETE", "fresh"),
    ].map((answer) => answer.status);
    expect(statuses).toEqual([200, 200, 409, 404, 204]);
  });

  const listed: Record<string, { query: string; tags: readonly string[] }> = {
    "those of the account": { query: "", tags: ["registry.ng.bluemix.net/team/app:1"] },
    "IBM's as well": {
      query: "?includeIBM=true",
      tags: ["registry.ng.bluemix.net/team/app:1", "registry.ng.bluemix.net/ibmliberty:latest"],
    },
    "of one repository": { query: "?includeIBM=true&repository=team/app", tags: ["registry.ng.bluemix.net/team/app:1"] },
    "of a foreign namespace: none": { query: "?namespace=theirs", tags: [] },
  };
  for (const [name, { query, tags }] of Object.entries(listed)) {
    test(`images: ${name}`, async () => {
      const { body } = await send("GET", `${api}/images${query}`, { headers: ada });
      expect((body as { RepoTags: string[] }[]).flatMap((image) => image.RepoTags)).toEqual(tags);
    });
  }
});

test("a restart keeps tokens and logins, and does not bring seeds back that were deleted", async () => {
  const kept = await issue("?permanent=true&description=kept");
  await send("DELETE", `${api}/tokens/${CI}`, { headers: ada });
  await world.stop();
  world = await startWorld({}, world.folder);
  api = `${world.region("us-south")}/api/v1`;
  expect((await items()).map((item) => item.token)).toEqual([kept]);
});
