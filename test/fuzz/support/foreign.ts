/** What others wrote: docker configs, registers of entries, marks, tokens. */
import fc, { type Arbitrary } from "fast-check";
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import { FIELD_MANAGER } from "../../../lib/clients/kubernetes/paths";
import { INSTANCE_ANNOTATION, OWNER_ANNOTATION } from "../../../lib/domain/ownership";
import { ENTRIES_ANNOTATION } from "../../../lib/domain/pull-secret-entries";
import type { RegistryToken } from "../../../lib/issuers";
import { NAMESPACES, PULL_SECRETS, SECRET, SERVICE_ACCOUNTS } from "./configurations";
import { anyKey, anyText, mapOf, record, wellFormed } from "./texts";
import { OWNER } from "./world";

/** Owners of what is there; one has a name that every JavaScript object knows. */
const OWNERS = [OWNER, OWNER, "stack/b", "constructor"] as const;
const INSTANCES = ["0123456789abcdef", "fedcba9876543210", "toString", ""] as const;
const mostly = <T>(usual: Arbitrary<T>, other: Arbitrary<T>) => fc.oneof({ arbitrary: usual, weight: 12 }, other);

/** One login of a docker config, as tools write it, and as nobody should. */
const auth: Arbitrary<unknown> = fc.oneof(
  record({ username: fc.constantFrom("token", "ada"), password: fc.constant(SECRET) }),
  fc.constantFrom("token", "ada", "").map((name) => ({ auth: Buffer.from(`${name}:${SECRET}`).toString("base64") })),
  record({ username: anyText, password: fc.constant(SECRET), email: anyText, auth: fc.constantFrom("", "!", "YTpi") }),
  fc.jsonValue({ maxDepth: 1 }),
);

/** The content of somebody's docker config. */
export const dockerConfig: Arbitrary<string> = fc.oneof(
  {
    arbitrary: mapOf(fc.constantFrom("a.io", "A.io", "https://index.docker.io/v1/", "b.io:5000/x"), auth, { maxKeys: 3 }).map(
      (auths) => JSON.stringify({ auths }),
    ),
    weight: 5,
  },
  mapOf(anyKey, auth, { maxKeys: 3 }).map((auths) => JSON.stringify({ auths, credsStore: "x" })),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify({ auths: value })),
  fc.constantFrom("", "{", "[]", "null", "{}", '{"auths":['.repeat(200), `${'{"auths":'.repeat(200)}1${"}".repeat(200)}`),
  anyText,
);

/** Who wrote what, as the API server keeps account of it; this part is nobody's to break, and yet a proxy may. */
const managedFields: Arbitrary<KubernetesObject["metadata"]["managedFields"]> = fc.option(
  fc.array(
    record({
      manager: fc.constantFrom(FIELD_MANAGER, "kubectl"),
      fieldsV1: fc.oneof(
        fc.constant({ "f:metadata": { "f:labels": { "f:team": {} }, "f:annotations": { "f:constructor": {}, "f:note": {} } } }),
        fc.constant({ "f:metadata": null }),
      ),
    }),
    { maxLength: 2 },
  ),
  { nil: undefined },
) as Arbitrary<KubernetesObject["metadata"]["managedFields"]>;

const texts = mapOf(fc.constantFrom("team", "note", "constructor", "registry-access/x"), anyText.map(wellFormed), { maxKeys: 3 });

/** A Secret, or ServiceAccount, of an import: what its id names, and what is there. */
export interface Scene {
  readonly owner: string;
  readonly name: string;
  readonly places: readonly string[];
  readonly objects: readonly KubernetesObject[];
}

const placesOf = (places: readonly string[]) => fc.shuffledSubarray([...places], { minLength: 1 });
const base = record({ owner: fc.constantFrom(...OWNERS), name: fc.constantFrom(...PULL_SECRETS) });
const maybeMissing = <T>(there: Arbitrary<T>) => fc.option(there, { freq: 5, nil: undefined });

