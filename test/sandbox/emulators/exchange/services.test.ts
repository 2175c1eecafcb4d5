import { answered, ask, endWorld, GPS, GPS_ID, LOGINS, startWorld, type World } from "./support";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => endWorld(world));
const one = `/services/${GPS_ID}`;

test("tells its version to anybody", async () => {
  expect(await ask(`${world.url}/admin/version`, "GET")).toEqual({ status: 200, body: "2.30.0\n" });
});

test("publishes a service under the id of its URL, version and architecture, and tells it with what was left out", async () => {
  expect(await world.ask("POST", "/services", GPS)).toEqual(answered(201, "ok", `service 'acme/${GPS_ID}' created`));
  expect(await world.ask("GET", one)).toEqual({
    status: 200,
    body: {
      services: {
        [`acme/${GPS_ID}`]: {
          ...GPS,
          owner: "acme/ada",
          description: "GPS",
          documentation: "",
          matchHardware: {},
          requiredServices: [],
          userInput: [],
          clusterDeployment: "",
          clusterDeploymentSignature: "",
          imageStore: {},
          lastUpdated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\[UTC\]$/),
        },
      },
      lastIndex: 0,
    },
  });
});

test("fails when the service is there already, with a status that also means denied", async () => {
  await world.ask("POST", "/services", GPS);
  expect(await world.ask("POST", "/services", GPS)).toEqual(
    answered(403, "already-exists", expect.stringMatching(/^service 'acme\/.*' already exists: ERROR: duplicate key/)),
  );
});

test.each([
  ["no label", { label: undefined }, /^No usable value for label/],
  ["a number for a text", { version: 1 }, /^No usable value for version/],
  ["an impossible version", { version: "1.2.x" }, /^version '1.2.x' is not valid version format\.$/],
  ["no architecture", { arch: "" }, /^arch can not be empty\.$/],
  ["an unknown sharable", { sharable: "shared" }, /^invalid value 'shared' for the sharable attribute\.$/],
  ["documentation that is no URL", { documentation: "read me" }, /^the 'documentation' field is not valid URL format\.$/],
  ["no signature", { deploymentSignature: "" }, /^this service definition does not appear to be signed\.$/],
  ["an unsigned cluster deployment", { clusterDeployment: "{}" }, /^this service definition does not appear to be signed\.$/],
  [
    "a required service of another architecture",
    { requiredServices: [{ org: "acme", url: "x", version: "1.0.0", arch: "arm64" }] },
    /^required service 'x' has arch 'arm64', which is different than this service's arch 'amd64'$/,
  ],
  [
    "a required service without a version",
    { requiredServices: [{ org: "acme", url: "x", arch: "amd64" }] },
    /^required service 'x' does not contain a versionRange$/,
  ],
  [
    "a required service that is not there",
    { requiredServices: [{ org: "acme", url: "x", versionRange: "[1.0.0,2.0.0)", arch: "amd64" }] },
    /^service 'acme\/.*' not created: the following required service does not exist in the exchange: org= acme, url= x/,
  ],
])("fails when a service has %s", async (_name, change, msg) => {
  expect(await world.ask("POST", "/services", { ...GPS, ...change })).toEqual(
    answered(400, "invalid-input", expect.stringMatching(msg)),
  );
});

test("fails when the body is not JSON", async () => {
  expect(await world.ask("POST", "/services", "{")).toEqual(answered(400, "invalid-input", expect.any(String)));
});

test("takes a required service whose version lies in the range", async () => {
  await world.ask("POST", "/services", GPS);
  const needs = (range: object) => ({
    ...GPS,
    url: "tracker",
    requiredServices: [{ org: "acme", url: GPS.url, arch: "amd64", ...range }],
  });
  expect((await world.ask("POST", "/services", needs({ versionRange: "(1.2.3,INFINITY)" }))).status).toBe(400);
  expect((await world.ask("POST", "/services", needs({ version: "[1.0.0,1.2.3]" }))).status).toBe(201);
  const { body } = await world.ask("GET", "/services/tracker_1.2.3_amd64");
  expect(body).toMatchObject({
    services: { "acme/tracker_1.2.3_amd64": { requiredServices: [{ version: "[1.0.0,1.2.3]", versionRange: "[1.0.0,1.2.3]" }] } },
  });
});

test("replaces a service as a whole, and never makes one by PUT", async () => {
  const missing = answered(404, "not-found", `service 'acme/${GPS_ID}' not found`);
  expect(await world.ask("PUT", one, GPS)).toEqual(missing);
  expect(await world.ask("GET", one)).toEqual(missing);
  await world.ask("POST", "/services", { ...GPS, documentation: "https://docs.example.com" });
  expect(await world.ask("PUT", one, { ...GPS, label: "new" })).toEqual(answered(201, "ok", "service updated"));
  expect(await world.ask("GET", one)).toMatchObject({
    body: { services: { [`acme/${GPS_ID}`]: { label: "new", documentation: "" } } },
  });
});

test("fails when PUT names another service than its body", async () => {
  await world.ask("POST", "/services", GPS);
  const msg = "the service id specified in the URL does not match the url, version, and arch in the body.";
  expect(await world.ask("PUT", one, { ...GPS, version: "2.0.0" })).toEqual(answered(400, "invalid-input", msg));
});

