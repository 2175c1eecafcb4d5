import { ClientError } from "../../../lib/clients/client-error";
import { Secret } from "../../../lib/domain/secret";
import { formatTokenDescription } from "../../../lib/domain/token-mark";
import { createIssuer, type IbmCloudSettings } from "../../../lib/issuers";
import { explainFailure } from "../../../lib/issuers/ibmcloud/advice";
import { type Answer, type Received, startTestServer, type TestServer } from "../../clients/test-server";
import { createFakeIam, type Entity } from "./iam";

let server: TestServer;
afterEach(() => server.close());

async function start(
  answer: (request: Received) => Answer | undefined = () => undefined,
  settings: Partial<IbmCloudSettings> = {},
  clock: () => number = () => 0,
) {
  const iam = createFakeIam();
  server = await startTestServer((request) => answer(request) ?? iam.answer(request));
  const issuer = createIssuer(
    {
      kind: "ibmcloud",
      name: "icr",
      iamEndpoint: server.url,
      registryEndpoint: server.url,
      hosts: ["us.icr.io"],
      apiKey: Secret.of("login-key"),
      ...settings,
    },
    { env: { REGISTRY_ACCESS_ENDPOINTS: `us.icr.io=${server.url}` }, sleep: async () => undefined, random: () => 0, clock },
  );
  const calls = () => server.received.map(({ method, url }) => `${method} ${url.replace(/\?.*/, "")}`);
  return { iam, issuer, calls, count: (call: string) => calls().filter((one) => one === call).length };
}
const signal = () => AbortSignal.timeout(20_000);
const mark = (number: number) => ({ owner: "o", name: "pull", number, keep: false, nonce: `0${number}` });
const request = (number = 1) => ({
  name: "pull",
  expiresAt: null,
  description: formatTokenDescription("secrets", mark(number)),
});
const made = { serviceId: null, mark: { owner: "o", name: "pull" } };

test("makes a service ID that may only pull, and its key, and reveals that by its id", async () => {
  const { iam, issuer, calls } = await start();
  const issued = await issuer.apiKeys(made).issue(request(), signal());
  expect(issued).toMatchObject({ id: "ApiKey-3", iamId: "iam-ServiceId-1", made: true, policyId: "policy-2", expiresAt: null });
  expect(iam.keys.get("ApiKey-3")).toMatchObject({ store_value: true, account_id: "account-1", iam_id: "iam-ServiceId-1" });
  expect(iam.policies.get("policy-2")).toMatchObject({
    roles: [{ role_id: "crn:v1:bluemix:public:iam::::serviceRole:Reader" }],
    resources: [
      {
        attributes: [
          { name: "accountId", value: "account-1" },
          { name: "serviceName", value: "container-registry" },
        ],
      },
    ],
  });
  const revealed = await issuer.reveal(issued.id, signal());
  expect([revealed?.username, revealed?.password.reveal()]).toEqual(["iamapikey", "value-3"]);
  expect(await issuer.reveal("ApiKey-9", signal())).toBeUndefined();
  expect(calls().filter((call) => call === "POST /identity/token")).toHaveLength(1);
});

test("a key that expires: whole minutes, rounded up", async () => {
  const { iam, issuer } = await start();
  const expiresAt = new Date("2026-01-01T00:00:01Z");
  const issued = await issuer.apiKeys(made).issue({ ...request(), expiresAt }, signal());
  expect([iam.keys.get(issued.id)?.expires_at, issued.expiresAt?.toISOString()]).toEqual([
    "2026-01-01T00:01+0000",
    "2026-01-01T00:01:00.000Z",
  ]);
});

test("renews its token when a fifth of its life is left, and after a 401", async () => {
  let now = 0;
  let refuse = false;
  const { iam, issuer } = await start(
    ({ url, headers }) =>
      refuse && url.startsWith("/v1/") && headers.authorization === "Bearer access-2" ? { status: 401, json: {} } : undefined,
    {},
    () => now,
  );
  const list = () => issuer.apiKeys(made).list(signal());
  await list();
  now = 2_879_000;
  await list();
  expect(iam.logins).toBe(1);
  now = 2_880_000;
  await list();
  expect(iam.logins).toBe(2);
  refuse = true;
  await list();
  expect(iam.logins).toBe(3);
});

