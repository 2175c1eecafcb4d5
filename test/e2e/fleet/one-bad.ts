import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import { PULL_SECRET, SECRET_NAME } from "../support/access-hcl";
import { until } from "../support/cluster";
import { errorsOf, expectWell, removeStack } from "../support/terraform";
import {
  bluemix,
  cluster,
  createOther,
  expectServed,
  hcl,
  NAMESPACES,
  OTHER_NAME,
  secretsNamed,
  stack,
  useServedFleet,
} from "./setting";

/** Where nobody may make another Secret. */
const FULL = NAMESPACES[77] ?? "";
const QUOTA = { metadata: { name: "no-secrets", namespace: FULL }, spec: { hard: { "count/secrets": "0" } } };

/** One namespace of many takes no new Secret. */
export function testOneBad(): void {
  describe("fleet: a ResourceQuota on secrets in one namespace", () => {
    useServedFleet();
    beforeEach(async () => {
      await cluster.create<KubernetesObject>("resourcequotas", QUOTA);
      // Its admission works once the quota's controller has counted.
      const quota = { apiVersion: "v1", resource: "resourcequotas", ...QUOTA.metadata };
      const { signal } = new AbortController();
      type Counted = KubernetesObject & { readonly status?: { readonly used?: object } };
      await until(async () => (await cluster.client.get<Counted>(quota, signal))?.status?.used !== undefined);
    });
    afterEach(() => cluster.delete("resourcequotas", FULL, QUOTA.metadata.name));
    const refusal = {
      severity: "error",
      detail: expect.stringMatching(new RegExp(`namespace "${FULL}".* exceeded quota: no-secrets`)),
      address: PULL_SECRET,
    };

    it("create: all or nothing", async () => {
      const other = await createOther("one-bad");
      other.write(hcl({ owner: "tests/one-bad", secretName: OTHER_NAME }));
      expect(errorsOf(await other.apply())).toMatchObject([refusal]);
      expect((await secretsNamed(OTHER_NAME)).size).toBe(0);
      expectWell(await other.destroy());
      expect(await bluemix.living("tests/one-bad")).toEqual([]);
      removeStack(other);
    });

    it("update: the others are written, the one is blocked, and the next apply tries it again", async () => {
      await cluster.delete("secrets", FULL, SECRET_NAME);
      const written = async () =>
        [...(await secretsNamed())].filter(([, { metadata }]) => metadata.labels?.round === "two").map(([key]) => key);
      stack.write(hcl({ pullSecret: 'labels = { round = "two" }' }));
      expect(errorsOf(await stack.apply())).toMatchObject([refusal]);
      const others = NAMESPACES.filter((namespace) => namespace !== FULL);
      expect(await written()).toEqual(others);
      const { targets } = (await stack.attributes<{ targets: { [key: string]: { status: string } } }>(PULL_SECRET)) ?? {};
      expect(targets).toEqual({
        ...Object.fromEntries(others.map((namespace) => [namespace, { status: "in_sync" }])),
        [FULL]: { status: "blocked" },
      });
      await cluster.delete("resourcequotas", FULL, QUOTA.metadata.name);
      expectWell(await stack.apply());
      expect(await written()).toEqual(NAMESPACES);
      await expectServed();
    });
  });
}
