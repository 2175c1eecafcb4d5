import { endWorld, OTHER_KEY, OWNER_KEY, READER_KEY, readerPolicy, startWorld, type World } from "./support";

let world: World;
let owner: string;
let reader: string;
beforeAll(async () => {
  world = await startWorld();
  owner = await world.logIn(OWNER_KEY);
  reader = await world.logIn(READER_KEY);
});
afterAll(() => endWorld(world));

const GRANT = "urn:ibm:params:oauth:grant-type:apikey";
const createServiceId = async (name = "puller") =>
  (await world.iam("POST", "/v1/serviceids/", owner, { name, account_id: "acme" })).json as { id: string; iam_id: string };
const createKey = (body: object, caller = owner) => world.iam("POST", "/v1/apikeys", caller, body);
const codeOf = ({ status, json }: { status: number; json: { errors: { code: string; message_code?: string }[] } }) => [
  status,
  json.errors[0]?.message_code ?? json.errors[0]?.code,
];

describe("POST /identity/token", () => {
  it("gives an access token for an API key, with whom it is of", async () => {
    const { status, json } = await world.token({ grant_type: GRANT, apikey: OWNER_KEY, response_type: "cloud_iam" });
    const now = Math.floor(Date.now() / 1000);
    expect({ status, json }).toEqual({
      status: 200,
      json: {
        access_token: expect.any(String),
        refresh_token: "not_supported",
        token_type: "Bearer",
        expires_in: 3600,
        expiration: expect.any(Number),
        scope: "ibm openid",
      },
    });
    expect(Math.abs(json.expiration - now - 3600)).toBeLessThan(10);
    const claims = JSON.parse(Buffer.from(json.access_token.split(".")[1], "base64url").toString("utf8"));
    expect(claims).toMatchObject({ iam_id: "IBMid-owner", account: { bss: "acme" } });
  });

  it("renews by a refresh token, which only the command line's client gets", async () => {
    const basic = { authorization: `Basic ${Buffer.from("bx:bx").toString("base64")}` };
    const { json } = await world.token({ grant_type: GRANT, apikey: OWNER_KEY }, basic);
    const renewed = await world.token({ grant_type: "refresh_token", refresh_token: json.refresh_token }, basic);
    expect([renewed.status, renewed.json.access_token === json.access_token]).toEqual([200, false]);
    expect((await world.token({ grant_type: "refresh_token", refresh_token: json.access_token })).status).toBe(400);
  });

  it.each([
    ["an unknown key", { grant_type: GRANT, apikey: "wrong" }, "BXNIM0415E"],
    ["no key", { grant_type: GRANT }, "BXNIM0109E"],
    ["another grant", { grant_type: "password", apikey: OWNER_KEY }, "BXNIM0007E"],
  ])("fails when it gets %s", async (_, form, errorCode) => {
    expect(await world.token(form as Record<string, string>)).toMatchObject({
      status: 400,
      json: { errorCode, errorMessage: expect.any(String), context: { requestId: expect.any(String) } },
    });
  });

  it("fails when the token is expired, or of another emulator", async () => {
    await world.control.setClockOffset(3601);
    expect(codeOf(await world.iam("GET", "/v1/apikeys", owner))).toEqual([401, "BXNIM0308E"]);
    await world.control.setClockOffset(0);
    expect((await world.iam("GET", "/v1/apikeys", owner)).status).toBe(200);
    expect((await world.iam("GET", "/v1/apikeys", "e30.e30.AAAA")).status).toBe(401);
    expect((await world.iam("GET", "/v1/policies?account_id=acme", "e30.e30.AAAA")).status).toBe(401);
  });
});

