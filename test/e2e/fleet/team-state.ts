import { gunzipSync } from "node:zlib";
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import { searchSecrets } from "../../support/secret-search";
import { until } from "../support/cluster";
import { photograph } from "../support/evidence";
import { errorsOf, expectWell, removeStack, type Stack } from "../support/terraform";
import {
  bluemix,
  cluster,
  createOther,
  expectNothingToDo,
  hcl,
  NAMESPACES,
  OTHER_NAME,
  secretsNamed,
  useServedFleet,
} from "./setting";

const OWNER = "tests/team-state";
const STORE = "terraform-state";
const STATE = "tfstate-default-fleet";
/** What a Secret holds. */
const SECRET_BYTES = 1024 ** 2;
const { signal } = new AbortController();

/** A fleet whose state lies in the cluster, used from two folders that have nothing else in common. */
export function testTeamState(): void {
  describe("fleet: a state in the cluster", () => {
    let [left, right]: Stack[] = [];
    useServedFleet();
    beforeAll(async () => {
      await cluster.createNamespace(STORE);
      [left, right] = await Promise.all([createOther("left"), createOther("right")]);
    });
    afterAll(() => [left, right].forEach(removeStack));

    const machines = () => {
      if (left === undefined || right === undefined) throw new Error("there are no stacks");
      return [left, right] as const;
    };
    function write(of: Stack, round: string): void {
      const { kubeconfig, context } = cluster.state;
      // The roles have no right on the store: who may read it is another question (docs/guides/team-state.md).
      const where = `namespace = "${STORE}"\n    secret_suffix = "fleet"\n    config_path = "${kubeconfig}"\n    config_context = "${context}"`;
      const pullSecret = `labels = { round = "${round}" }`;
      of.write(
        `terraform {\n  backend "kubernetes" {\n    ${where}\n  }\n}\n${hcl({ owner: OWNER, secretName: OTHER_NAME, pullSecret })}`,
      );
    }
    async function stored() {
      const packed = Buffer.from((await cluster.secret(STORE, STATE))?.data?.tfstate ?? "", "base64");
      return { packed, serial: (JSON.parse(gunzipSync(packed).toString("utf8")) as { readonly serial: number }).serial };
    }
    async function holder(): Promise<string | undefined> {
      const at = { apiVersion: "coordination.k8s.io/v1", resource: "leases", namespace: STORE, name: `lock-${STATE}` };
      type Lease = KubernetesObject & { readonly spec?: { readonly holderIdentity?: string } };
      return (await cluster.client.get<Lease>(at, signal))?.spec?.holderIdentity;
    }
    const rounds = async () =>
      new Set([...(await secretsNamed(OTHER_NAME)).values()].map(({ metadata }) => metadata.labels?.round));

    it("two applies at once: one is refused or waits, and nothing is lost", async () => {
      const [one, other] = machines();
      write(one, "one");
      expectWell(await one.apply());
      write(other, "two");
      // Initialises.
      expectWell(await other.plan());
      const { value } = await bluemix.onlyLiving(OWNER);
      const before = await stored();
      expect(before.packed.length).toBeLessThan(SECRET_BYTES / 50);
      const kept = [
        { name: "stored", data: before.packed },
        ...photograph(one.folder, "left"),
        ...photograph(other.folder, "right"),
      ];
      expect(searchSecrets(new Map([["token", value]]), kept)).toEqual([]);

      const third = await createOther("third");
      write(third, "four");
      expectWell(await third.plan());
      write(one, "three");
      const writing = one.apply();
      await until(async () => (await holder()) !== undefined);
      const waiting = other.apply("-lock-timeout=120s");
      const refused = await third.apply();
      expectWell(await writing);
      expectWell(await waiting);
      // It came while one of the two was at work.
      expect(errorsOf(refused)).toMatchObject([{ summary: "Error acquiring the state lock" }]);
      removeStack(third);

      expect((await secretsNamed(OTHER_NAME)).size).toBe(NAMESPACES.length);
      expect(await rounds()).toEqual(new Set(["two"]));
      expect((await stored()).serial).toBeGreaterThan(before.serial + 1);
      expect(await holder()).toBeUndefined();
      await expectNothingToDo(other);
      write(one, "two");
      await expectNothingToDo(one);
      await bluemix.onlyLiving(OWNER);
      expectWell(await other.destroy());
      expect([(await secretsNamed(OTHER_NAME)).size, await bluemix.living(OWNER)]).toEqual([0, []]);
    });
  });
}
