import { checkEnvironmentName, ISSUER_PREFIXES, mayReadEnvironment, PASSWORD_PREFIXES } from "../../lib/domain/environment-name";

describe("checkEnvironmentName", () => {
  it.each(["REGISTRY_PASSWORD", "_x1"])("takes %s", (name) => {
    expect(checkEnvironmentName(name, ["password_env"])).toBeUndefined();
  });
  it.each(["", "$REGISTRY_PASSWORD", "1X", "hunter2!"])("fails when it is %j", (name) => {
    expect(checkEnvironmentName(name, ["password_env"])).toMatchObject({
      path: ["password_env"],
      summary: "Invalid environment variable name",
    });
  });
});

describe("mayReadEnvironment", () => {
  const cases: Record<string, { name: string; prefixes?: readonly string[]; listed?: string; may: boolean }> = {
    "a registry's variable": { name: "REGISTRY_PARTNER_PASSWORD", may: true },
    "a registry's variable, for an issuer": { name: "REGISTRY_PARTNER_PASSWORD", prefixes: ISSUER_PREFIXES, may: true },
    "Bluemix's, for an issuer": { name: "BLUEMIX_API_KEY", prefixes: ISSUER_PREFIXES, may: true },
    "Bluemix's, for any registry host": { name: "BLUEMIX_API_KEY", may: false },
    "Bluemix's, where the pipeline lists it": { name: "BLUEMIX_API_KEY", listed: "BLUEMIX_API_KEY", may: true },
    "any other, for an issuer": { name: "AWS_SECRET_ACCESS_KEY", prefixes: ISSUER_PREFIXES, may: false },
    "a prefix alone": { name: "REGISTRY_", may: false },
    "any other": { name: "AWS_SECRET_ACCESS_KEY", may: false },
    "one that only begins alike": { name: "REGISTRYX", may: false },
    "one in lower case": { name: "registry_password", may: false },
    "one that steers the product": { name: "REGISTRY_ACCESS_PASSWORD_ENV", may: false },
    "one that the pipeline lists": { name: "PARTNER", listed: "OTHER, PARTNER", may: true },
    "one that is part of a listed name": { name: "PART", listed: "PARTNER", may: false },
  };
  it.each(Object.entries(cases))("of %s", (_, { name, prefixes = PASSWORD_PREFIXES, listed, may }) => {
    expect(mayReadEnvironment(name, prefixes, { REGISTRY_ACCESS_PASSWORD_ENV: listed })).toBe(may);
  });
});
