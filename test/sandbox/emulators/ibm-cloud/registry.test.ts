import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { endWorld, OTHER_KEY, OWNER_KEY, READER_KEY, readerPolicy, startWorld, type World } from "./support";

let world: World;
let owner: string;
let old: Server;
const OLD_TOKEN = `e30.${Buffer.from(JSON.stringify({ iss: "registry.ng.bluemix.net" })).toString("base64url")}.sig`;
const DEDICATED_TOKEN = `e30.${Buffer.from(JSON.stringify({ iss: "registry.acme.example.com" })).toString("base64url")}.sig`;

beforeAll(async () => {
  // The old service's token server: it takes one registry token for one service.
  const right = `Basic ${Buffer.from(`token:${OLD_TOKEN}`).toString("base64")}`;
  old = createServer(({ headers, url }, answer) => {
    answer.writeHead(headers.authorization === right && url === "/token?service=private" ? 200 : 401).end("{}");
  });
  await new Promise<void>((resolve) => old.listen(0, "127.0.0.1", resolve));
  const tokenServer = `http://127.0.0.1:${(old.address() as AddressInfo).port}/token`;
  const first = await startWorld();
  const [us, ...regions] = first.config.regions;
  if (us === undefined) throw new Error("no region");
  await first.stop();
  const registryTokens = { tokenServer, service: "private", issuers: ["registry.ng.bluemix.net"], account: "acme" };
  world = await startWorld({ regions: [{ ...us, registryTokens }, ...regions] }, first.folder);
  owner = await world.logIn(OWNER_KEY);
});
afterAll(async () => {
  old?.close();
  await endWorld(world);
});

const SCOPE = ["repository:team/app:pull,push", "repository:theirs/app:pull", "repository:none/app:pull"];

/** A service ID with a key, and no policy. */
async function createPuller(): Promise<{ iamId: string; keyId: string; value: string; serviceId: string }> {
  const serviceId = (await world.iam("POST", "/v1/serviceids/", owner, { name: "puller", account_id: "acme" })).json;
  const key = (await world.iam("POST", "/v1/apikeys", owner, { name: "pull", iam_id: serviceId.iam_id, store_value: true })).json;
  return { iamId: serviceId.iam_id, keyId: key.id, value: key.apikey, serviceId: serviceId.id };
}

