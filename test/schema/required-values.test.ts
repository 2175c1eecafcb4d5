/** Issue 4: Terraform passes an explicit null through for a required attribute, and nulls inside of collections. */

import type { Path } from "../../lib/domain/problem";
import { createRedactor } from "../../lib/domain/redaction";
import { applyResourceChange } from "../../lib/provider/framework/apply-resource-change";
import { createSession } from "../../lib/provider/framework/call";
import { configureProvider } from "../../lib/provider/framework/configure-provider";
import type { ResourceType, TypeContext } from "../../lib/provider/framework/definition";
import { DiagnosticError } from "../../lib/provider/framework/diagnostic";
import { elementsOf, isObject, nestedOf, type ObjectSchema } from "../../lib/provider/framework/nested";
import { openEphemeralResource } from "../../lib/provider/framework/open-ephemeral-resource";
import { planResourceChange } from "../../lib/provider/framework/plan-resource-change";
import { readDataSource } from "../../lib/provider/framework/read-data-source";
import { validateConfig } from "../../lib/provider/framework/validate-config";
import { type ObjectValue, UNKNOWN, type Value } from "../../lib/provider/framework/value";
import { type TypeSchema, types } from "../../lib/schema";

/** Something valid for each type that holds every required attribute, nested ones too, and every collection. */
const SAMPLES: { readonly [kindAndName: string]: ObjectValue } = {
  "provider registry": {
    owner: "o",
    kubernetes: {
      config_paths: ["a"],
      exec: { api_version: "client.authentication.k8s.io/v1", command: "c", args: ["x"], env: { A: "b" } },
    },
    issuers: {
      dedicated: { bluemix: { api_endpoint: "https://api.example.com", hosts: ["registry.example.com"] } },
      cluster: {
        openshift: {
          hosts: ["registry.apps.example.com"],
          kubernetes: {
            config_paths: ["a"],
            exec: { api_version: "client.authentication.k8s.io/v1", command: "c", args: ["x"], env: { A: "b" } },
          },
        },
      },
    },
  },
  "resource registry_token": { issuer: "dedicated", name: "pull" },
  "data source registry_token": { issuer: "dedicated", id: "1" },
  "ephemeral resource registry_token": { issuer: "dedicated", id: "1" },
  "resource registry_pull_secret": {
    name: "pull",
    namespaces: ["a"],
    namespace_selector: { match_expressions: [{ key: "team", operator: "Exists" }] },
    registries: [
      { hosts: ["registry.example.com"], credential_id: "dedicated/1" },
      { copy_from: { namespace: "a", name: "all-icr-io", hosts: ["us.icr.io"] } },
    ],
    labels: { a: "b" },
    annotations: { a: "b" },
  },
  "resource registry_openshift_project": { name: "edge-images" },
  "resource registry_openshift_token": { issuer: "cluster", name: "pull", project: "edge-images", service_account: "puller" },
  "resource registry_horizon_service": {
    definition: JSON.stringify({ label: "l", url: "hello", version: "1.0.0", arch: "amd64", sharable: "multiple" }),
    variables: { ARCH: "amd64" },
    registries: [{ hosts: ["registry.example.com"], credential_id: "dedicated/1" }],
    signing_key_env: "HZN_SIGNING_KEY",
  },
  "resource registry_horizon_registry_auth": {
    service: "hello_1.0.0_amd64",
    registry: "registry.example.com:5000",
    credential_id: "dedicated/1",
  },
  "resource registry_horizon_pattern": {
    name: "pattern-hello",
    definition: JSON.stringify({
      label: "l",
      services: [{ serviceUrl: "hello", serviceOrgid: "o", serviceArch: "amd64", serviceVersions: [{ version: "1.0.0" }] }],
    }),
    variables: { ARCH: "amd64" },
    signing_key_file: "service.private.key",
  },
  "resource registry_ibmcloud_api_key": { issuer: "ibm", name: "pull" },
  "resource registry_ibmcloud_namespace": { issuer: "ibm", name: "teams" },
  "resource registry_pull_check": { namespace: "a", match_labels: { app: "shop" } },
  "data source registry_certificate": { host: "registry.example.com" },
  "data source registry_image": { image: "r.io/app", pull_secret: { namespace: "a", name: "pull" } },
  "data source registry_namespaces": { match_expressions: [{ key: "team", operator: "Exists" }] },
  "resource registry_service_account_patch": {
    namespaces: ["a"],
    namespace_selector: { match_expressions: [{ key: "team", operator: "Exists" }] },
    service_accounts: ["default"],
    pull_secrets: ["pull"],
  },
};

function filled(schema: ObjectSchema, value: ObjectValue): ObjectValue {
  const nested = new Map(nestedOf(schema));
  return Object.fromEntries(
    Object.keys(schema.attributes).map((name) => {
      const inner = nested.get(name);
      const own = value[name] ?? null;
      if (inner === undefined || own === null) return [name, own];
      if (Array.isArray(own)) return [name, own.map((element: Value) => filled(inner, element as ObjectValue))];
      if (inner.nesting === "single") return [name, filled(inner, own as ObjectValue)];
      return [
        name,
        Object.fromEntries(Object.entries(own).map(([key, element]) => [key, filled(inner, element as ObjectValue)])),
      ];
    }),
  );
}

