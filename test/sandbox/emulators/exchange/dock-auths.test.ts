import { answered, endWorld, GPS, GPS_ID, LOGINS, startWorld, type World } from "./support";

let world: World;
beforeEach(async () => {
  world = await startWorld();
  await world.ask("POST", "/services", GPS);
});
afterEach(() => endWorld(world));
const all = `/services/${GPS_ID}/dockauths`;
const TIME = expect.stringMatching(/Z\[UTC\]$/);
const LOGIN = { registry: "registry.example.com:5000", username: "acme", token: "secret" };

test("the very first one is answered as if it were an old one, later ones with their number", async () => {
  expect(await world.ask("POST", all, LOGIN)).toEqual(answered(201, "ok", "dockauth resource updated"));
  expect(await world.ask("POST", all, { ...LOGIN, token: "other" })).toEqual(answered(201, "ok", "dockauth 2 added"));
  expect(await world.ask("GET", all)).toEqual({
    status: 200,
    body: [
      { dockAuthId: 1, ...LOGIN, lastUpdated: TIME },
      { dockAuthId: 2, ...LOGIN, token: "other", lastUpdated: TIME },
    ],
  });
});

test("an equal one is only touched", async () => {
  await world.ask("POST", all, LOGIN);
  await world.ask("POST", all, { ...LOGIN, token: "other" });
  expect(await world.ask("POST", all, { ...LOGIN, token: "other" })).toEqual(answered(201, "ok", "dockauth resource updated"));
  expect((await world.control.data()).dockAuths).toHaveLength(2);
});

test("numbers go on over all services, and one that failed uses one up", async () => {
  await world.ask("POST", all, LOGIN);
  expect(await world.ask("POST", "/services/none_1.0.0_amd64/dockauths", LOGIN)).toEqual(
    answered(500, "internal_error", expect.stringContaining("violates foreign key constraint")),
  );
  await world.ask("POST", "/services", { ...GPS, url: "other" });
  expect(await world.ask("POST", "/services/other_1.2.3_amd64/dockauths", LOGIN)).toEqual(
    answered(201, "ok", "dockauth 3 added"),
  );
});

test("no user name is the user name token, an empty one stays empty", async () => {
  await world.ask("POST", all, { registry: "a", token: "t" });
  await world.ask("POST", all, { registry: "b", username: "", token: "t" });
  expect((await world.control.data()).dockAuths.map(({ username }) => username)).toEqual(["token", ""]);
});

test("none at all is 404 with an empty list, and a missing one, too", async () => {
  expect(await world.ask("GET", all)).toEqual({ status: 404, body: [] });
  expect(await world.ask("GET", `${all}/7`)).toEqual({ status: 404, body: [] });
});

test("replaces one in place; a missing one is 404 with code ok", async () => {
  await world.ask("POST", all, LOGIN);
  expect(await world.ask("PUT", `${all}/1`, { registry: "new", token: "n" })).toEqual(answered(201, "ok", "dockauth 1 updated"));
  expect(await world.ask("GET", `${all}/1`)).toEqual({
    status: 200,
    body: { dockAuthId: 1, registry: "new", username: "token", token: "n", lastUpdated: TIME },
  });
  expect(await world.ask("PUT", `${all}/2`, LOGIN)).toEqual(answered(404, "ok", "dockauth 2 not found"));
});

test("deletes one or all", async () => {
  for (const token of ["a", "b", "c"]) await world.ask("POST", all, { ...LOGIN, token });
  expect(await world.ask("DELETE", `${all}/2`)).toEqual({ status: 204, body: "" });
  expect(await world.ask("DELETE", `${all}/2`)).toMatchObject({ status: 404, body: { code: "not-found" } });
  expect(await world.ask("DELETE", all)).toEqual({ status: 204, body: "" });
  expect(await world.ask("DELETE", all)).toMatchObject({ status: 404, body: { code: "not-found" } });
});

test("fails when the number is none, or the body lacks something", async () => {
  const msg = 'dockauthid must be an integer: For input string: "x"';
  expect(await world.ask("GET", `${all}/x`)).toEqual(answered(400, "invalid-input", msg));
  expect(await world.ask("PUT", `${all}/x`, LOGIN)).toEqual(answered(400, "invalid-input", msg));
  expect(await world.ask("POST", all, { registry: "r" })).toEqual(
    answered(400, "invalid-input", expect.stringMatching(/^No usable value for token/)),
  );
});

test("fails when another user writes; a node of the organization reads them", async () => {
  await world.ask("POST", all, LOGIN);
  for (const [method, path] of [
    ["POST", all],
    ["PUT", `${all}/1`],
    ["DELETE", `${all}/1`],
    ["DELETE", all],
  ] as const) {
    expect(await world.ask(method, path, LOGIN, LOGINS.bob)).toMatchObject({ status: 403, body: { code: "access-denied" } });
  }
  expect(await world.ask("GET", all, undefined, LOGINS.node)).toMatchObject({ status: 200, body: [{ token: "secret" }] });
});
