import fc, { type Arbitrary } from "fast-check";
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import { ENTRIES_ANNOTATION } from "../../../lib/domain/pull-secret-entries";
import { Secret } from "../../../lib/domain/secret";
import type { BluemixIssuer, RegistryToken } from "../../../lib/issuers";
import type { ConfiguredProvider } from "../../../lib/provider/configured/provider";
import type { Runtime } from "../../../lib/provider/configured/runtime";
import { DiagnosticError } from "../../../lib/provider/framework/diagnostic";
import { createFakeCluster, type FakeCluster } from "../../provider/resources/fake-cluster";
import { NAMESPACES, PULL_SECRETS, SECRET, SECRET_VARIABLE, SERVICE_ACCOUNTS } from "./configurations";
import { mapOf, record } from "./texts";

/** Who the provider under test is. */
export const OWNER = "stack/a";

/** What is there before anybody applies. */
export interface Before {
  readonly secrets: readonly KubernetesObject[];
  readonly serviceAccounts: readonly KubernetesObject[];
  /** Writes there are refused. */
  readonly refused: readonly string[];
  /** The answer to the first write there is lost. */
  readonly lost: readonly string[];
  /** What the issuer lists. @default - nothing */
  readonly tokens?: readonly RegistryToken[];
}

/** Nobody was there. */
export const NOTHING: Before = { secrets: [], serviceAccounts: [], refused: [], lost: [] };

const someone = fc.oneof(
  fc.constant({}),
  record({
    "registry-access/owner": fc.constantFrom("stack/b", "constructor", OWNER),
    "registry-access/instance": fc.constantFrom("0123456789abcdef", "toString"),
  }),
) as Arbitrary<{ [name: string]: string }>;
const register = mapOf(
  fc.constantFrom("stack/b", OWNER, "constructor"),
  mapOf(fc.constantFrom(...PULL_SECRETS), fc.constantFrom("0123456789abcdef", "1111")),
  { maxKeys: 2 },
);
/** Who registered what is there: an entry that is registered and gone comes back, and stays for its owner after a rollback. */
const entriesOf = (registered: { [owner: string]: { [name: string]: string } } | null, names: readonly string[]) => {
  const there = Object.entries(registered ?? {}).flatMap(([owner, own]) => {
    const kept = Object.entries(own).filter(([name]) => names.includes(name));
    return kept.length === 0 ? [] : [[owner, Object.fromEntries(kept)]];
  });
  return there.length === 0 ? {} : { annotations: { [ENTRIES_ANNOTATION]: JSON.stringify(Object.fromEntries(there)) } };
};

const secret = fc
  .record({
    name: fc.constantFrom(...PULL_SECRETS),
    namespace: fc.constantFrom(...NAMESPACES),
    annotations: someone,
    type: fc.constantFrom("kubernetes.io/dockerconfigjson", "kubernetes.io/dockerconfigjson", "Opaque"),
    content: fc.constantFrom('{"auths":{}}', '{"auths":{"x.io":{"auth":"YTpi"}}}', "{", ""),
    immutable: fc.constantFrom(undefined, undefined, true),
  })
  .map(({ name, namespace, annotations, type, content, immutable }) => ({
    type,
    ...(immutable === undefined ? {} : { immutable }),
    metadata: { name, namespace, annotations, labels: { theirs: "x" } },
    data: { ".dockerconfigjson": Buffer.from(content).toString("base64") },
  }));
const serviceAccounts = fc
  .array(fc.tuple(fc.array(fc.constantFrom(...PULL_SECRETS, "theirs"), { maxLength: 3 }), fc.option(register, { freq: 2 })), {
    minLength: NAMESPACES.length * SERVICE_ACCOUNTS.length,
    maxLength: NAMESPACES.length * SERVICE_ACCOUNTS.length,
  })
  .map((all) =>
    all.map(([names, registered], index) => ({
      metadata: {
        name: SERVICE_ACCOUNTS[index % SERVICE_ACCOUNTS.length] ?? "",
        namespace: NAMESPACES[Math.floor(index / SERVICE_ACCOUNTS.length)] ?? "",
        ...entriesOf(registered, names),
      },
      imagePullSecrets: names.map((name) => ({ name })),
    })),
  );
