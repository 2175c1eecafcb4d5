import { SEEDED_TOKEN } from "../../../sandbox";
import { expectWell } from "../support/terraform";
import { cluster, control, living, provider, pullSecret, stack, token } from "./setting";

/** What is wrong with an issuer or a credential, and what is not known yet. */
export function testMistakes(): void {
  describe("registry_token: mistakes", () => {
    const cases: {
      readonly [name: string]: {
        readonly hcl: () => string;
        readonly summary: string;
        readonly detail: RegExp;
        readonly env?: object;
      };
    } = {
      "the API key is wrong": {
        hcl: () => provider() + token(),
        env: { BLUEMIX_API_KEY: "wrong-key" },
        summary: "Login refused",
        detail: /^The list of registry tokens could not be read: Issuer "dedicated": /,
      },
      "there is no login": {
        hcl: () => provider() + token(),
        env: { BLUEMIX_API_KEY: "" },
        summary: "No login",
        detail: /^Issuer "dedicated" has no login, neither in the configuration nor in the environment. Give exactly one: /,
      },
      "there are two logins": {
        hcl: () => provider() + token(),
        env: { BLUEMIX_PASSWORD: "p", BLUEMIX_USERNAME: "u" },
        summary: "Several logins",
        detail: /^The environment holds password and api_key for issuer "dedicated"/,
      },
      "the organization is unknown": {
        hcl: () => provider("", 'organization = "nobody"') + token(),
        summary: "Not found",
        detail: /shows this login no organization "nobody". It sees: "acme"/,
      },
      "the issuer is not configured": {
        hcl: () => provider() + token().replace('"dedicated"', '"regional"'),
        summary: "No such issuer",
        detail: /^The provider has no issuer "regional". It has "dedicated"./,
      },
      "a credential's issuer is not configured": {
        hcl: () => provider() + pullSecret('"regional/1234"'),
        summary: "No such issuer",
        detail: /^registries\[0\]\.credential_id: The provider has no issuer "regional". It has "dedicated"./,
      },
      "a credential is meant for another host": {
        hcl: () => provider() + pullSecret('"dedicated/1234"', '["evil.example"]'),
        summary: "Credential for another registry host",
        detail:
          /^registries\[0\]\.hosts\[0\]: "evil.example" is not a host of issuer "dedicated", whose credentials are good for registry.acme.example.com./,
      },
      "a credential does not exist": {
        hcl: () => provider() + pullSecret('"dedicated/1234"'),
        summary: "Credential is gone",
        detail:
          /^registries\[0\]\.credential_id: Issuer "dedicated" has no registry token "1234": it was revoked or deleted, or has expired./,
      },
      "nobody listens there": {
        hcl: () => provider().replace(/api_endpoint .*/, 'api_endpoint = "http://127.0.0.1:9"') + token(),
        summary: "Unreachable",
        detail: /127.0.0.1:9 refuses connections/,
      },
      "the CA is unknown": {
        hcl: () =>
          provider().replace(/api_endpoint .*/, `api_endpoint = "${cluster.state.bluemix.regions.dedicated.tlsUrl}"`) + token(),
        summary: "Certificate not trusted",
        detail: /is not signed by a CA that is trusted here .* Give its CA certificate as PEM in ca_certificate/,
      },
    };
    it.each(Object.entries(cases))("fails when %s", async (_, { hcl, summary, detail, env }) => {
      Object.assign(stack.env, env);
      stack.write(hcl());
      const { code, messages } = await stack.apply();
      expect({ code, messages }).toMatchObject({
        code: 1,
        messages: [{ severity: "error", summary, detail: expect.stringMatching(detail) }],
      });
    });
  });

  describe("registry_token: unknown configuration", () => {
    const unknown = () => `resource "terraform_data" "later" { input = "${cluster.state.bluemix.regions.dedicated.url}" }`;
    const configuration = () => provider().replaceAll(/= "http:[^"]*"/g, "= terraform_data.later.output");

    it("is planned without contacting anybody, and applied", async () => {
      stack.write(unknown() + configuration() + token() + pullSecret());
      await control.clearRequests();
      expect(Object.values(expectWell(await stack.plan()).changes)).toEqual([["create"], ["create"], ["create"]]);
      expect(await control.requests()).toEqual([]);
      expectWell(await stack.apply("plan.bin"));
      expect(await living()).toHaveLength(1);
    });

    it("fails for an ephemeral look-up, and names the unknown attribute", async () => {
      stack.write(`${unknown()}${configuration()}
ephemeral "registry_token" "found" {
  issuer      = "dedicated"
  description = "${SEEDED_TOKEN}"
}`);
      expect((await stack.plan()).messages).toMatchObject([
        {
          summary: "Provider configuration not known yet",
          detail: expect.stringMatching(
            /^issuers.dedicated.bluemix.(api|registry)_endpoint of the provider "registry" will only be known/,
          ),
        },
      ]);
    });
  });
}