test("changes one attribute by PATCH, but none that the id is made of", async () => {
  await world.ask("POST", "/services", GPS);
  expect(await world.ask("PATCH", one, { description: "where we are" })).toEqual(
    answered(201, "ok", `attribute 'description' of service 'acme/${GPS_ID}' updated`),
  );
  expect(await world.ask("GET", `${one}?attribute=description`)).toEqual({
    status: 200,
    body: { attribute: "description", value: "where we are" },
  });
  expect(await world.ask("PATCH", one, { version: "2.0.0" })).toEqual(
    answered(400, "invalid-input", expect.stringContaining("are not allowed")),
  );
  expect(await world.ask("PATCH", one, {})).toEqual(answered(400, "invalid-input", "no valid service attribute specified"));
});

test("lists services by what is asked for, and answers 404 with an empty list where there is none", async () => {
  expect(await world.ask("GET", "/services")).toEqual({ status: 404, body: { services: {}, lastIndex: 0 } });
  await world.ask("POST", "/services", GPS);
  const ids = async (query: string) =>
    Object.keys(((await world.ask("GET", `/services?${query}`)).body as { services: object }).services);
  expect(await ids("url=https%3A%2F%2Fmy-domain.com%25&arch=amd64")).toEqual([`acme/${GPS_ID}`]);
  expect(await ids("version=1.2.4")).toEqual([]);
});

test("deletes a service with its dockauths and keys", async () => {
  await world.ask("POST", "/services", GPS);
  await world.ask("PUT", `${one}/keys/a.pem`, "key");
  await world.ask("POST", `${one}/dockauths`, { registry: "r", token: "t" });
  expect(await world.ask("DELETE", one)).toEqual({ status: 204, body: "" });
  expect(await world.ask("DELETE", one)).toEqual(answered(404, "not-found", `service 'acme/${GPS_ID}' not found`));
  expect(await world.control.data()).toMatchObject({ services: {}, dockAuths: [], keys: [] });
});

describe("who may do what", () => {
  beforeEach(() => world.ask("POST", "/services", GPS));

  test.each([
    ["nobody", undefined],
    ["a wrong password", "acme/ada:wrong"],
    ["no organization", "ada:ada-password"],
    ["a wrong API key", "acme/iamapikey:wrong"],
  ])("fails when the login is %s", async (_name, login) => {
    expect(await ask(`${world.url}/orgs/acme${one}`, "GET", undefined, login)).toEqual(
      answered(401, "invalid-credentials", "invalid credentials"),
    );
  });

  test.each(["acme/iamapikey:ada-key", "acme/apikey:ada-key", LOGINS.admin])("%s may change ada's service", async (login) => {
    expect(await world.ask("PATCH", one, { label: "x" }, login)).toMatchObject({ status: 201 });
  });

  test.each([
    ["another user of the organization", LOGINS.bob, "acme/bob", "WRITE_ALL_SERVICES"],
    ["a node", LOGINS.node, "acme/edge-1", "WRITE_ALL_SERVICES"],
    ["a user of another organization", LOGINS.ibm, "IBM/ibm", "WRITE_OTHER_ORGS"],
  ])("fails when %s changes it", async (_name, login, id, permission) => {
    const msg = `Access denied: '${id}' does not have authorization: ${permission}`;
    expect(await world.ask("PUT", one, GPS, login)).toEqual(answered(403, "access-denied", msg));
    expect(await world.ask("DELETE", one, undefined, login)).toEqual(answered(403, "access-denied", msg));
  });

  test("users and nodes of the organization read it, others only where it is public", async () => {
    expect([
      (await world.ask("GET", one, undefined, LOGINS.bob)).status,
      (await world.ask("GET", one, undefined, LOGINS.node)).status,
      (await world.ask("GET", one, undefined, LOGINS.ibm)).status,
      (await world.ask("GET", "/services/none_1.0.0_amd64", undefined, LOGINS.ibm)).status,
    ]).toEqual([404, 200, 403, 404]);
    await world.ask("PATCH", one, { public: true });
    expect((await world.ask("GET", one, undefined, LOGINS.ibm)).status).toBe(200);
  });

  test("fails when somebody publishes in another organization", async () => {
    expect(await world.ask("POST", "/services", GPS, LOGINS.ibm)).toEqual(
      answered(403, "access-denied", "Access denied: 'IBM/ibm' does not have authorization: CREATE_IN_OTHER_ORGS"),
    );
  });

  test("a user sees itself, also by API key, and its organization", async () => {
    expect(await world.ask("GET", "/users/iamapikey", undefined, "acme/iamapikey:ada-key")).toMatchObject({
      status: 200,
      body: { users: { "acme/ada": { password: "********", admin: false } } },
    });
    expect((await world.ask("GET", "/users/bob")).status).toBe(404);
    expect(await world.ask("GET", "")).toMatchObject({ status: 200, body: { orgs: { acme: { orgType: "" } } } });
  });
});

test("an unknown path is an unrecognized route, and outside of the API no answer of the exchange's", async () => {
  expect(await world.ask("GET", "/nothing")).toEqual(answered(404, "not-found", "unrecognized route"));
  const elsewhere = { status: 404, body: "The requested resource could not be found." };
  expect(await ask(world.url.replace("/v1", "/v2"), "GET", undefined, LOGINS.ada)).toEqual(elsewhere);
});
