import { validateConfig } from "../../lib/provider/framework/validate-config";
import { type ObjectValue, UNKNOWN } from "../../lib/provider/framework/value";
import { ibmcloudApiKey, ibmcloudNamespace, type TypeSchema } from "../../lib/schema";

function problems(schema: TypeSchema, given: ObjectValue) {
  const all = Object.fromEntries(Object.keys(schema.attributes).map((name) => [name, given[name] ?? null])) as ObjectValue;
  return validateConfig(schema, all).map(({ path, summary }) => `${path?.join(".")}: ${summary}`);
}
const key = { issuer: "icr", name: "pull" };

const keys: Record<string, { given: ObjectValue; found: string[] }> = {
  "one that never expires": { given: key, found: [] },
  "one that is renewed in time": { given: { ...key, lifetime_seconds: 3600, renew_before_seconds: 600 }, found: [] },
  "a lifetime that is not known yet": { given: { ...key, lifetime_seconds: UNKNOWN, renew_before_seconds: 600 }, found: [] },
  "renewal without a lifetime": {
    given: { ...key, renew_before_seconds: 600 },
    found: ["renew_before_seconds: An API key that never expires is never due for renewal"],
  },
  "renewal before it is made": {
    given: { ...key, lifetime_seconds: 600, renew_before_seconds: 600 },
    found: ["renew_before_seconds: A new API key would be due at once"],
  },
  "less than a minute": { given: { ...key, lifetime_seconds: 59 }, found: ["lifetime_seconds: Invalid lifetime"] },
  "a service ID's iam_id": { given: { ...key, service_id: "iam-ServiceId-1" }, found: ["service_id: Invalid service ID"] },
};
test.each(Object.entries(keys))("API key: %s", (_, { given, found }) => {
  expect(problems(ibmcloudApiKey, given)).toEqual(found);
});

test("fails when a registry namespace has no name of one, or no region", () => {
  expect(problems(ibmcloudNamespace, { issuer: "icr", name: "Acme", region: "mars" })).toEqual([
    "name: Invalid registry namespace",
    "region: No such region",
  ]);
});

test("fails when a resource group is given by its name", () => {
  const namespace = { issuer: "icr", name: "acme-apps" };
  const found = (resource_group: string) => problems(ibmcloudNamespace, { ...namespace, resource_group });
  expect(found("Default")).toEqual(["resource_group: Invalid resource group"]);
  expect(found("c2047a7bf1bc4d09a0f0a8e7d1b3c4e5")).toEqual([]);
});
