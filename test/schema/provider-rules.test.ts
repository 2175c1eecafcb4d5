import { validateConfig } from "../../lib/provider/framework/validate-config";
import { type ObjectValue, UNKNOWN, type Value } from "../../lib/provider/framework/value";
import { dataRegistryToken, provider, registryToken, serviceAccountPatch, type TypeSchema } from "../../lib/schema";
import { defaultTimeout } from "../../lib/schema/timeouts";

const nulls = (names: readonly string[]): ObjectValue => Object.fromEntries(names.map((name) => [name, null]));
const kubernetes = (values: { readonly [name: string]: Value }): ObjectValue => ({
  ...nulls(Object.keys(provider.attributes.kubernetes.attributes)),
  ...values,
});
const bluemix = (values: { readonly [name: string]: Value }): ObjectValue => ({
  ...nulls(Object.keys(provider.attributes.issuers.attributes.bluemix.attributes)),
  api_endpoint: "https://api.example.com",
  hosts: ["registry.example.com"],
  ...values,
});
const NO_KIND = nulls(Object.keys(provider.attributes.issuers.attributes));
const withOpenShift = (openshift: ObjectValue): ObjectValue => ({
  owner: "o",
  kubernetes: null,
  issuers: { openshift: { ...NO_KIND, openshift } },
});
const withIssuer = (values: { readonly [name: string]: Value }): ObjectValue => ({
  owner: "o",
  kubernetes: null,
  issuers: { dedicated: { bluemix: bluemix(values) } },
});

function problems(schema: TypeSchema, config: ObjectValue) {
  return validateConfig(schema, config).map(({ path, summary }) => ({ path, summary }));
}

describe("provider", () => {
  const cases: Record<string, { config: ObjectValue; found: object[] }> = {
    "everything from the environment": { config: { owner: "a/b", kubernetes: null, issuers: null }, found: [] },
    "a cluster that is not known yet": {
      config: { owner: "o", kubernetes: kubernetes({ host: UNKNOWN, config_path: "x" }), issuers: UNKNOWN },
      found: [],
    },
    "an owner with a space": {
      config: { owner: "a b", kubernetes: null, issuers: null },
      found: [{ path: ["owner"], summary: "Invalid owner" }],
    },
    "a host beside a kubeconfig": {
      config: { owner: "o", kubernetes: kubernetes({ host: "https://k", config_path: "x" }), issuers: null },
      found: [{ path: ["kubernetes", "host"], summary: "Two ways to reach the cluster" }],
    },
    "config_path beside config_paths": {
      config: { owner: "o", kubernetes: kubernetes({ config_path: "x", config_paths: ["y"] }), issuers: null },
      found: [{ path: ["kubernetes", "config_paths"], summary: "Two lists of kubeconfig files" }],
    },
    "an issuer without a kind": {
      config: { owner: "o", kubernetes: null, issuers: { dedicated: NO_KIND } },
      found: [{ path: ["issuers", "dedicated"], summary: "An issuer without a kind" }],
    },
    "an issuer of two kinds": {
      config: {
        owner: "o",
        kubernetes: null,
        issuers: { both: { ...NO_KIND, bluemix: bluemix({}), openshift: { kubernetes: null, hosts: null } } },
      },
      found: [{ path: ["issuers", "both", "openshift"], summary: "Two kinds of one issuer" }],
    },
    "an OpenShift issuer of the provider's own cluster": {
      config: withOpenShift({ kubernetes: null, hosts: null }),
      found: [],
    },
    "an OpenShift issuer of two clusters": {
      config: withOpenShift({ kubernetes: kubernetes({ config_path: "x", host: "https://h" }), hosts: null }),
      found: [{ path: ["issuers", "openshift", "openshift", "kubernetes", "host"], summary: "Two ways to reach the cluster" }],
    },
    "an OpenShift issuer of no cluster": {
      config: withOpenShift({ kubernetes: kubernetes({}), hosts: null }),
      found: [{ path: ["issuers", "openshift", "openshift", "kubernetes"], summary: "No cluster" }],
    },
    "an OpenShift issuer without hosts": {
      config: withOpenShift({ kubernetes: null, hosts: [] }),
      found: [{ path: ["issuers", "openshift", "openshift", "hosts"], summary: "No registry host" }],
    },
    "an issuer with one login": { config: withIssuer({ api_key: "k", organization: "acme" }), found: [] },
    "an issuer with two logins": {
      config: withIssuer({ password: "p", api_key_env: "BLUEMIX_K" }),
      found: [{ path: ["issuers", "dedicated", "bluemix", "api_key_env"], summary: "Two ways to log in" }],
    },
    "an issuer with two accounts": {
      config: withIssuer({ organization: "acme", account_id: "1" }),
      found: [{ path: ["issuers", "dedicated", "bluemix", "account_id"], summary: "Two accounts" }],
    },
    "an issuer without hosts": {
      config: withIssuer({ hosts: [] }),
      found: [{ path: ["issuers", "dedicated", "bluemix", "hosts"], summary: "No registry host" }],
    },
    "an empty password": {
      config: withIssuer({ password: "" }),
      found: [{ path: ["issuers", "dedicated", "bluemix", "password"], summary: "Empty value" }],
    },
    "an endpoint with a login in it": {
      config: withIssuer({ api_endpoint: "https://me:secret@api.example.com" }),
      found: [{ path: ["issuers", "dedicated", "bluemix", "api_endpoint"], summary: "Invalid endpoint" }],
    },
    "an endpoint that is no URL": {
      config: withIssuer({ api_endpoint: "api.example.com" }),
      found: [{ path: ["issuers", "dedicated", "bluemix", "api_endpoint"], summary: "Invalid endpoint" }],
    },
  };
  it.each(Object.entries(cases))("judges %s", (_, { config, found }) => {
    expect(problems(provider, config)).toEqual(found);
  });

  it("fails when an endpoint holds a password, and does not repeat it", () => {
    const [problem] = validateConfig(provider, withIssuer({ api_endpoint: "https://me:hunter22@api.example.com" }));
    expect(problem?.detail).not.toContain("hunter22");
  });
});