describe("API keys", () => {
  it("a service ID's key with store_value gives its value again; the list does not", async () => {
    const { iam_id } = await createServiceId();
    const { status, json } = await createKey({
      name: "pull",
      iam_id,
      account_id: "acme",
      store_value: true,
      description: "mark",
    });
    expect({ status, json }).toEqual({
      status: 201,
      json: {
        id: expect.stringMatching(/^ApiKey-/),
        entity_tag: expect.any(String),
        crn: expect.stringContaining("a/acme::apikey:ApiKey-"),
        locked: false,
        disabled: false,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d\+0000$/),
        created_by: "IBMid-owner",
        modified_at: expect.any(String),
        support_sessions: false,
        action_when_leaked: "none",
        name: "pull",
        description: "mark",
        iam_id,
        account_id: "acme",
        apikey: expect.stringMatching(/^[\w-]{44}$/),
      },
    });
    expect((await world.iam("GET", `/v1/apikeys/${json.id}`, owner)).json.apikey).toBe(json.apikey);
    const list = await world.iam("GET", `/v1/apikeys?account_id=acme&iam_id=${iam_id}`, owner);
    expect(list.json.apikeys).toEqual([{ ...json, apikey: "" }]);
  });

  it("without store_value it is shown once", async () => {
    const { iam_id } = await createServiceId();
    const { json } = await createKey({ name: "pull", iam_id });
    expect(json.apikey).not.toBe("");
    expect((await world.iam("GET", `/v1/apikeys/${json.id}`, owner)).json.apikey).toBe("");
  });

  it("names are not unique, values are", async () => {
    const { iam_id } = await createServiceId();
    const [one, other] = [await createKey({ name: "same", iam_id }), await createKey({ name: "same", iam_id })];
    expect([one.status, other.status, one.json.id === other.json.id]).toEqual([201, 201, false]);
    expect((await createKey({ name: "x", iam_id, apikey: one.json.apikey })).status).toBe(409);
  });

  it("are listed in pages, of one identity or of the account", async () => {
    const { iam_id } = await createServiceId();
    for (let index = 0; index < 5; index++) await createKey({ name: `key-${index}`, iam_id });
    const names: string[] = [];
    let next: string | undefined = `${world.urls.iam.url}/v1/apikeys?account_id=acme&iam_id=${iam_id}&pagesize=2`;
    let pages = 0;
    while (next !== undefined) {
      const { pathname, search } = new URL(next);
      const { json } = await world.iam("GET", `${pathname}${search}`, owner);
      expect(json.limit).toBe(2);
      names.push(...json.apikeys.map(({ name }: { name: string }) => name));
      next = json.next;
      pages += 1;
    }
    expect({ names, pages }).toEqual({ names: ["key-0", "key-1", "key-2", "key-3", "key-4"], pages: 3 });
    const own = await world.iam("GET", "/v1/apikeys", owner);
    expect(own.json.apikeys.map((key: { iam_id: string }) => key.iam_id)).toEqual(["IBMid-owner"]);
    const whole = await world.iam("GET", "/v1/apikeys?account_id=acme&scope=account&pagesize=100", owner);
    expect(whole.json.apikeys.length).toBeGreaterThan(6);
    expect((await world.iam("GET", "/v1/apikeys?pagesize=101", owner)).status).toBe(400);
    expect((await world.iam("GET", "/v1/apikeys?pagetoken=nonsense", owner)).status).toBe(400);
  });

  it("are changed only against their entity tag", async () => {
    const { iam_id } = await createServiceId();
    const { json } = await createKey({ name: "before", iam_id });
    const put = (headers: Record<string, string>) =>
      world.iam("PUT", `/v1/apikeys/${json.id}`, owner, { name: "after", expires_at: "2190-01-31T12:00+0000" }, headers);
    expect((await put({})).status).toBe(400);
    expect((await put({ "if-match": "stale" })).status).toBe(409);
    const changed = await put({ "if-match": json.entity_tag });
    expect(changed).toMatchObject({ status: 200, json: { name: "after", expires_at: "2190-01-31T12:00+0000" } });
    expect(changed.json.entity_tag).not.toBe(json.entity_tag);
  });

  it("locked, they are neither changed nor deleted, and still log in; disabled, they don't log in", async () => {
    const { iam_id } = await createServiceId();
    const { json } = await createKey({ name: "pull", iam_id }, owner);
    const path = `/v1/apikeys/${json.id}`;
    expect((await world.iam("POST", `${path}/lock`, owner)).status).toBe(204);
    expect((await world.iam("DELETE", path, owner)).status).toBe(409);
    expect((await world.iam("PUT", path, owner, { name: "x" }, { "if-match": "*" })).status).toBe(409);
    expect((await world.token({ grant_type: GRANT, apikey: json.apikey })).status).toBe(200);
    expect((await world.iam("DELETE", `${path}/lock`, owner)).status).toBe(204);
    expect((await world.iam("POST", `${path}/disable`, owner)).status).toBe(204);
    expect((await world.token({ grant_type: GRANT, apikey: json.apikey })).status).toBe(400);
    expect((await world.iam("GET", path, owner)).json.disabled).toBe(true);
    expect((await world.iam("DELETE", `${path}/disable`, owner)).status).toBe(204);
    expect((await world.token({ grant_type: GRANT, apikey: json.apikey })).status).toBe(200);
    expect((await world.iam("DELETE", path, owner)).status).toBe(204);
    expect((await world.token({ grant_type: GRANT, apikey: json.apikey })).json.errorCode).toBe("BXNIM0415E");
    expect(codeOf(await world.iam("GET", path, owner))).toEqual([404, "BXNIM0102E"]);
    expect(codeOf(await world.iam("DELETE", path, owner))).toEqual([404, "BXNIM0102E"]);
  });

  it("with expires_at they end, and stay listed", async () => {
    const { iam_id } = await createServiceId();
    const expiresAt = new Date(Date.now() + 7200_000).toISOString();
    const { json } = await createKey({ name: "ends", iam_id, expires_at: expiresAt, store_value: true });
    expect(json.expires_at).toBe(`${expiresAt.slice(0, 16)}+0000`);
    await world.control.setClockOffset(7201);
    expect((await world.token({ grant_type: GRANT, apikey: json.apikey })).status).toBe(400);
    expect((await world.control.inventory()).apiKeys.find(({ id }) => id === json.id)?.live).toBe(false);
    await world.control.setClockOffset(0);
  });

  it("details tell whose a value is, and give nothing out", async () => {
    const { json } = await world.iam("GET", "/v1/apikeys/details", owner, undefined, { "iam-apikey": OWNER_KEY });
    expect(json).toMatchObject({ iam_id: "IBMid-owner", account_id: "acme", apikey: "" });
    expect((await world.iam("GET", "/v1/apikeys/details", owner, undefined, { "iam-apikey": "no" })).status).toBe(404);
    expect((await world.iam("GET", "/v1/apikeys/details", owner)).status).toBe(400);
  });

  it.each([
    ["no name", { iam_id: "IBMid-owner" }, 400],
    ["no iam_id", { name: "x" }, 400],
    ["a user's value to store", { name: "x", iam_id: "IBMid-owner", store_value: true }, 400],
    ["an end in the past", { name: "x", iam_id: "IBMid-owner", expires_at: "2001-01-01T00:00+0000" }, 400],
    ["an end that is no time", { name: "x", iam_id: "IBMid-owner", expires_at: "tomorrow" }, 400],
    ["another account", { name: "x", iam_id: "IBMid-owner", account_id: "other" }, 400],
    ["an identity that is not there", { name: "x", iam_id: "iam-ServiceId-none" }, 404],
    ["another account's identity", { name: "x", iam_id: "IBMid-other" }, 403],
  ])("fails when it is to be created with %s", async (_, body, status) => {
    expect((await createKey(body)).status).toBe(status);
  });

  it("fails when somebody without the right asks", async () => {
    const { id, iam_id } = await createServiceId();
    const { json } = await createKey({ name: "pull", iam_id });
    const other = await world.logIn(OTHER_KEY);
    for (const caller of [reader, other]) {
      expect((await createKey({ name: "x", iam_id }, caller)).status).toBe(403);
      expect((await world.iam("GET", `/v1/apikeys/${json.id}`, caller)).status).toBe(403);
      expect((await world.iam("DELETE", `/v1/apikeys/${json.id}`, caller)).status).toBe(403);
    }
    expect((await world.iam("GET", `/v1/apikeys?iam_id=${iam_id}`, reader)).status).toBe(403);
    expect((await world.iam("GET", `/v1/apikeys?iam_id=${iam_id}`, other)).json.apikeys).toEqual([]);
    expect((await world.iam("GET", `/v1/serviceids/${id}`, reader)).status).toBe(403);
    expect((await world.iam("GET", `/v1/serviceids/${id}`, other)).status).toBe(404);
    expect((await createKey({ name: "own", iam_id: "IBMid-reader" }, reader)).status).toBe(201);
  });
});

