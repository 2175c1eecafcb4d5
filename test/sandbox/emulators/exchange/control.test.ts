import { startExchangeEmulator } from "../../../../sandbox/emulators/exchange";
import { answered, CONFIG, endWorld, GPS, GPS_ID, startWorld, type World } from "./support";

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => endWorld(world));
const one = `/services/${GPS_ID}`;
const LOGIN = { registry: "r", username: "u", token: "very-secret" };

test("changes what the exchange holds behind everybody's back", async () => {
  await world.ask("POST", "/services", GPS);
  await world.ask("POST", `${one}/dockauths`, LOGIN);
  await world.control.edit((data) => {
    const [first] = data.dockAuths;
    const service = data.services[`acme/${GPS_ID}`];
    if (first === undefined || service === undefined) throw new Error("nothing is there");
    data.dockAuths.push({ ...first, dockAuthId: 7 });
    data.services["acme/other_1.0.0_amd64"] = { ...service, label: "other" };
  });
  expect(await world.ask("GET", `${one}/dockauths`)).toMatchObject({ body: [{ dockAuthId: 1 }, { dockAuthId: 7 }] });
  expect((await world.ask("GET", "/services/other_1.0.0_amd64")).status).toBe(200);
  await world.control.edit((data) => {
    data.services = {};
  });
  expect((await world.ask("GET", one)).status).toBe(404);
});

test("an answer is lost after the write, or a failure comes before it", async () => {
  await world.ask("POST", "/services", GPS);
  await world.control.addFault({ method: "POST", drop: "after" });
  await expect(world.ask("POST", `${one}/dockauths`, LOGIN)).rejects.toThrow();
  const json = { code: "database-connection-error", msg: "An I/O error occurred" };
  await world.control.addFault({ method: "POST", status: 502, json });
  expect(await world.ask("POST", `${one}/dockauths`, { ...LOGIN, token: "2" })).toEqual(answered(502, json.code, json.msg));
  expect((await world.control.data()).dockAuths).toHaveLength(1);
});

test("logs who asked for what, and no secret", async () => {
  await world.ask("POST", "/services", GPS);
  await world.ask("POST", `${one}/dockauths`, LOGIN);
  const log = await world.control.requests();
  expect(log.map(({ method, status, detail }) => ({ method, status, detail }))).toEqual([
    { method: "POST", status: 201, detail: `created acme/${GPS_ID}` },
    { method: "POST", status: 201, detail: "added dockauth 1" },
  ]);
  expect(JSON.stringify(log)).not.toMatch(/very-secret|password/);
});

test("keeps everything over a restart", async () => {
  await world.ask("POST", "/services", GPS);
  await world.stop();
  world = await startWorld(world.folder);
  expect((await world.ask("GET", one)).status).toBe(200);
});

test("fails when the configuration is wrong, and says all that is", async () => {
  const config = {
    ...CONFIG,
    dataFile: "none",
    control: { secret: "short" },
    nodes: [
      { organization: "acme", id: "ada", token: "t" },
      { organization: "none", id: "n", token: "t" },
    ],
  };
  await expect(startExchangeEmulator(config)).rejects.toThrow(
    [
      "The exchange emulator's configuration is wrong:",
      '- users[] and nodes[]: "acme/ada" is there twice.',
      '- users[] and nodes[]: there is no organization "none"; there are: acme, IBM.',
      "- control.secret: has to have at least 16 characters.",
    ].join("\n"),
  );
});
