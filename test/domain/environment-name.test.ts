import { checkEnvironmentName, mayReadEnvironment } from "../../lib/domain/environment-name";

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
  const cases: Record<string, { name: string; listed?: string; may: boolean }> = {
    "a registry's variable": { name: "REGISTRY_PARTNER_PASSWORD", may: true },
    "Bluemix's": { name: "BLUEMIX_API_KEY", may: true },
    "any other": { name: "AWS_SECRET_ACCESS_KEY", may: false },
    "one that only begins alike": { name: "REGISTRYX", may: false },
    "one in lower case": { name: "registry_password", may: false },
    "one that steers the product": { name: "REGISTRY_ACCESS_PASSWORD_ENV", may: false },
    "one that the pipeline lists": { name: "PARTNER", listed: "OTHER, PARTNER", may: true },
    "one that is part of a listed name": { name: "PART", listed: "PARTNER", may: false },
  };
  it.each(Object.entries(cases))("of %s", (_, { name, listed, may }) => {
    expect(mayReadEnvironment(name, { REGISTRY_ACCESS_PASSWORD_ENV: listed })).toBe(may);
  });
});
