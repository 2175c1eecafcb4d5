/** States of earlier releases, kept in test/fixtures/states: each plans with this version as it did with its own. */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { accessHcl, CREATE_FIRST, PULL_SECRET, SECRET_NAME } from "./support/access-hcl";
import { type Cluster, startCluster } from "./support/cluster";
import { type Bluemix, dedicatedEnvironment, openBluemix } from "./support/dedicated";
import { recordState, restoreState } from "./support/state-fixture";
import { createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(300_000);

const FIXTURES = resolve(__dirname, "../fixtures/states");
/** A release to record, such as `v0.2.0`: its fixtures are made, and nothing is tested. */
const RECORD = process.env.RECORD_STATES;

let cluster: Cluster;
let bluemix: Bluemix;
let stack: Stack;
beforeAll(async () => {
  cluster = await startCluster("upgrade");
  bluemix = openBluemix(cluster);
});
afterAll(() => cluster?.stop());
beforeEach(async () => {
  stack = await createStack("upgrade", { ...dedicatedEnvironment(cluster.state), REGISTRY_PARTNER: "hunter22-upgrade" });
});
afterEach(() => removeStack(stack));

const place = () => ({ cluster, bluemix, stack });

if (RECORD !== undefined) {
  /** Everything that a state can hold: several registries and namespaces, every setting, a token that expires. */
  const hclOf = (owner: string, namespaces: readonly string[]) =>
    accessHcl(cluster, {
      owner,
      namespaces,
      token: `description = "kept"\n${CREATE_FIRST}`,
      registries: [
        `{ hosts = ["registry.partner.example:5000"], username = "acme", password_env = "REGISTRY_PARTNER", email = "a@b.c" }`,
      ],
      pullSecret: `labels = { team = "x" }\nannotations = { "example.com/note" = "kept" }`,
      patch: `service_accounts = ["default"]`,
    }) +
    `
resource "registry_token" "expiring" {
  issuer               = "dedicated"
  name                 = "expiring"
  permanent            = false
  renew_before_seconds = 60
}
`;
  it.each(["clean", "drifted"])(`records ${RECORD}: %s`, async (kind) => {
    const name = `upgrade-${RECORD.replaceAll(".", "-")}-${kind}`;
    const namespaces = ["a", "b", "c"].map((letter) => `${name}-${letter}`);
    const [a = "", b = ""] = namespaces;
    for (const namespace of namespaces) await cluster.createNamespace(namespace);
    const whole = hclOf(`tests/${name}`, namespaces);
    // A token that expires would make a clean state one that is not.
    const hcl = kind === "clean" ? whole.slice(0, whole.indexOf('\nresource "registry_token" "expiring"')) : whole;
    stack.write(hcl);
    expectWell(await stack.apply());
    if (kind === "drifted") {
      for (const { id, expiresAt } of await bluemix.living(`tests/${name}`)) {
        await (expiresAt === null ? bluemix.revoke(id) : bluemix.expire(id));
      }
      await cluster.delete("secrets", a, SECRET_NAME);
      const data = { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") };
      await cluster.edit<SecretObject>("secrets", b, SECRET_NAME, (secret) => ({ ...secret, data }));
      await cluster.edit<ServiceAccountObject>("serviceaccounts", b, "default", (account) => ({
        ...account,
        imagePullSecrets: [],
      }));
      expectWell(await stack.apply("-refresh-only"));
    }
    await recordState(join(FIXTURES, RECORD, kind), place(), hcl, namespaces);
  });
} else {
  describe.each(readdirSync(FIXTURES).filter((name) => /^v\d/.test(name)))("a state of %s", (version) => {
    it("clean: nothing to do, and a destroy takes all of it away", async () => {
      expect(await restoreState(join(FIXTURES, version, "clean"), place())).toEqual({});
      const { changes, text } = expectWell(await stack.plan());
      expect({ changes, text }).toEqual({ changes: {}, text: expect.stringContaining("No changes") });
      const { namespaces = [] } = (await stack.attributes<{ readonly namespaces: readonly string[] }>(PULL_SECRET)) ?? {};
      expectWell(await stack.destroy());
      for (const namespace of namespaces) {
        expect(await cluster.secret(namespace, SECRET_NAME)).toBeUndefined();
        expect((await cluster.serviceAccount(namespace))?.imagePullSecrets ?? []).toEqual([]);
      }
      expect(await bluemix.living(`tests/upgrade-${version.replaceAll(".", "-")}-clean`)).toEqual([]);
    });

    it("drifted: plans what it planned then, and is repaired", async () => {
      const changes = await restoreState(join(FIXTURES, version, "drifted"), place());
      expect(expectWell(await stack.plan()).changes).toEqual(changes);
      expectWell(await stack.apply("plan.bin"));
      expect(expectWell(await stack.plan()).changes).toEqual({});
    });
  });
}