/** Secrets of one name, mostly its owner's. */
export const pullSecretScene: Arbitrary<Scene> = fc
  .tuple(base, placesOf(NAMESPACES), dockerConfig, managedFields)
  .chain(([{ owner, name }, places, common, fields]) => {
    const one = record({
      by: mostly<string | undefined>(fc.constant(owner), fc.constantFrom(undefined, "stack/c")),
      instance: mostly<string | undefined>(fc.constantFrom(...INSTANCES), fc.constant(undefined)),
      content: fc.oneof({ arbitrary: fc.constant(common), weight: 3 }, dockerConfig),
      type: mostly(fc.constant("kubernetes.io/dockerconfigjson"), fc.constantFrom("Opaque", "kubernetes.io/dockercfg")),
      key: mostly(fc.constant(".dockerconfigjson"), fc.constantFrom(".dockercfg", "constructor")),
      labels: texts,
      annotations: texts,
    });
    return fc.tuple(...places.map(() => maybeMissing(one))).map((all) => ({
      owner,
      name,
      places,
      objects: all.flatMap((found, index) => {
        if (found === undefined) return [];
        const { by, instance, content, type, key, labels, annotations } = found;
        const marks = {
          ...(by === undefined ? {} : { [OWNER_ANNOTATION]: by }),
          ...(instance === undefined ? {} : { [INSTANCE_ANNOTATION]: instance }),
        };
        const metadata = { name, namespace: places[index] ?? "", labels, annotations: { ...annotations, ...marks } };
        return [
          {
            type,
            metadata: fields === undefined ? metadata : { ...metadata, managedFields: fields },
            data: { [key]: Buffer.from(content).toString("base64") },
          },
        ];
      }),
    }));
  });

const register = (owner: string, name: string): Arbitrary<string> =>
  mapOf(fc.constantFrom(...OWNERS, "__proto__"), mapOf(fc.constantFrom(...PULL_SECRETS), fc.constantFrom(...INSTANCES)), {
    maxKeys: 2,
  }).chain((others) =>
    fc
      .constantFrom(...INSTANCES)
      .map((instance) => JSON.stringify({ ...others, [owner]: { ...others[owner], [name]: instance } })),
  );
const brokenRegister: Arbitrary<string> = fc.oneof(
  mapOf(anyKey, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }).map((value) => JSON.stringify(value)),
  fc.constantFrom("", "{", "[]", "null", '{"stack/a":null}', '{"stack/a":{"pull":1}}', '{"stack/a":["pull"]}'),
  anyText.map(wellFormed),
);

/** ServiceAccounts with the registers of others. */
export const patchScene: Arbitrary<Scene> = fc
  .tuple(base, placesOf(NAMESPACES.flatMap((namespace) => SERVICE_ACCOUNTS.map((account) => `${namespace}/${account}`))))
  .chain(([{ owner, name }, places]) => {
    const one = record({
      annotation: fc.oneof(
        { arbitrary: register(owner, name) as Arbitrary<string | undefined>, weight: 2 },
        brokenRegister,
        fc.constant(undefined),
      ),
      names: fc.array(fc.constantFrom(...PULL_SECRETS, "theirs"), { maxLength: 3 }),
    });
    return fc.tuple(...places.map(() => maybeMissing(one))).map((all) => ({
      owner,
      name,
      places,
      objects: all.flatMap((found, index) => {
        const [namespace = "", account = ""] = (places[index] ?? "").split("/");
        if (found === undefined) return [];
        const annotations = found.annotation === undefined ? {} : { annotations: { [ENTRIES_ANNOTATION]: found.annotation } };
        return [
          {
            metadata: { name: account, namespace, ...annotations },
            imagePullSecrets: found.names.map((entry) => ({ name: entry })),
          },
        ];
      }),
    }));
  });

/** What an issuer lists, issued by hand and by others. */
export const listedTokens: Arbitrary<readonly RegistryToken[]> = fc
  .array(
    record({
      description: fc.oneof(
        fc.constantFrom("ci", "constructor", "", "ci [registry-access owner=stack/b name=pull number=1 nonce=ab]"),
        anyText.map(wellFormed),
      ),
      readOnly: fc.boolean(),
      revoked: mostly(fc.constant(false), fc.constant(true)),
      expiresAt: fc.constantFrom(null, null, new Date(Date.UTC(2036, 0, 1)), new Date(Date.UTC(2020, 0, 1))),
    }),
    { maxLength: 4 },
  )
  .map((all) => all.map((token, index) => ({ ...token, id: `id-${index}`, issuedAt: null }) as RegistryToken));
