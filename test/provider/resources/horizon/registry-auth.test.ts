import { horizonRegistryAuthResource } from "../../../../lib/provider/resources/horizon-registry-auth";
import { endWorld, GPS, GPS_ID, startWorld, type World } from "../../../sandbox/emulators/exchange/support";
import { createLife, type Life } from "./life";

const REGISTRY = "registry.example.com:5000";
const AUTHS = `/services/${GPS_ID}/dockauths`;
const config = (more = {}) => ({ service: GPS_ID, registry: REGISTRY, username: "puller", password_wo: "marker-one", ...more });

let world: World;
let life: Life;
beforeEach(async () => {
  world = await startWorld();
  life = createLife(horizonRegistryAuthResource, world);
  await world.ask("POST", "/services", GPS);
});
afterEach(() => endWorld(world));

const auths = async () => {
  const { status, body } = await world.ask("GET", AUTHS);
  return status === 404 ? [] : (body as { dockAuthId: number; registry: string; username: string; token: string }[]);
};
const store = (token: string, username = "puller", registry = REGISTRY) =>
  world.ask("POST", AUTHS, { registry, username, token });

it("is stored, with a registry that has a port, and is nowhere in the state", async () => {
  await life.apply(config());
  expect(await auths()).toMatchObject([{ registry: REGISTRY, username: "puller", token: "marker-one" }]);
  expect(life.state).toMatchObject({ status: "in_sync", org: "acme", password_wo: null });
  expect(JSON.stringify(life.state)).not.toContain("marker-one");
  expect(await life.plan(config())).toEqual([]);
});

it("is rotated in place, under the same number", async () => {
  await life.apply(config());
  const [before] = await auths();
  expect((await life.apply(config({ password_wo: "marker-two" }))).changed).toEqual(["fingerprint"]);
  expect(await auths()).toMatchObject([{ dockAuthId: before?.dockAuthId, token: "marker-two" }]);
});

it("is not rotated by a password that differs at every run, until its version changes", async () => {
  await life.apply(config({ password_wo_version: 1 }));
  expect(await life.plan(config({ password_wo_version: 1, password_wo: "marker-two" }))).toEqual([]);
  await life.apply(config({ password_wo_version: 2, password_wo: "marker-two" }));
  expect(await auths()).toMatchObject([{ token: "marker-two" }]);
});

it("is put back where it was edited, and stored anew where it was deleted", async () => {
  await life.apply(config());
  const [own] = await auths();
  await world.ask("PUT", `${AUTHS}/${own?.dockAuthId}`, { registry: REGISTRY, username: "puller", token: "other" });
  expect(await life.plan(config())).toEqual(["status"]);
  await life.apply(config());
  expect(await auths()).toMatchObject([{ dockAuthId: own?.dockAuthId, token: "marker-one" }]);
  await world.ask("DELETE", AUTHS);
  expect(await life.plan(config())).toEqual(["auth_id", "status"]);
  await life.apply(config());
  expect(await auths()).toMatchObject([{ token: "marker-one" }]);
  expect(await life.plan(config())).toEqual([]);
});

it("is found again under another number", async () => {
  await life.apply(config());
  await world.ask("DELETE", AUTHS);
  await store("marker-one");
  expect(await life.plan(config())).toEqual([]);
  expect(life.state?.auth_id).toBe((await auths())[0]?.dockAuthId);
});

it("takes up an equal one, and destroys it alone", async () => {
  await store("marker-one");
  await store("theirs", "them", "other.example.com");
  await life.apply(config());
  expect(await auths()).toHaveLength(2);
  await life.destroy();
  expect(await auths()).toMatchObject([{ registry: "other.example.com" }]);
});

it("is destroyed also where its registry was edited: it holds our password", async () => {
  await life.apply(config());
  const [own] = await auths();
  const edited = { registry: "other.example.com", username: "puller", token: "marker-one" };
  await world.ask("PUT", `${AUTHS}/${own?.dockAuthId}`, edited);
  await store("theirs", "them", "third.example.com");
  await life.destroy();
  expect(await auths()).toMatchObject([{ username: "them" }]);
});

it("fails when somebody else's is there, which is left; and takes it over where that is said", async () => {
  await store("theirs", "them");
  await store("theirs-too", "they");
  await expect(life.apply(config())).rejects.toMatchObject({
    diagnostics: [{ summary: "Somebody else's registry credential", path: ["registry"] }],
  });
  expect(await auths()).toHaveLength(2);
  const { warnings } = await life.apply(config({ adopt_existing: true }));
  expect(warnings).toEqual(["Took over a registry credential"]);
  expect(await auths()).toMatchObject([{ username: "puller", token: "marker-one" }]);
});

it("fails when the service is not published", async () => {
  await world.ask("DELETE", `/services/${GPS_ID}`);
  await expect(life.apply(config())).rejects.toMatchObject({ diagnostics: [{ summary: "Service is not published" }] });
});

it("is imported without its value, and the plan after it is empty", async () => {
  await store("marker-one");
  const [there] = await auths();
  await life.import(`${GPS_ID}/${there?.dockAuthId}`);
  expect(JSON.stringify(life.state)).not.toContain("marker-one");
  expect(await life.plan(config())).toEqual([]);
  await expect(life.import(`${GPS_ID}/99`)).rejects.toMatchObject({ diagnostics: [{ summary: "Nothing to import" }] });
});

it("destroys nothing of what is gone", async () => {
  await life.apply(config());
  await world.ask("DELETE", `/services/${GPS_ID}`);
  await life.destroy();
});