test.each(["/v1/serviceids/", "/v1/policies", "/v1/apikeys"])(
  "an answer that was lost is looked up, and %s not asked again",
  async (path) => {
    let lost = false;
    const fake = createFakeIam();
    const { issuer, calls } = await start((request) => {
      if (request.method !== "POST" || request.url !== path || lost) return fake.answer(request);
      lost = true;
      fake.answer(request);
      return (response) => response.destroy();
    });
    const issued = await issuer.apiKeys(made).issue(request(), signal());
    expect([issued.id, issued.policyId]).toEqual(["ApiKey-3", "policy-2"]);
    expect(calls().filter((call) => call === `POST ${path}`)).toHaveLength(1);
  },
);

describe("IAM's lag", () => {
  const LOST = { status: 404, json: { errors: [{ code: "not_found", message_code: "BXNIM0102E", message: "not there" }] } };

  test.each(["/v1/policies", "/v1/apikeys"])("POST %s does not know the new service ID at first", async (path) => {
    let left = 2;
    const { issuer } = await start(({ method, url }) => (method === "POST" && url === path && left-- > 0 ? LOST : undefined));
    expect((await issuer.apiKeys(made).issue(request(), signal())).policyId).toBe("policy-2");
  });

  test("fails when the key is refused: service ID and policy are taken back, although no list shows them yet", async () => {
    const { iam, issuer } = await start(({ method, url }) => {
      if (method === "POST" && url === "/v1/apikeys") return { status: 400, json: { errors: [{ code: "no" }] } };
      return method === "GET" && url.startsWith("/v1/serviceids/?") ? { json: { serviceids: [] } } : undefined;
    });
    await expect(issuer.apiKeys(made).issue(request(), signal())).rejects.toMatchObject({ code: "invalid" });
    expect([iam.services.size, iam.policies.size]).toEqual([0, 0]);
  });

  test("fails when they can't be taken back, and names them", async () => {
    const { issuer } = await start(({ method, url }) => {
      if (method === "POST" && url === "/v1/apikeys") return { status: 400, json: {} };
      return method === "DELETE" && !url.startsWith("/v1/policies") ? LOST : undefined;
    });
    const issuing = issuer.apiKeys(made).issue(request(), signal());
    await expect(issuing).rejects.toThrow(/could not be taken back: look for the service ID ServiceId-1 in IAM/);
  });

  const CHALLENGE = { "www-authenticate": 'Bearer realm="http://REALM/oauth/token",service="us.icr.io"' };
  const registry = (refusals: number) => {
    let left = refusals;
    return ({ url, headers }: Received): Answer | undefined => {
      if (url.startsWith("/v2/"))
        return headers.authorization === undefined
          ? { status: 401, headers: { "www-authenticate": CHALLENGE["www-authenticate"].replace("REALM", headers.host ?? "") } }
          : { status: 404, json: { errors: [{ code: "NAME_UNKNOWN" }] } };
      if (!url.startsWith("/oauth/token")) return undefined;
      return left-- > 0 ? { status: 401, json: {} } : { json: { token: "t" } };
    };
  };

  test("the registry does not know the new key at first: it is issued once it does", async () => {
    const { issuer, count } = await start(registry(2));
    await issuer.apiKeys(made).issue(request(), signal());
    expect(count("GET /oauth/token")).toBe(3);
  });

  test("fails when the registry never takes a key of a service ID that is there: the key alone goes, by its id", async () => {
    const ends = new AbortController();
    const answer = registry(Number.POSITIVE_INFINITY);
    const { iam, issuer } = await start((request) => {
      if (request.url.startsWith("/oauth/token")) ends.abort();
      // As long as the list does not show it yet.
      return request.method === "GET" && request.url.startsWith("/v1/apikeys?") ? { json: { apikeys: [] } } : answer(request);
    });
    iam.services.set("ServiceId-own", { id: "ServiceId-own", iam_id: "iam-ServiceId-own", name: "own", description: "" });
    await expect(issuer.apiKeys({ serviceId: "ServiceId-own" }).issue(request(), ends.signal)).rejects.toBeDefined();
    expect([iam.keys.size, iam.services.size]).toEqual([0, 1]);
  });

  test("fails when the registry never takes it: nothing is left", async () => {
    const ends = new AbortController();
    const answer = registry(Number.POSITIVE_INFINITY);
    let refused = 0;
    const { iam, issuer } = await start((request) => {
      if (request.url.startsWith("/oauth/token") && ++refused === 3) ends.abort();
      return answer(request);
    });
    await expect(issuer.apiKeys(made).issue(request(), ends.signal)).rejects.toBeDefined();
    expect([iam.keys.size, iam.services.size, iam.policies.size]).toEqual([0, 0, 0]);
  });
});