describe("service IDs", () => {
  it("are created, found by name, changed, and deleted with their keys; their policies stay", async () => {
    const made = await world.iam("POST", "/v1/serviceids/", owner, { name: "ours", account_id: "acme", description: "mark" });
    expect(made).toMatchObject({ status: 201, json: { iam_id: `iam-${made.json.id}`, name: "ours", description: "mark" } });
    const { id, iam_id } = made.json;
    const found = await world.iam("GET", "/v1/serviceids/?account_id=acme&name=ours", owner);
    expect(found.json.serviceids).toEqual([made.json]);
    const changed = await world.iam("PUT", `/v1/serviceids/${id}`, owner, { name: "new" }, { "if-match": made.json.entity_tag });
    expect(changed).toMatchObject({ status: 200, json: { name: "new", description: "mark" } });
    const key = (await createKey({ name: "pull", iam_id })).json;
    const policy = (await world.iam("POST", "/v1/policies", owner, readerPolicy(iam_id))).json;
    expect((await world.iam("DELETE", `/v1/serviceids/${id}`, owner)).status).toBe(204);
    expect((await world.iam("GET", `/v1/apikeys/${key.id}`, owner)).status).toBe(404);
    expect((await world.iam("GET", `/v1/policies/${policy.id}`, owner)).json.state).toBe("active");
    expect((await world.iam("DELETE", `/v1/serviceids/${id}`, owner)).status).toBe(404);
  });

  it("fails when name or account is missing, or the account is another", async () => {
    const create = async (body: object) => (await world.iam("POST", "/v1/serviceids/", owner, body)).status;
    expect([
      await create({ account_id: "acme" }),
      await create({ name: "x" }),
      await create({ name: "x", account_id: "other" }),
    ]).toEqual([400, 400, 403]);
  });
});

