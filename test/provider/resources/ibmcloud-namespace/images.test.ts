/** Against the emulator: what is in a registry namespace, and whether a create made it. */
import { Secret } from "../../../../lib/domain/secret";
import { createIssuer } from "../../../../lib/issuers";
import type { IbmCloudEmulatorConfig } from "../../../../sandbox/emulators/ibm-cloud";
import { endWorld, OWNER_KEY, startWorld, type World } from "../../../sandbox/emulators/ibm-cloud/support";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const IMAGES = [
  { repository: "team/app", tag: "1", digest: digest("a"), size: 1 },
  { repository: "lists/app", tag: "2", digest: digest("b"), size: 1, isManifestList: true },
  { repository: "bare/app", digest: digest("c"), size: 1 },
];

let world: World;
beforeAll(async () => {
  const config = await startWorld();
  const [region] = config.config.regions as [IbmCloudEmulatorConfig["regions"][number]];
  await endWorld(config);
  const namespaces = ["team", "lists", "bare", "empty"].map((name) => ({ name, account: "acme" }));
  world = await startWorld({ regions: [{ ...region, namespaces, images: IMAGES }] });
});
afterAll(() => endWorld(world));

const signal = () => AbortSignal.timeout(20_000);
const open = () =>
  createIssuer(
    {
      kind: "ibmcloud",
      name: "icr",
      iamEndpoint: world.urls.iam.url,
      registryEndpoint: world.urls.regions["us-south"]?.url ?? "",
      hosts: ["us.icr.io"],
      apiKey: Secret.of(OWNER_KEY),
    },
    { env: {} },
  ).registry(null);

test.each([
  ["team", ["us.icr.io/team/app:1"]],
  ["lists", ["us.icr.io/lists/app:2"]],
  ["bare", [`us.icr.io/bare/app@${digest("c")}`]],
  ["empty", []],
])("what is in %s: tags, manifest lists, digests without a tag", async (namespace, names) => {
  const images = await open().listImages(namespace, signal());
  expect(images.map(({ id, tags }) => tags[0] ?? id)).toEqual(names);
});

test("making one says whether it was there", async () => {
  const registry = open();
  expect(await registry.putNamespace("fresh", null, signal())).toBe(true);
  expect(await registry.putNamespace("fresh", null, signal())).toBe(false);
});

test.each([{ json: ["fresh"] }, { json: { namespace: "other" } }, {}])(
  "fails, to be looked up, when 200 comes with %j: that is not the registry's word that it was there",
  async (answer) => {
    await world.control.addFault({ listener: "us-south", method: "PUT", status: 200, ...answer });
    await expect(open().putNamespace("answered", null, signal())).rejects.toMatchObject({ code: "malformed" });
  },
);

test("fails, to be looked up, when the answer is lost: it is not sent again", async () => {
  await world.control.addFault({ listener: "us-south", method: "PUT", drop: "after" });
  await world.control.clearRequests();
  await expect(open().putNamespace("lost", null, signal())).rejects.toMatchObject({ options: { ambiguous: true } });
  expect((await world.control.requests()).filter(({ method }) => method === "PUT")).toHaveLength(1);
});
