import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { isSignedBy } from "../../../../lib/domain/horizon/signing-key";
import { horizonPatternResource } from "../../../../lib/provider/resources/horizon-pattern";
import { horizonServiceResource } from "../../../../lib/provider/resources/horizon-service";
import { startTestServer, type TestServer } from "../../../clients/test-server";
import { endWorld, LOGINS, startWorld, type World } from "../../../sandbox/emulators/exchange/support";
import { createLife, type Life } from "./life";

const pair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const [ours, others] = [pair(), pair()];
const pem = (keys: typeof ours) => keys.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const publicPem = (keys: typeof ours) => keys.publicKey.export({ type: "spki", format: "pem" }).toString();
const ID = "gps_1.0.0_amd64";
const PINNED = `registry.example.com/gps@sha256:${"a".repeat(64)}`;
const definition = (more = {}) => ({
  label: "GPS",
  url: "gps",
  version: "1.0.0",
  arch: "amd64",
  sharable: "multiple",
  deployment: { services: { gps: { image: PINNED, environment: ["A=1"] } } },
  ...more,
});
const config = (more = {}, said = definition()) => ({ definition: JSON.stringify(said), signing_key_wo: pem(ours), ...more });

let world: World;
let life: Life;
beforeEach(async () => {
  world = await startWorld();
  life = createLife(horizonServiceResource, world);
});
afterEach(() => endWorld(world));

interface Held {
  readonly [name: string]: string;
}
const held = async (path = `services/${ID}`): Promise<Held | undefined> => {
  const { body } = await world.ask("GET", `/${path}`);
  const [all] = Object.values(body as { [kind: string]: { [id: string]: Held } });
  return all?.[`acme/${path.replace(/^\w+\//, "")}`];
};
const key = async () => (await world.ask("GET", `/services/${ID}/keys/service.public.pem`)).body;