test("fails when an answer was lost and nothing was made, and does not ask again", async () => {
  const { issuer, count } = await start(({ method, url }) =>
    method === "POST" && url === "/v1/apikeys" ? (response) => response.destroy() : undefined,
  );
  await expect(issuer.apiKeys(made).issue(request(), signal())).rejects.toThrow(/The request was not repeated; apply again/);
  expect(count("POST /v1/apikeys")).toBe(1);
});

describe("what is listed", () => {
  test("all keys of this mark, over several pages; what a killed run left under its service ID", async () => {
    const { iam, issuer } = await start();
    const store = issuer.apiKeys(made);
    for (const number of [1, 2, 3]) await store.issue(request(number), signal());
    iam.keys.delete("ApiKey-6");
    iam.services.set("ServiceId-x", { id: "ServiceId-x", iam_id: "iam-ServiceId-x", description: "somebody's" });
    const ids = (await store.list(signal())).map(({ id }) => id);
    expect(ids).toEqual(["ApiKey-3", "ServiceId-4", "ApiKey-9"]);
  });

  const drifts: Record<string, { drift: (key: Entity) => Partial<Entity> | null; policy?: null; fault: string | undefined }> = {
    nothing: { drift: () => ({}), fault: undefined },
    "switched off": { drift: () => ({ disabled: true }), fault: "disabled" },
    deleted: { drift: () => null, fault: "deleted" },
    "without its policy": { drift: () => ({}), policy: null, fault: "unauthorized" },
  };
  test.each(Object.entries(drifts))("of one's own: %s", async (_, { drift, policy, fault }) => {
    const { iam, issuer } = await start();
    const { id, iamId, policyId } = await issuer.apiKeys(made).issue(request(), signal());
    const key = iam.keys.get(id) as Entity;
    const changed = drift(key);
    if (changed === null) iam.keys.delete(id);
    else iam.keys.set(id, { ...key, ...changed });
    if (policy === null) iam.policies.clear();
    const store = issuer.apiKeys({ ...made, own: { id, iamId, policyId, expiresAt: null } });
    const [own, ...rest] = await store.list(signal());
    expect([own?.id, own?.fault, rest]).toEqual([id, fault, []]);
    await store.revoke(id, signal());
    expect([iam.keys.size, iam.services.size, iam.policies.size]).toEqual([0, 0, 0]);
  });

  test("of one's own: what is left of it once somebody deleted its service ID", async () => {
    const { iam, issuer } = await start();
    const { id, iamId, policyId } = await issuer.apiKeys(made).issue(request(), signal());
    iam.keys.clear();
    iam.services.clear();
    const store = issuer.apiKeys({ ...made, own: { id, iamId, policyId, expiresAt: null } });
    expect(await store.list(signal())).toMatchObject([{ id, fault: "deleted" }]);
    await store.revoke(id, signal());
    expect([iam.policies.size, await store.list(signal())]).toEqual([0, []]);
  });

  const WRITER = [{ role_id: "crn:v1:bluemix:public:iam::::serviceRole:Manager" }];
  const VIEWER = [{ role_id: "crn:v1:bluemix:public:iam::::role:Viewer" }];
  const ATTRIBUTES = [
    { name: "accountId", value: "account-1" },
    { name: "serviceName", value: "container-registry" },
  ];
  const rights: Record<string, { policy: Partial<Entity>; fault: string | undefined }> = {
    "may do more": { policy: { roles: WRITER }, fault: "rights_changed" },
    "pulls from one region": {
      policy: { resources: [{ attributes: [...ATTRIBUTES, { name: "region", value: "nowhere" }] }] },
      fault: "rights_changed",
    },
    "may only look": { policy: { roles: VIEWER }, fault: "unauthorized" },
    "is deleted": { policy: { state: "deleted" }, fault: "unauthorized" },
    "is as it was made": { policy: {}, fault: undefined },
  };
  test.each(Object.entries(rights).flatMap(([name, of]) => [true, false].map((sees) => [name, sees, of] as const)))(
    "of one's own: its policy %s (the login sees policies: %s)",
    async (_, sees, { policy, fault }) => {
      const { iam, issuer } = await start();
      const { id, iamId, policyId } = await issuer.apiKeys(made).issue(request(), signal());
      iam.policies.set(policyId ?? "", { ...(iam.policies.get(policyId ?? "") as Entity), ...policy });
      iam.seesPolicies = sees;
      const store = issuer.apiKeys({ ...made, own: { id, iamId, policyId, expiresAt: null } });
      const [own] = await store.list(signal());
      expect([own?.fault, own?.policyId]).toEqual([fault, policyId]);
      await store.revoke(id, signal());
      const left = [...iam.policies.values()].filter(({ state }) => state === "active");
      expect([iam.keys.size, iam.services.size, left]).toEqual([0, 0, []]);
    },
  );

  test("fails when the login may not see the policy: it is not taken for gone", async () => {
    const { iam, issuer } = await start(({ method, url }) =>
      method === "GET" && url.startsWith("/v1/policies/") ? { status: 403, json: { errors: [{ code: "no" }] } } : undefined,
    );
    const { id, iamId, policyId } = await issuer.apiKeys(made).issue(request(), signal());
    iam.seesPolicies = false;
    const store = issuer.apiKeys({ ...made, own: { id, iamId, policyId, expiresAt: null } });
    await expect(store.list(signal())).rejects.toMatchObject({ code: "forbidden" });
    await expect(store.revoke(id, signal())).rejects.toMatchObject({ code: "forbidden" });
    expect([iam.services.size, iam.policies.size]).toEqual([1, 1]);
  });

  test("a locked key works, and is left to who locked it", async () => {
    const { iam, issuer } = await start();
    const { id, iamId, policyId } = await issuer.apiKeys(made).issue(request(), signal());
    iam.keys.set(id, { ...(iam.keys.get(id) as Entity), locked: true });
    const store = issuer.apiKeys({ ...made, own: { id, iamId, policyId, expiresAt: null } });
    const [own] = await store.list(signal());
    expect(own?.fault).toBeUndefined();
    await expect(store.revoke(id, signal())).rejects.toThrow(/is locked, .*service-api-key-unlock ApiKey-3 ServiceId-1\)/);
    expect([iam.keys.size, iam.services.size, iam.policies.size]).toEqual([1, 1, 1]);
  });

  test.each(["apikeys", "policies", "serviceids"])(
    "fails when IAM says of one of its %s that it is not there, and goes on showing it",
    async (kind) => {
      const lost = { status: 404, json: { errors: [{ code: "not_found", message_code: "BXNIM0102E", message: "not there" }] } };
      const { iam, issuer } = await start(({ method, url }) =>
        method === "DELETE" && url.startsWith(`/v1/${kind}/`) ? lost : undefined,
      );
      const { id, iamId, policyId } = await issuer.apiKeys(made).issue(request(), signal());
      const store = issuer.apiKeys({ ...made, own: { id, iamId, policyId, expiresAt: null } });
      await expect(store.revoke(id, signal())).rejects.toThrow(/IAM says that it is not there \(404\), and goes on showing it/);
      // What was made first is still there, so that a later destroy finds the rest by it.
      expect(iam.services.size).toBe(1);
    },
  );

  test("fails when others have keys under the service ID that would go with it: nothing is deleted", async () => {
    const { iam, issuer } = await start();
    const { id, iamId, policyId } = await issuer.apiKeys(made).issue(request(), signal());
    iam.keys.set("ApiKey-x", { id: "ApiKey-x", iam_id: iamId, name: "theirs", description: "CI" });
    const store = issuer.apiKeys({ ...made, own: { id, iamId, policyId, expiresAt: null } });
    await expect(store.revoke(id, signal())).rejects.toThrow(/others made under it: ApiKey-x \("theirs"\)/);
    expect([iam.keys.size, iam.services.size, iam.policies.size]).toEqual([2, 1, 1]);
  });

  test("a policy that no longer allows pulling counts as none", async () => {
    const { iam, issuer } = await start();
    const { id, iamId, policyId } = await issuer.apiKeys(made).issue(request(), signal());
    const [policy] = iam.policies.values();
    const viewer = [{ role_id: "crn:v1:bluemix:public:iam::::role:Viewer" }];
    iam.policies.set(policy?.id ?? "", { ...(policy as Entity), roles: viewer });
    const [own] = await issuer.apiKeys({ ...made, own: { id, iamId, policyId, expiresAt: null } }).list(signal());
    expect(own?.fault).toBe("unauthorized");
  });

  test("found by its id, whatever became of the marks", async () => {
    const { iam, issuer } = await start();
    const { id, iamId, policyId } = await issuer.apiKeys(made).issue(request(), signal());
    for (const entities of [iam.keys, iam.services])
      for (const entity of entities.values()) entities.set(entity.id, { ...entity, description: "edited", name: "edited" });
    const store = issuer.apiKeys({ ...made, own: { id, iamId, policyId, expiresAt: null } });
    expect((await store.list(signal())).map((item) => [item.id, item.fault])).toEqual([[id, undefined]]);
    await store.revoke(id, signal());
    expect([iam.keys.size, iam.services.size, iam.policies.size]).toEqual([0, 0, 0]);
  });
});