describe("policies", () => {
  it("are created, listed by identity, replaced against their ETag, and stay readable as deleted", async () => {
    const { iam_id } = await createServiceId();
    const made = await world.iam("POST", "/v1/policies", owner, { ...readerPolicy(iam_id), description: "mark" });
    expect(made).toMatchObject({
      status: 201,
      json: { ...readerPolicy(iam_id), roles: [{ display_name: "Reader" }], description: "mark", state: "active" },
    });
    const list = await world.iam("GET", `/v1/policies?account_id=acme&iam_id=${iam_id}&type=access`, owner);
    expect(list.json).toEqual({ policies: [made.json] });
    const path = `/v1/policies/${made.json.id}`;
    const writer = readerPolicy(iam_id, [], "Writer");
    expect((await world.iam("PUT", path, owner, writer, { "if-match": "stale" })).status).toBe(412);
    const replaced = await world.iam("PUT", path, owner, writer, { "if-match": made.headers.get("etag") ?? "" });
    expect(replaced).toMatchObject({ status: 200, json: { roles: writer.roles } });
    expect((await world.iam("DELETE", path, owner)).status).toBe(204);
    expect((await world.iam("GET", path, owner)).json.state).toBe("deleted");
    expect((await world.iam("GET", `/v1/policies?account_id=acme&iam_id=${iam_id}`, owner)).json).toEqual({ policies: [] });
    expect(codeOf(await world.iam("DELETE", path, owner))).toEqual([404, "policy_not_found"]);
  });

  it("fails when another says the same, and names it", async () => {
    const { iam_id } = await createServiceId();
    const first = await world.iam("POST", "/v1/policies", owner, readerPolicy(iam_id));
    const second = await world.iam("POST", "/v1/policies", owner, readerPolicy(iam_id));
    expect(codeOf(second)).toEqual([409, "policy_conflict_error"]);
    expect(second.json.errors[0].details.conflicts_with.policy.id).toBe(first.json.id);
  });

  it.each([
    ["no subjects", { subjects: [] }],
    ["a role that is none", { roles: [{ role_id: "Reader" }] }],
    ["no account", { resources: [{ attributes: [{ name: "serviceName", value: "container-registry" }] }] }],
    ["another type", { type: "other" }],
  ])("fails when it has %s", async (_, change) => {
    expect(codeOf(await world.iam("POST", "/v1/policies", owner, { ...readerPolicy("IBMid-owner"), ...change }))).toEqual([
      400,
      "invalid_body",
    ]);
  });

  it("fails when somebody without the right asks, or the account is missing", async () => {
    expect(codeOf(await world.iam("POST", "/v1/policies", reader, readerPolicy("IBMid-reader")))).toEqual([
      403,
      "insufficent_permissions",
    ]);
    expect((await world.iam("GET", "/v1/policies", owner)).status).toBe(400);
    expect((await world.iam("GET", "/v1/policies?account_id=other", owner)).status).toBe(403);
  });
});