const rarely = fc.oneof(
  { arbitrary: fc.constant<string[]>([]), weight: 4 },
  fc.subarray([...NAMESPACES], { minLength: 1, maxLength: 1 }),
);

/** Clusters that others were in before. */
export const before: Arbitrary<Before> = record({
  secrets: fc.array(secret, { maxLength: 3 }),
  serviceAccounts,
  refused: rarely,
  lost: rarely,
});

/** A cluster and an issuer in memory, and a provider that is configured for them. */
export interface World {
  readonly cluster: FakeCluster;
  /** What the issuer lists. */
  readonly tokens: readonly RegistryToken[];
  readonly runtime: Runtime;
  /** A provider for it, as Terraform starts one for each plan and each apply. */
  provider(): ConfiguredProvider;
}

/** Makes one as it was before. */
export function createWorld({ secrets, serviceAccounts: accounts, refused, lost, tokens: listed = [] }: Before): World {
  const cluster = createFakeCluster();
  for (const one of secrets) cluster.put("secrets", one);
  for (const one of accounts) cluster.put("serviceaccounts", one);
  for (const namespace of refused) cluster.refuse(namespace);
  for (const namespace of lost) cluster.loseAnswer(namespace);
  let drawn = 0;
  const runtime: Runtime = {
    environment: { [SECRET_VARIABLE]: SECRET },
    clock: () => new Date(Date.UTC(2026, 0, 1)),
    random: () => 0,
    randomBytes(count) {
      drawn += 1;
      return Buffer.alloc(count, drawn);
    },
  };
  const { issuer, tokens } = createIssuer(listed);
  const get = async (name: string) => (name === issuer.name ? issuer : Promise.reject(noIssuer(name)));
  const provider = (): ConfiguredProvider => ({
    ...cluster.context(OWNER).provider,
    runtime,
    issuers: {
      names: [issuer.name],
      isKnown: (name) => name === issuer.name,
      hosts: (name) => (name === issuer.name ? HOSTS : undefined),
      check(name) {
        if (name !== issuer.name) throw noIssuer(name);
      },
      get,
      getOf: ((_kind: string, name: string) => get(name)) as never,
    },
  });
  return { cluster, tokens, runtime, provider };
}

const HOSTS: readonly string[] = ["a.io"];

function noIssuer(name: string): DiagnosticError {
  return DiagnosticError.at(["issuer"], "No such issuer", `There is no issuer ${JSON.stringify(name)}.`);
}

function createIssuer(listed: readonly RegistryToken[]): { readonly issuer: BluemixIssuer; readonly tokens: RegistryToken[] } {
  const tokens: RegistryToken[] = [...listed];
  const issuer: BluemixIssuer = {
    name: "dedicated",
    kind: "bluemix",
    hosts: async () => HOSTS,
    username: "token",
    async issue({ description, permanent, readOnly }) {
      const issuedAt = new Date(Date.UTC(2026, 0, 1));
      const expiresAt = permanent ? null : new Date(issuedAt.getTime() + 86_400_000);
      const token: RegistryToken = { id: `id-${tokens.length}`, description, readOnly, revoked: false, expiresAt, issuedAt };
      tokens.push(token);
      return token;
    },
    list: async () => [...tokens],
    reveal: async (id) =>
      tokens.some((token) => token.id === id && !token.revoked) ? { username: "token", password: Secret.of(SECRET) } : undefined,
    // Whatever is held may be the first one's.
    identify: async () => tokens[0]?.id,
    async revoke(id) {
      const at = tokens.findIndex((token) => token.id === id);
      const token = tokens[at];
      if (token !== undefined) tokens[at] = { ...token, revoked: true };
    },
  };
  return { issuer, tokens };
}
