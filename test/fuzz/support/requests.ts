import fc, { type Arbitrary } from "fast-check";
import { type ObjectValue, UNKNOWN } from "../../../lib/provider/framework/value";
import { encodeObject } from "../../../lib/provider/protocol/dynamic-value";
import type { WireDynamicValue } from "../../../lib/provider/protocol/messages";
import { shapeOfSchema } from "../../../lib/provider/protocol/shape";
import { dataRegistryToken, ephemeralRegistryToken, provider } from "../../../lib/schema";
import type { TypeSchema } from "../../../lib/schema/attribute";
import { anyBytes, damaged } from "./bytes";
import { RESOURCES, SECRET, SECRET_VARIABLE, validConfig } from "./configurations";
import { NOWHERE } from "./offline";
import { anyText, wellFormed } from "./texts";
import { objectOf, type ValueOptions } from "./values";

const SENSITIVE = /password$|password_wo$|^token$|passcode$|api_key$|oauth_token$|client_key$/;

/** What such an attribute usually holds. */
const USUAL: { readonly [name: string]: readonly string[] } = {
  owner: ["stack/a", "b"],
  name: ["pull", "a", "constructor"],
  issuer: ["dedicated", "regional", "constructor"],
  namespaces: ["team-a", "team-b", "constructor"],
  service_accounts: ["default", "builder"],
  pull_secrets: ["pull", "constructor"],
  hosts: ["a.io", "b.io:5000", "docker.io"],
  credential_id: ["dedicated/1", "regional/2", "nowhere/1"],
  username: ["token", "acme"],
  email: ["a@b.c"],
  password_env: [SECRET_VARIABLE, "REGISTRY_NOT_SET", "PATH"],
  api_endpoint: [NOWHERE],
  registry_endpoint: [NOWHERE],
  host: [NOWHERE],
  proxy_url: [NOWHERE],
  expires_at: ["2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z"],
  status: ["in_sync", "active", "missing", "expired", "renewal_due"],
  command: ["/nowhere/program"],
  config_path: ["/nowhere/config"],
  config_paths: ["/nowhere/config"],
  create: ["5m", "1.1h", "600h", "2000h"],
  read: ["5m", "0.1s", "1200h"],
  update: ["5m", "1h1.7m"],
  delete: ["5m", "9s"],
};

/** Addresses are only ever ones where nobody is. */
const ADDRESSES = new Set(["api_endpoint", "registry_endpoint", "host", "proxy_url", "command", "config_path", "config_paths"]);

const text = (name: string): Arbitrary<string> => {
  if (SENSITIVE.test(name)) return fc.constant(SECRET);
  const usual = USUAL[name];
  if (usual === undefined) return anyText.map(wellFormed);
  const known = fc.constantFrom(...usual);
  return ADDRESSES.has(name) ? known : fc.oneof({ arbitrary: known, weight: 9 }, anyText.map(wellFormed));
};

const OPTIONS: ValueOptions = { text, unknown: true, as: "config" };

/** A configuration that passes validation, with unknown values here and there. */
function nearlyKnown(schema: TypeSchema): Arbitrary<ObjectValue> {
  const names = Object.keys(schema.attributes);
  const open = fc.oneof(
    { arbitrary: fc.constant<string[]>([]), weight: 2 },
    fc.array(fc.constantFrom(...names), { maxLength: 2 }),
  );
  return fc.tuple(validConfig(schema), open).map(([config, unknown]) => ({
    ...config,
    ...Object.fromEntries(
      unknown.filter((name) => schema.attributes[name]?.presence !== "computed").map((name) => [name, UNKNOWN]),
    ),
  }));
}

/** What a user may write in it, on the wire. */
export function configured(schema: TypeSchema): Arbitrary<WireDynamicValue> {
  const any = wellFormedValue(schema);
  if (!RESOURCES.includes(schema)) return any;
  return fc.oneof({ arbitrary: nearlyKnown(schema).map((value) => encodeObject(value, schema)), weight: 2 }, any);
}

/** A value of a type on the wire, as Terraform sends it. */
function wellFormedValue(schema: TypeSchema, options: Partial<ValueOptions> = {}): Arbitrary<WireDynamicValue> {
  return objectOf(schema, { ...OPTIONS, ...options }).map((value) => encodeObject(value, schema));
}

function anyDynamicValue(whole: Arbitrary<WireDynamicValue>): Arbitrary<WireDynamicValue | null> {
  return fc.oneof(
    { arbitrary: whole, weight: 12 },
    {
      arbitrary: fc.constantFrom<WireDynamicValue | null>(
        null,
        {},
        { msgpack: Buffer.from([0xc0]) },
        { msgpack: Buffer.from([0xd4, 0, 0]) },
      ),
      weight: 3,
    },
    { arbitrary: damaged(whole.map(({ msgpack }) => msgpack ?? new Uint8Array())).map((msgpack) => ({ msgpack })), weight: 1 },
    { arbitrary: anyBytes.map((msgpack) => ({ msgpack })), weight: 1 },
    {
      arbitrary: fc
        .oneof(
          anyBytes,
          anyText.map((json) => Buffer.from(json)),
        )
        .map((json) => ({ json })),
      weight: 1,
    },
  );
}