it("shows no policy in a list to who may see none, and refuses one by its id", async () => {
  const { iam_id: iamId } = await createServiceId("watched");
  const { json } = await world.iam("POST", "/v1/policies", owner, readerPolicy(iamId));
  const list = `/v1/policies?account_id=acme&iam_id=${iamId}`;
  expect((await world.iam("GET", list, owner)).json.policies).toHaveLength(1);
  expect(await world.iam("GET", list, reader)).toMatchObject({ status: 200, json: { policies: [] } });
  expect((await world.iam("GET", `/v1/policies/${json.id}`, reader)).status).toBe(403);
});

it("a locked service ID is neither changed nor deleted until it is unlocked", async () => {
  const { id } = await createServiceId("kept");
  expect((await world.iam("POST", `/v1/serviceids/${id}/lock`, owner)).json).toMatchObject({ id, locked: true });
  expect((await world.iam("DELETE", `/v1/serviceids/${id}`, owner)).status).toBe(409);
  expect((await world.iam("DELETE", `/v1/serviceids/${id}/lock`, owner)).json).toMatchObject({ id, locked: false });
  expect((await world.iam("DELETE", `/v1/serviceids/${id}`, owner)).status).toBe(204);
});

it("an issuer may be a service ID that manages IAM by its policy", async () => {
  const { iam_id } = await createServiceId("ci");
  const { json } = await createKey({ name: "ci", iam_id });
  const ci = await world.logIn(json.apikey);
  const create = () => world.iam("POST", "/v1/serviceids/", ci, { name: "x", account_id: "acme" });
  expect((await create()).status).toBe(403);
  await world.iam("POST", "/v1/policies", owner, {
    type: "access",
    subjects: [{ attributes: [{ name: "iam_id", value: iam_id }] }],
    roles: [{ role_id: "crn:v1:bluemix:public:iam::::role:Administrator" }],
    resources: [
      {
        attributes: [
          { name: "accountId", value: "acme" },
          { name: "serviceName", value: "iam-identity" },
        ],
      },
    ],
  });
  expect((await create()).status).toBe(201);
});