test("a service ID that exists stays, and so do its policies", async () => {
  const { iam, issuer, count } = await start();
  iam.services.set("ServiceId-own", { id: "ServiceId-own", iam_id: "iam-ServiceId-own", description: "ours" });
  const store = issuer.apiKeys({ serviceId: "ServiceId-own" });
  const issued = await store.issue(request(), signal());
  expect(issued).toMatchObject({ made: false, policyId: null, iamId: "iam-ServiceId-own" });
  await store.revoke(issued.id, signal());
  expect([iam.keys.size, iam.services.size, count("POST /v1/policies")]).toEqual([0, 1, 0]);
});

test("fails when there is no such service ID", async () => {
  const { issuer } = await start();
  const issuing = issuer.apiKeys({ serviceId: "ServiceId-none" }).issue(request(), signal());
  await expect(issuing).rejects.toThrow(/has no service ID "ServiceId-none"\. Correct service_id/);
});

test("names a key by its id only where IAM gives its value again", async () => {
  const { issuer } = await start();
  const { id } = await issuer.apiKeys(made).issue(request(), signal());
  const identify = (username: string, value: string) => issuer.identify({ username, password: Secret.of(value) }, signal());
  expect(await identify("iamapikey", "value-3")).toBe(id);
  expect(await identify("token", "value-3")).toBeUndefined();
  expect(await identify("iamapikey", "nobody's")).toBeUndefined();
  expect(await identify("iamapikey", "login-key")).toBeUndefined();
});

