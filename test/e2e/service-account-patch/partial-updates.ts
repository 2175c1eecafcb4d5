import { refuseWrites } from "../support/refuse-writes";
import { expectWell } from "../support/terraform";
import { A, ADDRESS, apply, B, cluster, ENTRIES, entries, hcl, stack } from "./setting";

/** An update that fails in one place. */
export function testPartialUpdates(): void {
  describe("registry_service_account_patch: an update that fails in one place", () => {
    const B_KEY = () => `${B()}/default`;

    it("is not taken for done: the next plan takes away what was to go", async () => {
      await apply({ pullSecrets: ["keep", "gone"] });
      const refusal = await refuseWrites(cluster, B(), "serviceaccounts");
      stack.write(hcl({ pullSecrets: ["keep"] }));
      expect((await stack.apply()).messages).toMatchObject([
        { severity: "error", summary: "Refused by the cluster", address: ADDRESS },
      ]);
      expect(await stack.attributes(ADDRESS)).toMatchObject({
        targets: { [`${A()}/default`]: { status: "in_sync" }, [B_KEY()]: { status: "blocked" } },
      });
      await refusal.close();
      expect(expectWell(await stack.plan()).changes).toEqual({ [ADDRESS]: ["update"] });
      expectWell(await stack.apply());
      expect([await entries(A()), await entries(B())]).toEqual([["keep"], ["keep"]]);
      expect(expectWell(await stack.plan()).changes).toEqual({});
    });

    it("under a new owner: the next apply moves the rest, and destroy leaves nothing", async () => {
      await apply();
      const refusal = await refuseWrites(cluster, B(), "serviceaccounts");
      stack.write(hcl({ owner: "tests/renamed" }));
      expect((await stack.apply()).messages).toMatchObject([
        { severity: "error", summary: "Refused by the cluster", address: ADDRESS },
      ]);
      await refusal.close();
      expect(expectWell(await stack.plan()).changes).toEqual({ [ADDRESS]: ["update"] });
      expectWell(await stack.apply());
      const register = (await cluster.serviceAccount(B()))?.metadata.annotations?.[ENTRIES];
      expect(Object.keys(JSON.parse(register ?? "{}"))).toEqual(["tests/renamed"]);
      expectWell(await stack.destroy());
      expect([await entries(A()), await entries(B())]).toEqual([undefined, undefined]);
    });
  });
}
