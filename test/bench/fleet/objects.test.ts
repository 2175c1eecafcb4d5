import { dockerConfig, fleetNames, formsOf, newPassword } from "../../../bench/fleet/objects";

test("names sort as they count", () => {
  const names = fleetNames(1_001);
  expect([names[0], names[1_000]]).toEqual(["fleet-00000", "fleet-01000"]);
  expect([...names].sort()).toEqual(names);
});

test.each<[string, (password: string) => string]>([
  ["by itself", (password) => `{"password":"${password}"}`],
  ["as base64", (password) => Buffer.from(password).toString("base64")],
  ["as a docker config JSON", dockerConfig],
  ["as a Secret's data", (password) => Buffer.from(dockerConfig(password)).toString("base64")],
])("a password is found %s", (_, write) => {
  const password = newPassword();
  const found = (forms: readonly string[]): boolean => forms.some((form) => write(password).includes(form));
  expect(found(formsOf(password))).toBe(true);
  expect(found(formsOf(newPassword()))).toBe(false);
});
