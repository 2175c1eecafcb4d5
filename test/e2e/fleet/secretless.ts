import { gzipSync } from "node:zlib";
import { searchSecrets, textSource } from "../../support/secret-search";
import { photograph } from "../support/evidence";
import { expectWell } from "../support/terraform";
import { bluemix, expectServed, NAMESPACES, OWNER, stack, useServedFleet } from "./setting";

/** What a state and a plan of a fleet hold. */
export function testSecretless(): void {
  describe("fleet: state and plan", () => {
    useServedFleet();

    it("hold no secret, and little for each namespace", async () => {
      const { value } = await bluemix.onlyLiving(OWNER);
      const planned = expectWell(await stack.plan("-replace=registry_token.pull"));
      const state = await stack.state();
      const output = textSource("output", planned.text + planned.output);
      const places = [...photograph(stack.folder, "plan"), textSource("state", state), output];
      const [namespace = ""] = NAMESPACES;
      const found = searchSecrets(new Map(Object.entries({ token: value, namespace })), places);
      expect(found.filter(({ marker }) => marker === "token")).toEqual([]);
      const searched = ["state", "plan.bin @ plan > zip"];
      expect(found.map(({ source }) => source)).toEqual(expect.arrayContaining(searched));
      // Three resources' own attributes, and for each namespace how it stands in two of them.
      expect(state.length / NAMESPACES.length).toBeLessThan(300);
      // Terraform's `kubernetes` backend keeps it gzipped in one Secret of at most 1 MiB: enough for 10,000 (docs/guides/team-state.md).
      expect(gzipSync(state).length / NAMESPACES.length).toBeLessThan(1024 ** 2 / 10_000);
      await expectServed();
    });
  });
}
