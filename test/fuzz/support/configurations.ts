import fc, { type Arbitrary } from "fast-check";
import { validateConfig } from "../../../lib/provider/framework/validate-config";
import type { ObjectValue, Value } from "../../../lib/provider/framework/value";
import { pullSecret, registryToken, serviceAccountPatch } from "../../../lib/schema";
import type { TypeSchema } from "../../../lib/schema/attribute";
import { mapOf, record, wellFormed } from "./texts";

/** A secret that every password is: it may stand in no answer. */
export const SECRET = "hunter2-hunter2-hunter2";
/** An environment variable that holds it. */
export const SECRET_VARIABLE = "REGISTRY_FUZZ";

/** The namespaces that there are; one has a name that every JavaScript object knows. */
export const NAMESPACES = ["team-a", "team-b", "constructor"] as const;
/** The ServiceAccounts of each. */
export const SERVICE_ACCOUNTS = ["default", "valueof"] as const;
/** Names of pull secrets. */
export const PULL_SECRETS = ["pull", "constructor", "other"] as const;

const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const maybe = <T extends Value>(value: Arbitrary<T>): Arbitrary<T | null> => fc.option(value);
const timeoutsOf = (...operations: readonly string[]) =>
  maybe(
    record(
      Object.fromEntries(operations.map((operation) => [operation, maybe(fc.constantFrom("5m", "2000h"))])),
    ) as Arbitrary<ObjectValue>,
  );

const key = fc.constantFrom("team", "a.b/c", "constructor", "valueOf", "example.com/x-y");
const login = fc.oneof(
  record({ username: fc.constantFrom("acme", "token"), password_wo: fc.constant(SECRET), password_wo_version: maybe(fc.nat(3)) }),
  record({ username: fc.constant("acme"), password_env: fc.constant(SECRET_VARIABLE), email: maybe(fc.constant("a@b.c")) }),
) as Arbitrary<ObjectValue>;
/** An entry with no credential. */
export const NO_LOGIN = {
  credential_id: null,
  username: null,
  email: null,
  password_wo: null,
  password_wo_version: null,
  password_env: null,
  copy_from: null,
};
const registries = fc
  .tuple(
    fc.shuffledSubarray(["a.io", "b.io:5000", "docker.io", "localhost", "[::1]:5000"], { minLength: 1 }),
    fc.array(fc.oneof({ arbitrary: login, weight: 4 }, fc.constant<ObjectValue>({})), { minLength: 1, maxLength: 3 }),
  )
  .map(([hosts, logins]) =>
    logins.flatMap((one, index) => {
      const own = hosts.filter((_, position) => position % logins.length === index);
      return own.length === 0 ? [] : [{ ...NO_LOGIN, ...one, hosts: own }];
    }),
  );

const MODELS: { readonly [type: string]: { readonly [name: string]: Arbitrary<Value> } } = {
  registry_token: {
    issuer: fc.constant("dedicated"),
    name: fc.constantFrom("pull", "constructor"),
    description: maybe(fc.constantFrom("ci", "for team a")),
    permanent: maybe(fc.boolean()),
    read_only: maybe(fc.boolean()),
    renew_before_seconds: maybe(fc.integer({ min: 0, max: 90_000 })),
    revoke_on_destroy: maybe(fc.boolean()),
    timeouts: timeoutsOf("create", "read", "delete"),
  },
  registry_pull_secret: {
    name: fc.constantFrom(...PULL_SECRETS),
    namespaces: some(NAMESPACES),
    registries,
    labels: maybe(mapOf(key, fc.stringMatching(/^[a-z]{0,5}$/), { maxKeys: 2 })),
    annotations: maybe(mapOf(key, fc.string({ unit: "binary", maxLength: 20 }).map(wellFormed), { maxKeys: 2 })),
    adopt_existing: maybe(fc.boolean()),
    timeouts: timeoutsOf("create", "read", "update", "delete"),
  },
  registry_service_account_patch: {
    namespaces: some(NAMESPACES),
    service_accounts: maybe(some(SERVICE_ACCOUNTS)),
    pull_secrets: some(PULL_SECRETS),
    adopt_existing: maybe(fc.boolean()),
    timeouts: timeoutsOf("create", "read", "update", "delete"),
  },
};

/** The resources that a configuration can be made for. */
export const RESOURCES: readonly TypeSchema[] = [registryToken, pullSecret, serviceAccountPatch];

/** Configurations of a resource that pass validation, wholly known. */
export function validConfig(schema: TypeSchema): Arbitrary<ObjectValue> {
  const unset = Object.fromEntries(Object.keys(schema.attributes).map((name) => [name, null]));
  return record(MODELS[schema.name] ?? {})
    .map((chosen) => ({ ...unset, ...(chosen as ObjectValue) }))
    .filter((config) => validateConfig(schema, config).length === 0);
}