describe("the token server", () => {
  it("grants a key what its policy says, and nothing without the policy", async () => {
    const { iamId, value } = await createPuller();
    expect(await world.pull("iamapikey", value, SCOPE)).toEqual({});
    const { json } = await world.iam("POST", "/v1/policies", owner, readerPolicy(iamId));
    expect(await world.pull("iamapikey", value, SCOPE)).toEqual({ "team/app": "pull" });
    expect(await world.pull("iamapikey", value, ["repository:team-eu/app:pull"], "eu-central")).toEqual({
      "team-eu/app": "pull",
    });
    expect(await world.pull("iambearer", await world.logIn(value), SCOPE)).toEqual({ "team/app": "pull" });
    await world.iam("DELETE", `/v1/policies/${json.id}`, owner);
    expect(await world.pull("iamapikey", value, SCOPE)).toEqual({});
  });

  it("a policy may be of one region, or of one registry namespace, or let somebody push", async () => {
    const eu = await createPuller();
    await world.iam("POST", "/v1/policies", owner, readerPolicy(eu.iamId, [{ name: "region", value: "eu-central" }]));
    expect(await world.pull("iamapikey", eu.value, SCOPE)).toEqual({});
    expect(await world.pull("iamapikey", eu.value, ["repository:team-eu/app:pull"], "eu-central")).toEqual({
      "team-eu/app": "pull",
    });
    const one = await createPuller();
    const only = [
      { name: "resourceType", value: "namespace" },
      { name: "resource", value: "te*", operator: "stringMatch" },
    ];
    await world.iam("POST", "/v1/policies", owner, readerPolicy(one.iamId, only, "Writer"));
    expect(await world.pull("iamapikey", one.value, SCOPE)).toEqual({ "team/app": "pull,push" });
  });

  it("refuses a key that is wrong, disabled, expired or deleted, or whose service ID is gone", async () => {
    const { iamId, keyId, value, serviceId } = await createPuller();
    await world.iam("POST", "/v1/policies", owner, readerPolicy(iamId));
    expect(await world.pull("iamapikey", `${value}x`, SCOPE)).toBe(401);
    await world.control.disableKey(keyId);
    expect(await world.pull("iamapikey", value, SCOPE)).toBe(401);
    await world.control.enableKey(keyId);
    expect(await world.pull("iamapikey", value, SCOPE)).toEqual({ "team/app": "pull" });
    await world.control.expireKey(keyId);
    expect(await world.pull("iamapikey", value, SCOPE)).toBe(401);
    const second = await createPuller();
    await world.control.deleteKey(second.keyId);
    expect(await world.pull("iamapikey", second.value, SCOPE)).toBe(401);
    const third = await createPuller();
    const bearer = await world.logIn(third.value);
    await world.control.deleteServiceId(third.serviceId);
    expect(await world.pull("iamapikey", third.value, SCOPE)).toBe(401);
    expect(await world.pull("iambearer", bearer, SCOPE)).toBe(401);
    expect((await world.control.inventory()).serviceIds.map(({ id }) => id)).toContain(serviceId);
  });

  it("knows what was restored as it was: the key with its value, its service ID and its policy", async () => {
    const { iamId, keyId, value, serviceId } = await createPuller();
    await world.iam("POST", "/v1/policies", owner, readerPolicy(iamId));
    const { apiKeys, serviceIds, policies } = await world.control.inventory();
    const kept = {
      apiKeys: apiKeys.filter(({ id }) => id === keyId).map(({ live: _, ...key }) => key),
      serviceIds: serviceIds.filter(({ id }) => id === serviceId),
      policies: policies.filter(({ body }) => JSON.stringify(body).includes(iamId)),
      namespaces: [],
    };
    expect([kept.apiKeys.length, kept.serviceIds.length, kept.policies.length]).toEqual([1, 1, 1]);
    await world.control.deleteServiceId(serviceId);
    await world.control.deletePolicy(kept.policies[0]?.id ?? "");
    expect(await world.pull("iamapikey", value, SCOPE)).toBe(401);
    await world.control.restore(kept);
    expect(await world.pull("iamapikey", value, SCOPE)).toEqual({ "team/app": "pull" });
  });

  it("takes users' keys by their role, and no other user name or password", async () => {
    expect(await world.pull("iamapikey", OWNER_KEY, SCOPE)).toEqual({ "team/app": "pull,push" });
    expect(await world.pull("iamapikey", READER_KEY, SCOPE)).toEqual({ "team/app": "pull" });
    expect(await world.pull("iamapikey", OTHER_KEY, SCOPE)).toEqual({ "theirs/app": "pull" });
    expect(await world.pull("owner@example.com", OWNER_KEY, SCOPE)).toBe(401);
    expect(await world.pull("iambearer", OWNER_KEY, SCOPE)).toBe(401);
  });

  it("takes a registry token of the old service, where that says it lives", async () => {
    expect(await world.pull("token", OLD_TOKEN, SCOPE)).toEqual({ "team/app": "pull" });
    expect(await world.pull("token", `${OLD_TOKEN}x`, SCOPE)).toBe(401);
    expect(await world.pull("token", DEDICATED_TOKEN, SCOPE)).toBe(401);
    expect(await world.pull("token", OLD_TOKEN, ["repository:team-eu/app:pull"], "eu-central")).toBe(401);
  });

  it("notes who it was, and no credential", async () => {
    const { keyId, value } = await createPuller();
    await world.control.clearRequests();
    await world.pull("iamapikey", value, SCOPE);
    await world.pull("iamapikey", "planted-password", SCOPE);
    await world.pull("planted-user", value, SCOPE);
    const log = await world.control.requests();
    expect(log.map(({ detail }) => detail)).toEqual([`user iamapikey ${keyId}`, "user iamapikey", "unknown user"]);
    expect(JSON.stringify(log)).not.toMatch(new RegExp(`planted|${value}`));
  });
});

