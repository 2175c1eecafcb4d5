/** States of earlier releases, kept in test/fixtures/states: each plans with this version as it did with its own. */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { parseTokenMark } from "../../lib/domain/token-mark";
import { PULL_SECRET, SECRET_NAME } from "./support/access-hcl";
import { type Cluster, startCluster } from "./support/cluster";
import { type Bluemix, dedicatedEnvironment, openBluemix } from "./support/dedicated";
import { driftSystems } from "./support/drift-systems";
import { deployEverything, EVERYTHING_ENVIRONMENT } from "./support/everything-stack";
import { systemsEnvironment } from "./support/everything-systems";
import { recordState, restoreState } from "./support/state-fixture";
import { leftBy, openSystems, type Systems } from "./support/systems";
import { createStack, expectWell, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(300_000);

const FIXTURES = resolve(__dirname, "../fixtures/states");
/** What to record, such as `v0.2.0`: its fixtures are made, and nothing is tested. */
const RECORD = process.env.RECORD_STATES;

let cluster: Cluster;
let bluemix: Bluemix;
let systems: Systems;
let stack: Stack;
beforeAll(async () => {
  cluster = await startCluster("upgrade", { systems: ["ibm-cloud", "openshift", "open-horizon"] });
  bluemix = openBluemix(cluster);
  systems = await openSystems(cluster);
});
afterAll(() => cluster?.stop());
beforeEach(async () => {
  const dedicated = dedicatedEnvironment(cluster.state);
  const ofSystems = systemsEnvironment(systems, dedicated.REGISTRY_ACCESS_ENDPOINTS);
  const env = { ...dedicated, ...EVERYTHING_ENVIRONMENT, ...ofSystems };
  stack = await createStack("upgrade", env);
});
afterEach(() => removeStack(stack));

const place = () => ({ cluster, bluemix, systems, stack });

if (RECORD !== undefined) {
  it.each(["clean", "drifted"])(`records ${RECORD}: %s`, async (kind) => {
    const name = `upgrade-${RECORD.replaceAll(".", "-")}-${kind}`;
    const namespaces = ["a", "b", "c"].map((letter) => `${name}-${letter}`);
    const [a = "", b = ""] = namespaces;
    for (const namespace of namespaces) await cluster.createNamespace(namespace);
    const owner = `tests/${name}`;
    const hcl = await deployEverything({ cluster, systems, stack, name, namespaces, expiring: kind === "drifted" });
    if (kind === "drifted") {
      for (const { id, expiresAt } of await bluemix.living(owner)) {
        await (expiresAt === null ? bluemix.revoke(id) : bluemix.expire(id));
      }
      await cluster.delete("secrets", a, SECRET_NAME);
      const data = { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") };
      await cluster.edit<SecretObject>("secrets", b, SECRET_NAME, (secret) => ({ ...secret, data }));
      await cluster.edit<ServiceAccountObject>("serviceaccounts", b, "default", (account) => ({
        ...account,
        imagePullSecrets: [],
      }));
      await driftSystems({ cluster, systems, stack, name });
      expectWell(await stack.apply("-refresh-only"));
    }
    await recordState(join(FIXTURES, RECORD, kind), place(), { name, hcl, namespaces });
  });
} else {
  describe.each(readdirSync(FIXTURES).filter((name) => /^v\d/.test(name)))("a state of %s", (version) => {
    it("clean: nothing to do, and a destroy takes all of it away", async () => {
      const before = await systems.ibmCloud.control.inventory();
      expect(await restoreState(join(FIXTURES, version, "clean"), place())).toEqual({});
      const { changes, text, messages } = expectWell(await stack.plan());
      expect({ changes, text, messages }).toEqual({ changes: {}, text: expect.stringContaining("No changes"), messages: [] });
      const { namespaces = [] } = (await stack.attributes<{ readonly namespaces: readonly string[] }>(PULL_SECRET)) ?? {};
      // Where nothing but drift is repaired, the content stays: a new fingerprint would rewrite every other Secret too.
      await cluster.delete("secrets", namespaces[0] ?? "", SECRET_NAME);
      const drift = expectWell(await stack.plan());
      expect(drift.changes).toEqual({ [PULL_SECRET]: ["update"] });
      expect(drift.text).not.toMatch(/fingerprint\s.*known after apply/);
      expectWell(await stack.destroy());
      for (const namespace of namespaces) {
        expect(await cluster.secret(namespace, SECRET_NAME)).toBeUndefined();
        // OpenShift's own controller names a Secret of each ServiceAccount there as well.
        const { imagePullSecrets = [] } = (await cluster.serviceAccount(namespace)) ?? {};
        expect(imagePullSecrets.filter(({ name }) => !name.includes("-dockercfg-"))).toEqual([]);
      }
      const living = await bluemix.living(`tests/upgrade-${version.replaceAll(".", "-")}-clean`);
      expect(living.filter(({ description }) => !parseTokenMark(description)?.keep)).toEqual([]);
      expect(await leftBy(systems, `upgrade-${version.replaceAll(".", "-")}-clean`, before)).toEqual([]);
    });

    it("drifted: plans what it planned then, and is repaired", async () => {
      const changes = await restoreState(join(FIXTURES, version, "drifted"), place());
      expect(expectWell(await stack.plan()).changes).toEqual(changes);
      expectWell(await stack.apply("plan.bin"));
      expect(expectWell(await stack.plan()).changes).toEqual({});
    });
  });
}