describe("fails when", () => {
  const cases: Record<string, { answer?: Answer; settings?: Partial<IbmCloudSettings>; said: RegExp }> = {
    "IAM does not know the login's key": {
      settings: { apiKey: Secret.of("wrong-key") },
      said: /^Issuer "icr": Login refused: IBM Cloud IAM does not accept this API key \(.*BXNIM0415E.*IBMCLOUD_API_KEY/,
    },
    "it may not do this": {
      answer: { status: 403, json: { errors: [{ message_code: "BXNIM0513E", message: "no" }] } },
      said: /^Issuer "icr": GET .*\/v1\/serviceids\/: 403 Forbidden: BXNIM0513E: no\. The login may not do this: it takes Viewer on the IAM Identity Service/,
    },
    "something else answers": { answer: { text: "<html>" }, said: /are not JSON/ },
    "a page leaves ids out": { answer: { json: { serviceids: [{}] } }, said: /a list of serviceids that all have an id/ },
  };
  test.each(Object.entries(cases))("%s", async (_, { answer, settings, said }) => {
    const { issuer } = await start(({ url }) => (url.startsWith("/v1/serviceids") ? answer : undefined), settings);
    const error = await issuer
      .apiKeys(made)
      .list(signal())
      .catch((thrown: Error) => thrown);
    expect(String((error as Error).message)).toMatch(said);
    expect(JSON.stringify(error)).not.toMatch(/login-key|wrong-key/);
  });

  test("a 404 is not IAM's own", async () => {
    const { issuer } = await start(({ url }) =>
      url.startsWith("/v1/apikeys/ApiKey") ? { status: 404, text: "gateway" } : undefined,
    );
    await expect(issuer.reveal("ApiKey-1", signal())).rejects.toThrow(/not as IAM says/);
  });

  test("IAM keeps no value of a key", async () => {
    const { iam, issuer } = await start();
    iam.keys.set("ApiKey-u", { id: "ApiKey-u", iam_id: "IBMid-1" });
    await expect(issuer.reveal("ApiKey-u", signal())).rejects.toThrow(/only once\. Give that value itself/);
  });
});

test("the registry gets IAM's token, the account and the resource group", async () => {
  const { issuer } = await start(({ method, url }) => {
    if (!url.startsWith("/api/v1/")) return undefined;
    if (method === "PUT") return { json: { namespace: "acme" } };
    return url.endsWith("/details") ? { json: [{ name: "acme", resource_group: "g" }] } : { json: ["acme", "team"] };
  });
  const registry = issuer.registry(null);
  expect(await registry.listNamespaces(signal())).toEqual([
    { name: "acme", resourceGroup: "g" },
    { name: "team", resourceGroup: null },
  ]);
  await registry.putNamespace("acme", "g", signal());
  const put = server.received.find(({ method }) => method === "PUT");
  expect(put).toMatchObject({
    url: "/api/v1/namespaces/acme",
    headers: { authorization: "Bearer access-1", account: "account-1", "x-auth-resource-group": "g" },
  });
  expect(issuer.registry("us-south").endpoint).toBe("https://us.icr.io");
});

test("each region's registry is at its own host, or where registry_endpoints says, by any name of the region", async () => {
  const endpoints = { us: "https://private.us.icr.io", "eu-de": "https://proxy.example.com/de" };
  const { issuer } = await start(undefined, { registryEndpoints: endpoints });
  expect((["us-south", "us", "eu-central", "jp"] as const).map((region) => issuer.registry(region).endpoint)).toEqual([
    "https://private.us.icr.io",
    "https://private.us.icr.io",
    "https://proxy.example.com/de",
    "https://jp.icr.io",
  ]);
});

test("a region with an endpoint of its own is asked there", async () => {
  const { issuer, calls } = await start(({ url }) => (url.startsWith("/api/v1/") ? { json: [] } : undefined), {
    registryEndpoint: "https://127.0.0.1:9",
  });
  const other = createIssuer(
    {
      kind: "ibmcloud",
      name: "icr",
      iamEndpoint: server.url,
      registryEndpoints: { "us-south": server.url },
      hosts: [],
      apiKey: Secret.of("login-key"),
    },
    { env: {} },
  );
  expect(await (other as typeof issuer).registry("us").listNamespaces(signal())).toEqual([]);
  expect(calls()).toContain("GET /api/v1/namespaces");
});

test.each([
  ["GET", "/v1/policies/p", /Viewer on Container Registry, to see the policy/],
  ["POST", "/v1/policies", /Administrator on Container Registry/],
  ["GET", "/v1/serviceids/", /Viewer on the IAM Identity Service/],
  ["POST", "/v1/serviceids/", /Service ID creator/],
  ["GET", "/v1/apikeys/ApiKey-1", /Operator on the IAM Identity Service/],
  ["PUT", "", /Manager on Container Registry/],
])("what is refused names the role that it takes: %s %s", (method, path, role) => {
  const url = path === "" ? "https://us.icr.io/api/v1/namespaces/x" : `https://iam.example.com${path}`;
  const error = new ClientError("forbidden", `${method} ${url}: 403 Forbidden`, { status: 403 });
  const told = explainFailure(error, { name: "icr", iamEndpoint: "https://iam.example.com/" });
  expect(String((told as Error).message)).toMatch(role);
});
