import {
  checkIcrNamespace,
  checkIcrNamespaceId,
  formatIcrNamespaceId,
  parseIcrNamespaceId,
} from "../../lib/domain/icr-namespace";

test.each(["acme", "acme-apps", "a_1-b", "0".repeat(30)])("%s is a name", (name) => {
  expect(checkIcrNamespace(name, ["name"])).toBeUndefined();
});

test.each(["abc", "Acme", "-acme", "acme_", "acme.apps", "a".repeat(31), "ac me"])("fails when the name is %j", (name) => {
  expect(checkIcrNamespace(name, ["name"])).toMatchObject({ path: ["name"], summary: "Invalid registry namespace" });
});

test.each([
  ["icr/acme-apps", { issuer: "icr", name: "acme-apps", region: null }],
  ["icr/acme-apps@us-south", { issuer: "icr", name: "acme-apps", region: "us-south" }],
])("%s names a registry namespace", (text, id) => {
  expect([parseIcrNamespaceId(text), formatIcrNamespaceId(id), checkIcrNamespaceId(text, [])]).toEqual([id, text, undefined]);
});

test.each(["acme", "icr/", "icr/acme/more", "icr/acme@", "icr/acme@mars", "icr/a"])("fails when the id is %j", (text) => {
  expect(checkIcrNamespaceId(text, [])).toBeDefined();
});