describe("the registry's API", () => {
  it("creates, tells, assigns and deletes registry namespaces, each region its own", async () => {
    const put = (headers = {}) => world.registry("PUT", "/api/v1/namespaces/made", owner, headers);
    expect(await put()).toMatchObject({ status: 201, json: { namespace: "made" } });
    expect(await put()).toMatchObject({ status: 200, json: { namespace: "made" } });
    expect((await world.registry("GET", "/api/v1/namespaces", owner)).json).toEqual(["team", "made"]);
    expect((await world.registry("GET", "/api/v1/namespaces", owner, {}, "eu-central")).json).toEqual(["team-eu"]);
    const details = async () => (await world.registry("GET", "/api/v1/namespaces/details", owner)).json.at(-1);
    expect(await details()).toMatchObject({ name: "made", account: "acme", resource_group: "group-1", crn: expect.any(String) });
    const patch = { "x-auth-resource-group": "group-2" };
    expect((await world.registry("PATCH", "/api/v1/namespaces/made", owner, patch)).status).toBe(200);
    expect((await details()).resource_group).toBe("group-2");
    expect((await world.registry("DELETE", "/api/v1/namespaces/made", owner)).status).toBe(204);
    expect((await world.registry("DELETE", "/api/v1/namespaces/made", owner)).status).toBe(404);
  });

  it.each([
    ["the name is too short", "abc", {}, 400],
    ["the name has capitals", "Team-1", {}, 400],
    ["it is another account's", "theirs", {}, 409],
    ["the resource group is not there", "fresh", { "x-auth-resource-group": "group-3" }, 400],
    ["the account is another", "fresh", { account: "other" }, 401],
  ])("fails when %s", async (_, name, headers, status) => {
    const answer = await world.registry("PUT", `/api/v1/namespaces/${name}`, owner, headers);
    expect(answer).toMatchObject({ status, json: { code: expect.stringMatching(/^CRG/), "request-id": expect.any(String) } });
  });

  it("fails when the caller may only look, or nothing at all", async () => {
    const reader = await world.logIn(READER_KEY);
    expect((await world.registry("PUT", "/api/v1/namespaces/fresh", reader)).status).toBe(403);
    expect((await world.registry("DELETE", "/api/v1/namespaces/team", reader)).status).toBe(403);
    expect((await world.registry("GET", "/api/v1/namespaces", reader)).status).toBe(200);
    const { value } = await createPuller();
    expect((await world.registry("GET", "/api/v1/namespaces", await world.logIn(value))).status).toBe(403);
    expect((await world.registry("GET", "/api/v1/namespaces", "nonsense")).json.code).toBe("CRG0009E");
  });

  it("lists images of the account's registry namespaces, and quotas", async () => {
    const { json } = await world.registry("GET", "/api/v1/images?namespace=team", owner);
    expect(json).toMatchObject([{ RepoTags: ["us.icr.io/team/app:1"], Size: 7 }]);
    expect((await world.registry("GET", "/api/v1/images?namespace=none", owner)).json).toEqual([]);
    expect((await world.registry("GET", "/api/v1/quotas", owner)).status).toBe(200);
  });
});

describe("the control port", () => {
  it("an answer is lost after the write: the key is there", async () => {
    const { iamId } = await createPuller();
    await world.control.addFault({ listener: "iam", method: "POST", pathPrefix: "/v1/apikeys", drop: "after" });
    await expect(world.iam("POST", "/v1/apikeys", owner, { name: "lost", iam_id: iamId })).rejects.toThrow();
    expect((await world.control.inventory()).apiKeys.map(({ name }) => name)).toContain("lost");
  });

  it.each([429, 503])("answers %i once, with retry-after", async (status) => {
    await world.control.addFault({ listener: "iam", pathPrefix: "/v1/apikeys", status, headers: { "retry-after": "1" } });
    const first = await world.iam("GET", "/v1/apikeys", owner);
    expect([first.status, first.headers.get("retry-after"), (await world.iam("GET", "/v1/apikeys", owner)).status]).toEqual([
      status,
      "1",
      200,
    ]);
  });

  it("logins expire at once", async () => {
    const token = await world.logIn(READER_KEY);
    await world.control.expireLogins();
    expect((await world.iam("GET", "/v1/apikeys", token)).status).toBe(401);
    owner = await world.logIn(OWNER_KEY);
  });

  it("a restart keeps everything, and seeds nothing anew", async () => {
    await world.control.deleteNamespace("us-south", "team");
    const before = await world.control.inventory();
    await world.stop();
    world = await startWorld({}, world.folder);
    expect(await world.control.inventory()).toEqual(before);
    expect((await world.iam("GET", "/v1/apikeys", owner)).status).toBe(200);
  });
});

it("fails when the configuration contradicts itself, and says no API key", async () => {
  const users = [1, 2].map((number) => ({ iamId: `IBMid-${number}`, email: "e", account: "none", apiKey: "planted-key" }));
  const error = await startWorld({ users, control: { secret: "short" } }, world.folder).catch((thrown: Error) => thrown.message);
  expect(error).toContain('users "e": no account "none"; there are: acme, other.');
  expect(error).toContain("users[].apiKey (value not shown)");
  expect(error).toContain("control.secret: has to have at least 16 characters.");
  expect(error).not.toContain("planted");
});
