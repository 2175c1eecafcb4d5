import { answered, ask, endWorld, GPS, GPS_ID, LOGINS, startWorld, type World } from "./support";

let world: World;
beforeEach(async () => {
  world = await startWorld();
  await world.ask("POST", "/services", GPS);
});
afterEach(() => endWorld(world));
const SERVICE = {
  serviceUrl: GPS.url,
  serviceOrgid: "acme",
  serviceArch: "amd64",
  serviceVersions: [{ version: "1.2.3" }],
};
const PATTERN = { label: "GPS", services: [SERVICE] };

test("publishes a pattern with what was left out, replaces and deletes it", async () => {
  expect(await world.ask("GET", "/patterns/gps")).toEqual({ status: 404, body: { patterns: {}, lastIndex: 0 } });
  expect(await world.ask("PUT", "/patterns/gps", PATTERN)).toEqual(answered(404, "not-found", "pattern 'acme/gps' not found"));
  expect(await world.ask("POST", "/patterns/gps", PATTERN)).toEqual(answered(201, "ok", "pattern 'acme/gps' created"));
  expect(await world.ask("GET", "/patterns/gps")).toEqual({
    status: 200,
    body: {
      patterns: {
        "acme/gps": {
          owner: "acme/ada",
          label: "GPS",
          description: "GPS",
          public: false,
          services: [{ ...SERVICE, nodeHealth: { missing_heartbeat_interval: 600, check_agreement_status: 120 } }],
          userInput: [],
          secretBinding: [],
          agreementProtocols: [{ name: "Basic" }],
          lastUpdated: expect.any(String),
          clusterNamespace: "",
        },
      },
      lastIndex: 0,
    },
  });
  expect(await world.ask("PUT", "/patterns/gps", { ...PATTERN, label: "new" })).toEqual(answered(201, "ok", "pattern updated"));
  expect(await world.ask("PATCH", "/patterns/gps", { description: "d" })).toMatchObject({ status: 201 });
  expect(await world.ask("GET", "/patterns")).toMatchObject({
    body: { patterns: { "acme/gps": { label: "new", description: "d" } } },
  });
  expect(await world.ask("DELETE", "/patterns/gps")).toEqual({ status: 204, body: "" });
  expect(await world.ask("DELETE", "/patterns/gps")).toMatchObject({ status: 404, body: { code: "not-found" } });
});

test.each([
  ["no services", { services: [] }, /^no services defined in pattern$/],
  ["no versions", { services: [{ ...SERVICE, serviceVersions: [] }] }, /^no versions specified for service 'acme'/],
  ["a wrong version", { services: [{ ...SERVICE, serviceVersions: [{ version: "x" }] }] }, /^version 'x' is not valid/],
  [
    "unsigned overrides",
    { services: [{ ...SERVICE, serviceVersions: [{ version: "1.2.3", deployment_overrides: "{}" }] }] },
    /^this pattern definition does not appear to be signed\.$/,
  ],
  [
    "a service that is not there",
    { services: [{ ...SERVICE, serviceVersions: [{ version: "2.0.0" }] }] },
    /^pattern 'acme\/gps' not created: the following referenced service does not exist in the exchange: org= acme/,
  ],
  ["public outside IBM", { public: true }, /^pattern 'acme\/gps' not created: only IBM patterns can be made public$/],
])("fails when a pattern has %s", async (_name, change, msg) => {
  expect(await world.ask("POST", "/patterns/gps", { ...PATTERN, ...change })).toEqual(
    answered(400, "invalid-input", expect.stringMatching(msg)),
  );
});

test("fails when the pattern is there already", async () => {
  await world.ask("POST", "/patterns/gps", PATTERN);
  expect(await world.ask("POST", "/patterns/gps", PATTERN)).toMatchObject({ status: 403, body: { code: "already-exists" } });
});

test("IBM's patterns may be public, and others read them then", async () => {
  const url = `${world.url}/orgs/IBM/patterns/shared`;
  await world.ask("PATCH", `/services/${GPS_ID}`, { public: true });
  expect((await ask(url, "POST", { ...PATTERN, public: true }, LOGINS.ibm)).status).toBe(201);
  expect((await ask(url, "GET", undefined, LOGINS.ada)).status).toBe(200);
});

describe.each([
  ["service", `/services/${GPS_ID}`, GPS_ID, "/services/none_1.0.0_amd64"],
  ["pattern", "/patterns/gps", "gps", "/patterns/none"],
])("keys of a %s", (kind, owner, id, missing) => {
  beforeEach(() => world.ask("POST", "/patterns/gps", PATTERN));

  test("are plain text under a name", async () => {
    const PEM = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
    expect(await world.ask("GET", `${owner}/keys`)).toEqual({ status: 404, body: [] });
    expect(await world.ask("GET", `${owner}/keys/a.pem`)).toEqual({ status: 404, body: "" });
    expect(await world.ask("PUT", `${owner}/keys/a.pem`, PEM)).toEqual(answered(201, "ok", "key added or updated"));
    expect(await world.ask("PUT", `${owner}/keys/a.pem`, `${PEM}2`)).toEqual(answered(201, "ok", "key added or updated"));
    expect(await world.ask("GET", `${owner}/keys`)).toEqual({ status: 200, body: ["a.pem"] });
    expect(await world.ask("GET", `${owner}/keys/a.pem`)).toEqual({ status: 200, body: `${PEM}2` });
    expect(await world.ask("DELETE", `${owner}/keys/a.pem`)).toEqual({ status: 204, body: "" });
    expect(await world.ask("DELETE", `${owner}/keys/a.pem`)).toEqual(
      answered(404, "not-found", `key 'a.pem' for ${kind} 'acme/${id}' not found`),
    );
    await world.ask("PUT", `${owner}/keys/b.pem`, PEM);
    expect(await world.ask("DELETE", `${owner}/keys`)).toEqual({ status: 204, body: "" });
    expect(await world.ask("DELETE", `${owner}/keys`)).toMatchObject({ status: 404, body: { code: "not-found" } });
  });

  test("fails when what they belong to is missing, as the database says it", async () => {
    expect(await world.ask("PUT", `${missing}/keys/a.pem`, "x")).toMatchObject({ status: 500, body: { code: "internal_error" } });
    expect(await world.ask("GET", `${missing}/keys`)).toEqual({ status: 404, body: [] });
  });
});