/** Every place of a required attribute, and every element of a collection. */
function placesIn(schema: ObjectSchema, value: ObjectValue, path: Path): readonly Path[] {
  const own = Object.entries(schema.attributes).flatMap(([name, attribute]) => [
    ...(attribute.presence === "required" ? [[...path, name]] : []),
    ...elementPaths(value[name], [...path, name], "nesting" in attribute ? attribute.nesting : undefined),
  ]);
  const inner = nestedOf(schema).flatMap(([name, nested]) =>
    elementsOf(value[name], nested.nesting).flatMap(([step, element]) =>
      placesIn(nested, element, step === null ? [...path, name] : [...path, name, step]),
    ),
  );
  return [...own, ...inner];
}

function elementPaths(value: Value | undefined, path: Path, nesting: string | undefined): readonly Path[] {
  if (Array.isArray(value)) return value.map((_, index) => [...path, index]);
  return isObject(value) && nesting !== "single" ? Object.keys(value).map((key) => [...path, key]) : [];
}

function replaced(value: Value, [step, ...rest]: Path, by: Value): Value {
  if (step === undefined) return by;
  const inner = (at: Value): Value => replaced(at, rest, by);
  if (Array.isArray(value)) return value.map((element: Value, index) => (index === step ? inner(element) : element));
  const object = value as ObjectValue;
  const changed: readonly (readonly [string, Value])[] = [...Object.entries(object), [String(step), inner(object[step] ?? null)]];
  return Object.fromEntries(changed);
}

const cases = types.flatMap((schema: TypeSchema) => {
  const whole = filled(schema, SAMPLES[`${schema.kind} ${schema.name}`] ?? {});
  return placesIn(schema, whole, []).map((path) => ({
    title: `${schema.kind} ${schema.name}: ${path.join(".")}`,
    schema,
    whole,
    path,
  }));
});
const table = cases.map((one) => [one.title, one] as const);

const log = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };
const context: TypeContext<null> = { provider: null, signal: new AbortController().signal, log, report() {} };

/** A state of it. */
function stored(schema: TypeSchema, whole: ObjectValue): ObjectValue {
  const identity = Object.entries(schema.attributes).filter(([, { identifies }]) => identifies);
  return { ...whole, ...Object.fromEntries(identity.map(([name]) => [name, "x"])) };
}

function never(): never {
  throw new Error("it went on with a null");
}

/** What the framework says where the null turns up only when the configuration is used. */
async function use(schema: TypeSchema, config: ObjectValue, whole: ObjectValue): Promise<readonly (readonly Path[] | unknown)[]> {
  const resource = {
    schema,
    plan: never,
    create: never,
    read: never,
    update: never,
    delete: never,
  } as unknown as ResourceType<null>;
  const lazy = { schema, load: async () => resource };
  const definition = { schema, resources: [], dataSources: [], ephemeralResources: [], configure: never };
  const session = createSession({ ...definition, name: "t", version: "0" } as never, log, createRedactor());
  const uses: { readonly [kind in TypeSchema["kind"]]: readonly (() => Promise<unknown>)[] } = {
    provider: [() => configureProvider(session, config, context)],
    resource: [
      () => planResourceChange(lazy, { config, prior: null, privateData: null }, context),
      () => applyResourceChange(lazy, { config, prior: null, planned: config, privateData: null }, context),
      () => applyResourceChange(lazy, { config, prior: stored(schema, whole), planned: config, privateData: null }, context),
    ],
    "data source": [() => readDataSource({ schema, load: async () => ({ schema, read: never }) } as never, config, context)],
    "ephemeral resource": [
      () => openEphemeralResource({ schema, load: async () => ({ schema, open: never }) } as never, config, context),
    ],
  };
  const found: unknown[] = [];
  for (const run of uses[schema.kind]) {
    const error = await run().catch((thrown: unknown) => thrown);
    found.push(error instanceof DiagnosticError ? error.diagnostics.map(({ path }) => path) : error);
  }
  return found;
}

test("the samples are valid, and every required attribute is among the cases", () => {
  for (const { schema, whole } of cases) expect(validateConfig(schema, whole)).toEqual([]);
  const required = (schema: ObjectSchema): number =>
    Object.values(schema.attributes).filter(({ presence }) => presence === "required").length +
    nestedOf(schema).reduce((sum, [, nested]) => sum + required(nested), 0);
  const reached = cases.filter(({ path, schema }) => requiredAt(schema, path));
  expect(reached).toHaveLength(types.reduce((sum, schema) => sum + required(schema), 0));
});

function requiredAt(schema: ObjectSchema, path: Path): boolean {
  const names = path.filter((step) => typeof step === "string");
  const last = names.at(-1) ?? "";
  const holder = names.slice(0, -1).reduce<ObjectSchema | undefined>((at, name) => {
    const nested = new Map(at === undefined ? [] : nestedOf(at)).get(name);
    return nested ?? at;
  }, schema);
  return typeof path.at(-1) === "string" && holder?.attributes[last]?.presence === "required";
}

test.each(table)("issue 4: fails when it is null: %s", async (_, { schema, whole, path }) => {
  const config = replaced(whole, path, null) as ObjectValue;
  expect(validateConfig(schema, config)).toEqual([
    { path, summary: expect.stringMatching(/null/i), detail: expect.stringMatching(/is null/) },
  ]);
  const found = await use(schema, config, whole);
  expect(found).toEqual(found.map(() => [path]));
});

test.each(table)("what is unknown may pass: %s", (_, { schema, whole, path }) => {
  expect(validateConfig(schema, replaced(whole, path, UNKNOWN) as ObjectValue)).toEqual([]);
});