describe("registry_horizon_service", () => {
  it("is published, signed, with its key; and the plan after it is empty", async () => {
    await life.apply(config());
    const found = await held();
    expect(isSignedBy(found?.deployment ?? "", found?.deploymentSignature ?? "", ours.publicKey)).toBe(true);
    expect(JSON.parse(found?.deployment ?? "")).toEqual(definition().deployment);
    expect(await key()).toBe(publicPem(ours));
    expect(life.state).toMatchObject({ id: `acme/${ID}`, service_id: ID, status: "published", signing_key_wo: null });
    expect(JSON.stringify(life.state)).not.toContain("PRIVATE");
    expect(await life.plan(config())).toEqual([]);
  });

  it("is signed anew for another content or key alone", async () => {
    await life.apply(config());
    const first = (await held())?.deploymentSignature;
    const reordered = { ...config(), definition: JSON.stringify(definition(), null, 2) };
    expect((await life.apply(reordered)).changed).toEqual(["definition"]);
    expect((await held())?.deploymentSignature).toBe(first);
    await life.apply(config({ key_name: "other.pem" }));
    expect((await held())?.deploymentSignature).toBe(first);
    expect(await key()).toBe("");
    await life.apply(config({ signing_key_wo: pem(others) }));
    const found = await held();
    expect(isSignedBy(found?.deployment ?? "", found?.deploymentSignature ?? "", others.publicKey)).toBe(true);
    expect(await life.plan(config({ signing_key_wo: pem(others) }))).toEqual([]);
  });

  const drifts: Record<string, [string, () => Promise<unknown>]> = {
    deleted: ["missing", () => world.ask("DELETE", `/services/${ID}`)],
    edited: ["edited", async () => world.ask("PUT", `/services/${ID}`, { ...(await held()), label: "other" })],
    "its key deleted": ["key_missing", () => world.ask("DELETE", `/services/${ID}/keys/service.public.pem`)],
    "its key replaced": ["key_replaced", () => world.ask("PUT", `/services/${ID}/keys/service.public.pem`, publicPem(others))],
    "its signature replaced": [
      "unsigned",
      async () => world.ask("PUT", `/services/${ID}`, { ...(await held()), deploymentSignature: "bm9uZQ==" }),
    ],
  };
  it.each(Object.entries(drifts))("%s: the plan says so, and an apply publishes what was signed", async (_, [status, drift]) => {
    await life.apply(config());
    const before = await held();
    await drift();
    expect(await life.plan(config())).toEqual(["status"]);
    expect(life.state?.status).toBe(status);
    await life.apply(config());
    expect(await held()).toMatchObject({ label: "GPS", deploymentSignature: before?.deploymentSignature });
    expect(await key()).toBe(publicPem(ours));
    expect(await life.plan(config())).toEqual([]);
  });

  it("another version is another service", async () => {
    await life.apply(config());
    const changed = await life.plan(config({}, definition({ version: "2.0.0" })));
    expect(changed).toEqual(expect.arrayContaining(["id", "service_id", "version", "published"]));
  });

  it("takes up what a killed run left, and leaves what its successor published", async () => {
    await life.apply(config());
    const left = createLife(horizonServiceResource, world);
    await left.apply(config());
    expect(await left.plan(config())).toEqual([]);
    await life.destroy();
    expect(await held()).toBeDefined();
    await left.destroy();
    expect(await held()).toBeUndefined();
  });

  it("fails when another is published under its id; and takes it over where that is said", async () => {
    await life.apply(config());
    life.forget();
    const another = config({}, definition({ label: "another" }));
    await expect(life.apply(another)).rejects.toMatchObject({ diagnostics: [{ summary: "Another service under this id" }] });
    expect((await held())?.label).toBe("GPS");
    expect((await life.apply({ ...another, adopt_existing: true })).warnings).toEqual(["Took over a service"]);
    expect((await held())?.label).toBe("another");
  });

  const rotated = () => config({ signing_key_wo: pem(others) });
  const updates: Record<string, () => ReturnType<typeof config>> = {
    "another key": rotated,
    "another label": () => relabelled(),
  };
  const relabelled = () => config({}, definition({ label: "another" }));
  it.each(Object.entries(updates))("is this resource's after an update whose state was lost: %s", async (_, update) => {
    await life.apply(config());
    await life.applyInVain(update());
    expect(await life.plan(config())).toEqual(["status"]);
    expect(await life.destroy()).toEqual([]);
    expect(await held()).toBeUndefined();
  });

  it("a killed rotation is gone on with, or taken back; and nodes find a key for what they see all the while", async () => {
    await life.apply(config());
    const seen: boolean[] = [];
    const look = async () => {
      const found = await held();
      const names = (await world.ask("GET", `/services/${ID}/keys`)).body as string[];
      const keys = await Promise.all(names.map(async (name) => (await world.ask("GET", `/services/${ID}/keys/${name}`)).body));
      seen.push(
        keys.some((pem) => isSignedBy(found?.deployment ?? "", found?.deploymentSignature ?? "", createPublicKey(`${pem}`))),
      );
    };
    const service = `/v1/orgs/acme/services/${ID}`;
    // The first call that is let through, and the one after it that fails.
    const next = `${service}/keys/service.public.pem.next`;
    const failures = [[next], [service, next], [`${service}/keys`, next]] as const;
    for (const [failing, passed] of failures) {
      if (passed !== undefined) await world.control.addFault({ method: "PUT", pathPrefix: passed });
      await world.control.addFault({ method: "PUT", pathPrefix: failing, status: 400 });
      await life.applyInVain(rotated());
      await look();
    }
    expect(seen).toEqual([true, true, true]);
    expect(await world.ask("GET", `/services/${ID}/keys`)).toMatchObject({
      body: expect.arrayContaining([expect.stringContaining("next")]),
    });
    await life.apply(rotated());
    await look();
    expect(seen).toEqual([true, true, true, true]);
    expect(await world.ask("GET", `/services/${ID}/keys`)).toMatchObject({ body: ["service.public.pem"] });
  });

  it("what a killed create left without a key is taken up, also with another label", async () => {
    await life.apply(config());
    life.forget();
    await world.ask("DELETE", `/services/${ID}/keys`);
    await life.apply(relabelled());
    expect((await held())?.label).toBe("another");
  });

  it.each(["with a deployment", "without one"])("what another user published since is left: %s", async (which) => {
    const said = which === "without one" ? definition({ deployment: undefined }) : definition();
    await life.apply(config({}, said));
    await world.ask("DELETE", `/services/${ID}`);
    const { deployment, ...rest } = said;
    const text = deployment === undefined ? {} : { deployment: JSON.stringify(deployment), deploymentSignature: "bm9uZQ==" };
    await world.ask("POST", "/services", { public: true, ...rest, ...text }, LOGINS.bob);
    expect(await life.destroy()).toEqual(["A service is left"]);
    expect(await held()).toMatchObject({ owner: "acme/bob" });
  });

  it("one without a deployment is destroyed", async () => {
    await life.apply(config({}, definition({ deployment: undefined })));
    expect(await life.destroy()).toEqual([]);
    expect(await held()).toBeUndefined();
  });

  it("fails when the login is malformed, at plan", async () => {
    life.login("acme/marker-without-password");
    const failure = life.plan(config());
    await expect(failure).rejects.toMatchObject({ diagnostics: [{ summary: "Invalid user authentication" }] });
    await expect(failure).rejects.not.toThrow("marker");
  });

  it("fails when the login does not see what another published, which is not taken for gone", async () => {
    await life.apply(config());
    life.login(LOGINS.bob);
    await expect(life.plan(config())).rejects.toMatchObject({ diagnostics: [{ summary: "Not to be seen by this login" }] });
    await expect(life.destroy()).rejects.toMatchObject({ diagnostics: [{ summary: "Not to be seen by this login" }] });
    life.login(LOGINS.admin);
    expect(await life.plan(config())).toEqual([]);
    await world.ask("DELETE", `/services/${ID}`);
    expect(await life.plan(config())).toEqual(["status"]);
  });

  it("a login by API key owns what its user does", async () => {
    life.login("acme/iamapikey:ada-key");
    await life.apply(config());
    expect(await held()).toMatchObject({ owner: "acme/ada" });
    await life.applyInVain(relabelled());
    expect(await life.destroy()).toEqual([]);
    expect(await held()).toBeUndefined();
  });

  it("is imported, and an equal configuration changes nothing of what is published", async () => {
    await life.apply(config());
    const before = (await held())?.deploymentSignature;
    await life.import(ID);
    await life.apply(config());
    expect((await held())?.deploymentSignature).toBe(before);
    expect(await life.plan(config())).toEqual([]);
  });

  describe("an image that is named by tag", () => {
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
    const image = JSON.stringify({ os: "linux", architecture: "amd64" });
    const blob = { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(image), size: image.length };
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config: blob, layers: [] });
    const digest = digestOf(manifest);
    let registry: TestServer;
    let body = manifest;
    beforeEach(async () => {
      body = manifest;
      registry = await startTestServer(({ url }) => ({
        status: 200,
        text: url.includes("/blobs/") ? image : body,
        headers: { "content-type": mediaType },
      }));
    });
    afterEach(() => registry.close());
    const host = () => new URL(registry.url).host;
    const tagged = () => config({}, definition({ deployment: { services: { gps: { image: `${host()}/gps:1` } } } }));

    it("is pinned, and after an import not published anew while the tag is this digest", async () => {
      await life.apply(tagged());
      const before = await held();
      expect(JSON.parse(before?.deployment ?? "").services.gps.image).toBe(`${host()}/gps@${digest}`);
      await life.import(ID);
      await life.apply(tagged());
      expect((await held())?.deploymentSignature).toBe(before?.deploymentSignature);
    });
    it("is published anew after an import where the tag is another by now, and the plan says so", async () => {
      await life.apply(tagged());
      const before = await held();
      await life.import(ID);
      body = JSON.stringify({ ...JSON.parse(manifest), annotations: {} });
      const { details } = await life.apply(tagged());
      expect(details.join()).toContain("It is published anew");
      expect(details.join()).not.toContain("Nothing is written");
      expect((await held())?.deployment).not.toBe(before?.deployment);
    });
  });

  const refused: Record<string, [object, string]> = {
    "the definition is for another organization": [config({}, definition({ org: "other" })), "Invalid definition"],
    "the definition lacks something": [config({}, definition({ sharable: "all" })), "Invalid definition"],
    "the public key is of another pair": [config({ public_key: publicPem(others) }), "Keys of two pairs"],
    "there is no key": [{ definition: JSON.stringify(definition()) }, "No signing key"],
    "the key's file is not there": [
      { definition: JSON.stringify(definition()), signing_key_file: "/nowhere/key.pem" },
      "Signing key can't be read",
    ],
  };
  it.each(Object.entries(refused))("fails when %s", async (_, [wrong, summary]) => {
    await expect(life.apply(wrong as never)).rejects.toMatchObject({ diagnostics: [{ summary }] });
    expect(await held()).toBeUndefined();
  });

  it("fails when the exchange refuses the login, or is down, and nothing is taken for gone", async () => {
    await life.apply(config());
    const state = life.state;
    await world.stop();
    await expect(life.plan(config())).rejects.toMatchObject({ diagnostics: [{ summary: "Unreachable" }] });
    expect(life.state).toEqual(state);
    world = await startWorld(world.folder);
  });
});

describe("registry_horizon_pattern", () => {
  const PATTERN = "patterns/pattern-gps";
  const pattern = (more = {}) => ({
    name: "pattern-gps",
    definition: JSON.stringify({
      label: "GPS",
      services: [
        {
          serviceUrl: "gps",
          serviceOrgid: "$HZN_ORG_ID",
          serviceArch: "amd64",
          serviceVersions: [{ version: "1.0.0", deployment_overrides: { services: { gps: { environment: ["A=2"] } } } }],
        },
      ],
      ...more,
    }),
    signing_key_wo: pem(ours),
  });

  it("is published, repaired, changed and destroyed", async () => {
    await life.apply(config());
    const own = createLife(horizonPatternResource, world);
    await own.apply(pattern());
    expect(await own.plan(pattern())).toEqual([]);
    await world.ask("DELETE", `/${PATTERN}`);
    expect(await own.plan(pattern())).toEqual(["status"]);
    await own.apply(pattern());
    expect(await own.plan(pattern())).toEqual([]);
    await own.apply(pattern({ label: "other" }));
    expect((await held(PATTERN))?.label).toBe("other");
    await own.destroy();
    expect(await held(PATTERN)).toBeUndefined();
  });
});