const privateBytes = fc.oneof(
  fc.constantFrom("", "{}", '{"known":"[]"}', '{"dropped":"{"}', '{"entries":1}', "[]").map((json) => Buffer.from(json)),
  anyBytes.map((bytes) => Buffer.from(bytes)),
);
const junkName = fc.oneof(
  fc.constantFrom("", "registry", "registry_nothing", "__proto__", "registry_token\0"),
  anyText.map(wellFormed),
);

function ofType(
  schemas: readonly TypeSchema[],
  fields: (schema: TypeSchema) => { readonly [name: string]: Arbitrary<unknown> },
): Arbitrary<object> {
  return fc
    .tuple(fc.constantFrom(...schemas), fc.oneof({ arbitrary: fc.constant(undefined), weight: 19 }, junkName))
    .chain(([schema, junk]) =>
      fc.record(fields(schema), { noNullPrototype: true }).map((request) => ({ ...request, typeName: junk ?? schema.name })),
    );
}

const config = (schema: TypeSchema) => anyDynamicValue(configured(schema));
const state = (schema: TypeSchema) => anyDynamicValue(wellFormedValue(schema, { as: "state", unknown: false }));
const planned = (schema: TypeSchema) => anyDynamicValue(wellFormedValue(schema, { as: "state" }));

const rawState = (schema: TypeSchema) =>
  fc.oneof(
    objectOf(schema, { ...OPTIONS, as: "state", unknown: false }).map((value) => ({ json: Buffer.from(JSON.stringify(value)) })),
    objectOf(schema, { ...OPTIONS, as: "state", unknown: false }).chain((value) =>
      fc
        .tuple(
          fc.constantFrom(...Object.keys((shapeOfSchema(schema) as { attributes: object }).attributes)),
          fc.jsonValue({ maxDepth: 2 }),
        )
        .map(([name, other]) => ({ json: Buffer.from(JSON.stringify({ ...value, [name]: other })) })),
    ),
    anyBytes.map((json) => ({ json: Buffer.from(json) })),
    fc.constantFrom(null, {}, { flatmap: { a: "b" } }),
  );

/** A request of each RPC: mostly as Terraform sends it, and with parts that are missing, of another kind, or broken. */
export const requests: { readonly [rpc: string]: Arbitrary<object> } = {
  GetMetadata: fc.constant({}),
  GetProviderSchema: fc.constant({}),
  ValidateProviderConfig: fc.record({ config: config(provider) }),
  ValidateResourceConfig: ofType(RESOURCES, (schema) => ({
    config: config(schema),
    clientCapabilities: fc.constantFrom(null, {}, { writeOnlyAttributesAllowed: true }),
  })),
  ValidateDataResourceConfig: ofType([dataRegistryToken], (schema) => ({ config: config(schema) })),
  ValidateEphemeralResourceConfig: ofType([ephemeralRegistryToken], (schema) => ({ config: config(schema) })),
  UpgradeResourceState: ofType(RESOURCES, (schema) => ({ version: fc.integer({ min: -1, max: 3 }), rawState: rawState(schema) })),
  ReadResource: ofType(RESOURCES, (schema) => ({ currentState: state(schema), private: privateBytes })),
  PlanResourceChange: ofType(RESOURCES, (schema) => ({
    priorState: state(schema),
    proposedNewState: planned(schema),
    config: config(schema),
    priorPrivate: privateBytes,
  })),
  ApplyResourceChange: ofType(RESOURCES, (schema) => ({
    priorState: state(schema),
    plannedState: planned(schema),
    config: config(schema),
    plannedPrivate: privateBytes,
  })),
  ImportResourceState: ofType(RESOURCES, ({ importId }) => ({
    id: fc.oneof(
      fc.constant(importId?.example ?? ""),
      fc.constantFrom("", "stack/a/pull@team-a", "dedicated/1", "@", "/", "a@b@c", "a/b@,"),
      anyText.map(wellFormed),
    ),
  })),
  ReadDataSource: ofType([dataRegistryToken], (schema) => ({ config: config(schema) })),
  OpenEphemeralResource: ofType([ephemeralRegistryToken], (schema) => ({ config: config(schema) })),
  RenewEphemeralResource: ofType([ephemeralRegistryToken], () => ({})),
  CloseEphemeralResource: ofType([ephemeralRegistryToken], () => ({})),
  GetFunctions: fc.constant({}),
  ConfigureProvider: fc.record({ config: config(provider) }),
  StopProvider: fc.constant({}),
};

/** An RPC with a request of it. */
export const anyCall: Arbitrary<readonly [rpc: string, request: object]> = fc
  .constantFrom(
    ...Object.keys(requests),
    "PlanResourceChange",
    "PlanResourceChange",
    "ApplyResourceChange",
    "ReadResource",
    "ValidateResourceConfig",
    "UpgradeResourceState",
  )
  .chain((rpc) => (requests[rpc] ?? fc.constant({})).map((request) => [rpc, request] as const));
