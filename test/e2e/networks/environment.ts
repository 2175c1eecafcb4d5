/** Which variables a configuration may read. */
import { NAMESPACE, type Network } from "./network";

/** Declares the tests. */
export function testEnvironmentNames(network: () => Network): void {
  describe("networks: environment variables that a configuration may read", () => {
    const env = {
      AWS_SECRET_ACCESS_KEY: "marker-1",
      TF_TOKEN_app_terraform_io: "marker-2",
      TF_VAR_password: "marker-3",
      GITHUB_TOKEN: "marker-4",
      BLUEMIX_CI_KEY: "marker-5",
      registry_password: "marker-6",
      Registry_Password: "marker-7",
      REGISTRY_ACCESS_SECRET: "marker-8",
      REGISTRY_PARTNER: "good",
      PARTNER: "good",
      REGISTRY_ACCESS_PASSWORD_ENV: "PARTNER, ALSO_*",
      ALSO_THIS: "marker-9",
    };
    const registries = (password_env: string) => [{ hosts: ["registry.example.com"], username: "u", password_env }];
    let secrets = 0;
    const secret = (password_env: string) => ({
      name: `pull-${++secrets}`,
      namespaces: [NAMESPACE],
      registries: registries(password_env),
    });
    const NOT_ALLOWED = "Environment variable not allowed";
    const NO_NAME = "Invalid environment variable name";
    const forbidden: { readonly [name: string]: string } = {
      AWS_SECRET_ACCESS_KEY: NOT_ALLOWED,
      TF_TOKEN_app_terraform_io: NOT_ALLOWED,
      TF_VAR_password: NOT_ALLOWED,
      GITHUB_TOKEN: NOT_ALLOWED,
      PATH: NOT_ALLOWED,
      BLUEMIX_CI_KEY: NOT_ALLOWED,
      registry_password: NOT_ALLOWED,
      Registry_Password: NOT_ALLOWED,
      REGISTRY_: NOT_ALLOWED,
      REGISTRYX: NOT_ALLOWED,
      XREGISTRY_PARTNER: NOT_ALLOWED,
      REGISTRY_ACCESS_PASSWORD_ENV: NOT_ALLOWED,
      REGISTRY_ACCESS_SECRET: NOT_ALLOWED,
      ALSO_THIS: NOT_ALLOWED,
      constructor: NOT_ALLOWED,
      ["__proto__"]: NOT_ALLOWED,
      "ALSO_*": NO_NAME,
      "REGISTRY_/../AWS_SECRET_ACCESS_KEY": NO_NAME,
      "/proc/self/environ": NO_NAME,
      "REGISTRY_PARTNER\nAWS_SECRET_ACCESS_KEY": NO_NAME,
      " REGISTRY_PARTNER": NO_NAME,
      $REGISTRY_PARTNER: NO_NAME,
      "": NO_NAME,
    };

    it("password_env reads REGISTRY_*, and what REGISTRY_ACCESS_PASSWORD_ENV lists, and nothing else", async () => {
      const provider = await network().start({ env });
      const at = "registries[0].password_env";
      for (const name of ["REGISTRY_PARTNER", "PARTNER"]) {
        expect((await provider.planPullSecret(secret(name))).problems).toEqual([]);
      }
      const said = await Promise.all(Object.keys(forbidden).map((name) => provider.planPullSecret(secret(name))));
      expect(said.map(({ problems }) => problems.map(({ summary, path }) => [summary, path]))).toEqual(
        Object.values(forbidden).map((summary) => [[summary, at]]),
      );
      expect(`${JSON.stringify(said)}${provider.log()}`).not.toContain("marker");
    });

    const keys: { readonly [name: string]: [allowed: boolean] } = {
      BLUEMIX_CI_KEY: [true],
      REGISTRY_PARTNER: [true],
      AWS_SECRET_ACCESS_KEY: [false],
      TF_TOKEN_app_terraform_io: [false],
      bluemix_ci_key: [false],
    };
    it.each(Object.entries(keys))("an issuer's api_key_env of %s is read: %j", async (name, [allowed]) => {
      const answer = await network().tokens({ issuer: { api_key_env: name, ca_certificate: network().ca }, env });
      expect(answer).toMatchObject([
        allowed
          ? { summary: "Login refused", path: "issuer" }
          : { summary: NOT_ALLOWED, detail: expect.stringContaining(`${name} may not be read`) },
      ]);
      expect(JSON.stringify(answer)).not.toContain("marker");
    });
  });
}