describe("registry_token", () => {
  const token = (values: { readonly [name: string]: Value }): ObjectValue => ({
    ...nulls(Object.keys(registryToken.attributes)),
    issuer: "dedicated",
    name: "ci",
    ...values,
  });
  const cases: Record<string, { config: ObjectValue; found: object[] }> = {
    "the least": { config: token({}), found: [] },
    "an expiring one with renewal": { config: token({ permanent: false, renew_before_seconds: 3600 }), found: [] },
    "one whose lifetime is not known yet": { config: token({ permanent: UNKNOWN, renew_before_seconds: 3600 }), found: [] },
    "a permanent one with renewal": {
      config: token({ permanent: true, renew_before_seconds: 3600 }),
      found: [{ path: ["renew_before_seconds"], summary: "A permanent token is never due for renewal" }],
    },
    "one that is permanent by default, with renewal": {
      config: token({ renew_before_seconds: 3600 }),
      found: [{ path: ["renew_before_seconds"], summary: "A permanent token is never due for renewal" }],
    },
    "half a second": {
      config: token({ permanent: false, renew_before_seconds: 0.5 }),
      found: [{ path: ["renew_before_seconds"], summary: "Invalid number of seconds" }],
    },
    "a description with brackets": {
      config: token({ description: "[x]" }),
      found: [{ path: ["description"], summary: "Invalid token description" }],
    },
    "a name with a space": { config: token({ name: "c i" }), found: [{ path: ["name"], summary: "Invalid token name" }] },
  };
  it.each(Object.entries(cases))("judges %s", (_, { config, found }) => {
    expect(problems(registryToken, config)).toEqual(found);
  });
});

describe("data registry_token", () => {
  const lookUp = (values: { readonly [name: string]: Value }): ObjectValue => ({
    ...nulls(Object.keys(dataRegistryToken.attributes)),
    issuer: "dedicated",
    ...values,
  });
  const cases: Record<string, { config: ObjectValue; found: object[] }> = {
    "an id": { config: lookUp({ id: "1" }), found: [] },
    "a description": { config: lookUp({ description: "ci" }), found: [] },
    "one of two that is not known yet": { config: lookUp({ id: UNKNOWN, description: UNKNOWN }), found: [] },
    neither: { config: lookUp({}), found: [{ path: [], summary: "Which registry token?" }] },
    both: { config: lookUp({ id: "1", description: "ci" }), found: [{ path: ["id"], summary: "Two ways to choose one token" }] },
  };
  it.each(Object.entries(cases))("judges %s", (_, { config, found }) => {
    expect(problems(dataRegistryToken, config)).toEqual(found);
  });
});

describe("registry_service_account_patch", () => {
  const patch = (values: { readonly [name: string]: Value }): ObjectValue => ({
    ...nulls(Object.keys(serviceAccountPatch.attributes)),
    namespaces: ["a"],
    pull_secrets: ["pull"],
    ...values,
  });
  const cases: Record<string, { config: ObjectValue; found: object[] }> = {
    "the least": { config: patch({}), found: [] },
    "no namespaces": { config: patch({ namespaces: [] }), found: [{ path: ["namespaces"], summary: "No namespaces" }] },
    "no ServiceAccounts": {
      config: patch({ service_accounts: [] }),
      found: [{ path: ["service_accounts"], summary: "No ServiceAccounts" }],
    },
    "no pull secrets": { config: patch({ pull_secrets: [] }), found: [{ path: ["pull_secrets"], summary: "No pull secrets" }] },
    "a pull secret's name that is none": {
      config: patch({ pull_secrets: ["Pull"] }),
      found: [{ path: ["pull_secrets", 0], summary: "Invalid object name" }],
    },
  };
  it.each(Object.entries(cases))("judges %s", (_, { config, found }) => {
    expect(problems(serviceAccountPatch, config)).toEqual(found);
  });
});

describe("defaultTimeout", () => {
  it("is what the documentation says", () => {
    expect([defaultTimeout(registryToken, "create"), defaultTimeout(serviceAccountPatch, "delete")]).toEqual(["5m", "10m"]);
  });
  it("fails when a type has none", () => {
    expect(() => defaultTimeout(registryToken, "update")).toThrow("registry_token has no timeout for update");
  });
});
