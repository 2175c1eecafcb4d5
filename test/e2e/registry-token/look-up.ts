import { DEDICATED, SEEDED_TOKEN } from "../../../sandbox";
import { expectWell } from "../support/terraform";
import { namespace, provider, pullSecret, stack, written } from "./setting";

/** Data source and ephemeral resource. */
export function testLookUp(): void {
  describe("registry_token: look-up", () => {
    const data = (rest: string) => `
data "registry_token" "found" {
  issuer = "dedicated"
  ${rest}
}
`;
    it("finds one by description, and writes it by its id", async () => {
      const found = `${data(`description = "${SEEDED_TOKEN}"`)}${pullSecret("data.registry_token.found.credential_id")}`;
      stack.write(provider() + found);
      expectWell(await stack.apply());
      expect(await stack.attributes("data.registry_token.found")).toMatchObject({
        status: "active",
        username: "token",
        read_only: true,
      });
      expect(await written()).toMatch(/^eyJ/);
      expect(expectWell(await stack.plan()).changes).toEqual({});
    });

    it("fails when none matches, and lists what there is", async () => {
      stack.write(provider() + data('description = "nope"'));
      const { messages } = await stack.plan();
      expect(messages).toMatchObject([{ severity: "error", summary: "No registry token matches" }]);
      expect(messages[0]?.detail).toMatch(
        /^Issuer "dedicated" has no usable registry token with the description "nope". It lists:\n {2}- [0-9a-f-]+: "ci", read-only, permanent/,
      );
    });

    it("hands the value on for one run", async () => {
      stack.write(
        `${provider()}
ephemeral "registry_token" "found" {
  issuer      = "dedicated"
  description = "${SEEDED_TOKEN}"
}
resource "registry_pull_secret" "pull" {
  name       = "pull"
  namespaces = ["${namespace()}"]
  registries = [{
    hosts       = ${JSON.stringify(DEDICATED.hosts)}
    username    = ephemeral.registry_token.found.username == "token" ? "token" : "other"
    password_wo = ephemeral.registry_token.found.value
  }]
}`.replace('ephemeral.registry_token.found.username == "token" ? "token" : "other"', '"token"'),
      );
      expectWell(await stack.apply());
      expect(await written()).toMatch(/^eyJ/);
      expect(expectWell(await stack.plan()).changes).toEqual({});
    });
  });
}
