import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc, { type Arbitrary } from "fast-check";
import { ClientError } from "../../../lib/clients/client-error";
import { parseChallenges } from "../../../lib/clients/container-registry/challenge";
import { connectionOfKubeconfig } from "../../../lib/clients/kubernetes/kubeconfig-connection";
import { type LockEntry, mergeLockFile, parseLockFile } from "../../../lib/constructs/lock-file";
import { authOf, canonicalDockerConfig, formatDockerConfig, hostKeysOf, readLogins } from "../../../lib/domain/docker-config";
import { canonicalJson } from "../../../lib/domain/horizon/canonical-json";
import { isFaulty, readDefinition } from "../../../lib/domain/horizon/definition";
import { differences } from "../../../lib/domain/horizon/differences";
import { checkPatternDefinition } from "../../../lib/domain/horizon/pattern-definition";
import { publishedPattern, publishedService, signaturesOf } from "../../../lib/domain/horizon/publication";
import { checkServiceDefinition } from "../../../lib/domain/horizon/service-definition";
import {
  addEntries,
  moveEntries,
  ownEntries,
  type PullSecretEntries,
  removeEntries,
  statusOfEntries,
  undoEntries,
} from "../../../lib/domain/pull-secret-entries";
import { toConfigKey } from "../../../lib/domain/registry-host";
import { Secret } from "../../../lib/domain/secret";
import { formatTime, tokenStatus } from "../../../lib/domain/token-status";
import { readTokenClaims } from "../../../lib/issuers/bluemix/token-claims";
import { growing, growingText, pumpOf } from "../support/growth";
import { type FuzzSuite, property } from "../support/property";
import { anyKey, anyText, ensure, mapOf, record, registryHost, same, wordsOf } from "../support/texts";

let folder = "";
const SECRET = "hunter2-hunter2";

// ---- what is published in Open Horizon's exchange
const field = fc.constantFrom(
  "label",
  "url",
  "arch",
  "deployment",
  "services",
  "serviceVersions",
  "deployment_overrides",
  "image",
  "A",
);
const definitionText = fc.oneof(
  mapOf(field, fc.oneof(fc.jsonValue({ maxDepth: 4 }), mapOf(field, fc.jsonValue({ maxDepth: 3 })))).map((value) =>
    JSON.stringify(value),
  ),
  mapOf(field, fc.constantFrom("$A", "$$A", "$constructor", "$__proto__")).map((value) => JSON.stringify(value)),
  anyText,
);

// ---- the docker config JSON
const login = record({
  hosts: fc.array(fc.oneof(registryHost, fc.constantFrom("a.io", "b.io", "docker.io", "a.io:443")), {
    minLength: 1,
    maxLength: 3,
  }),
  username: fc.string({ unit: "grapheme", maxLength: 12 }).map((name) => name.replaceAll(":", "")),
  password: fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => Secret.of(text)),
});
const jsonText = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)),
  fc
    .dictionary(
      fc.constantFrom("auths", "__proto__", "credsStore"),
      mapOf(
        anyKey,
        fc.oneof(
          fc.jsonValue({ maxDepth: 2 }),
          record({ username: fc.jsonValue({ maxDepth: 1 }), password: fc.jsonValue({ maxDepth: 1 }), auth: anyText }),
        ),
      ),
      { maxKeys: 3 },
    )
    .map((value) => JSON.stringify(value)),
  fc
    .tuple(fc.constantFrom("[", '{"a":', '{"auths":'), fc.integer({ min: 1, max: 1_000 }), fc.constantFrom("", "1", "]", "}"))
    .map(([open, times, end]) => open.repeat(times) + end.repeat(times)),
  fc
    .tuple(fc.constantFrom(["[", "]"], ['{"auths":', "}"]), fc.integer({ min: 1, max: 1_000 }))
    .map(([[open = "", close = ""], times]) => `{"auths":${open.repeat(times)}1${close.repeat(times)}}`),
  anyText,
);

const hostsOf = (size: number) => Array.from({ length: size / 32 }, (_, index) => `registry-${index}.example.com`);
const configOf = (size: number, auth: (index: number) => object) =>
  JSON.stringify({ auths: Object.fromEntries(hostsOf(size).map((host, index) => [host, auth(index)])) });
const basicOf = (text: string) => ({ auth: Buffer.from(text).toString("base64") });
/** Docker config JSONs of about so many characters. */
const DOCKER_CONFIGS: { readonly [name: string]: (size: number) => string } = {
  "many hosts with the same login": (size) => configOf(size, () => basicOf("ada:secret")),
  "many hosts, each with its own login": (size) => configOf(size, (index) => basicOf(`ada:secret-${index}`)),
  "many hosts without a login": (size) => configOf(size, () => ({})),
  "a long host": (size) => JSON.stringify({ auths: { ["a.".repeat(size / 2)]: basicOf("ada:secret") } }),
  "a long login": (size) => JSON.stringify({ auths: { "a.io": basicOf(":".repeat(size)) } }),
  "many fields in a login": (size) =>
    JSON.stringify({ auths: { "a.io": Object.fromEntries(hostsOf(size).map((name) => [name, ""])) } }),
  "many members beside the logins": (size) =>
    JSON.stringify({ ...Object.fromEntries(hostsOf(size).map((name) => [name, [name]])), auths: {} }),
  "lists in lists": (size) => `{"auths":${"[".repeat(size / 2)}${"]".repeat(size / 2)}}`,
  "objects in objects": (size) => `${'{"a":'.repeat(size / 6)}1${"}".repeat(size / 6)}`,
};
const DOCKER_WORDS = ['{"auths":{', '"a":', '"', "\\", '"\\', "{", "}", "[", ",", "\\u0000", "1", " "];
const DOCKER_READERS: { readonly [name: string]: (text: Secret) => unknown } = {
  canonicalDockerConfig,
  hostKeysOf,
  readLogins,
  authOf: (text) => authOf(text, "a.io"),
};

// ---- entries of a ServiceAccount
const secretName = fc.constantFrom("constructor", "pull", "a", "b", "other");
const ownerName = fc.constantFrom("constructor", "toString", "stack/a", "b");
/** What another resource of our own owner registered is ours to take over, and goes with us. */
const ownership = record({
  owner: fc.constantFrom("__proto__", "hasOwnProperty", "stack/ours"),
  instance: fc.constantFrom("1111", "2222"),
});
const register = mapOf(ownerName, mapOf(secretName, fc.constantFrom("1111", "2222", "3333")), { maxKeys: 3 });
const entries: Arbitrary<PullSecretEntries> = record({
  names: fc.array(secretName, { maxLength: 5 }),
  annotation: fc.option(fc.oneof({ arbitrary: register.map((value) => JSON.stringify(value)), weight: 3 }, jsonText), {
    nil: undefined,
  }),
});
const wantedNames = fc.uniqueArray(secretName, { maxLength: 3 });

// ---- WWW-Authenticate
const token = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
const quotable = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('a "b"', "a,b", "a\\", "", "=", "https://a/t?x=1,2"));
const challenge = record({
  scheme: token,
  parameters: mapOf(fc.oneof(token, fc.constant("__proto__")), quotable, { minKeys: 1, maxKeys: 4 }),
});
const formatChallenge = ({ scheme, parameters }: { scheme: string; parameters: { [name: string]: string } }) =>
  `${scheme} ${Object.entries(parameters)
    .map(([name, value]) => `${name}="${value.replace(/["\\]/g, "\\$&")}"`)
    .join(", ")}`;
const HEADER_WORDS = [
  "Bearer",
  "Basic",
  "realm",
  "service",
  "scope",
  "=",
  ",",
  '"',
  "\\",
  " ",
  "https://a/t",
  "repository:a/b:pull,push",
  "Negotiate",
  "abc==",
  "__proto__",
];

// ---- .terraform.lock.hcl
const lockText = fc.stringMatching(/^[A-Za-z0-9.,~>= +/:-]{1,20}$/);
const lockEntry: Arbitrary<LockEntry> = record({
  address: fc.stringMatching(/^[a-z.]{1,10}\/[a-z]{1,8}\/[a-z0-9-]{1,8}$/),
  version: fc.stringMatching(/^\d\.\d{1,2}\.\d(-[a-z]{1,4})?$/),
  constraints: fc.oneof(fc.constant(""), lockText),
  hashes: fc.array(fc.stringMatching(/^(h1|zh):[A-Za-z0-9+/=]{1,30}$/), { maxLength: 3 }),
});
const lockEntries = fc.uniqueArray(lockEntry, { maxLength: 4, selector: ({ address }) => address });
const LOCK_WORDS = [
  "provider",
  ' "a/b/c" ',
  "{\n",
  "}\n",
  "version = ",
  '"1.0.0"\n',
  "hashes = [\n",
  "]\n",
  "/*",
  "*/",
  "# x\n",
  '"',
  "\n",
  "\r\n",
  "constraints = ",
];
const byAddress = (list: readonly LockEntry[]) => [...list].sort((a, b) => (a.address < b.address ? -1 : 1));

// ---- kubeconfig
const YAML_WORDS = [
  "clusters:\n",
  "- name: a\n",
  "  cluster:\n",
  "    server: https://127.0.0.1:1\n",
  "users:\n",
  "  user:\n",
  `    token: ${SECRET}\n`,
  "contexts:\n",
  "  context: {cluster: a, user: a}\n",
  "current-context: a\n",
  "    exec:\n",
  "      command: a\n",
  "      args: [",
  "*x",
  "&x ",
  "{toString: 1}",
  "]",
  "}",
  "{",
  "'",
  '"',
  ": ",
  "- ",
  "\n",
  "\t",
  "!!js/function 'x'",
  "!!binary aGk=",
  "<<: *x\n",
  "? ",
  "__proto__: ",
  "|\n",
  "#",
  "---\n",
  "    certificate-authority-data: eA==\n",
  "    client-key: /nowhere\n",
  "    as: x\n",
  "    as-groups: [a]\n",
];
const yamlValue: Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  anyText,
  fc.constant({ toString: 1 }),
  fc.constant([[["a"]]]),
);
const kubeconfig = record({
  clusters: fc.array(
    record({
      name: fc.oneof(fc.constant("a"), yamlValue),
      cluster: mapOf(fc.constantFrom("server", "certificate-authority-data", "proxy-url", "tls-server-name"), yamlValue),
    }),
    { maxLength: 2 },
  ),
  users: fc.array(
    record({
      name: fc.oneof(fc.constant("a"), yamlValue),
      user: mapOf(
        fc.constantFrom(
          "token",
          "exec",
          "username",
          "password",
          "as",
          "as-groups",
          "as-user-extra",
          "client-key-data",
          "auth-provider",
        ),
        fc.oneof(
          yamlValue,
          record({
            apiVersion: yamlValue,
            command: yamlValue,
            args: yamlValue,
            env: fc.array(record({ name: yamlValue, value: yamlValue }), { maxLength: 2 }),
          }),
        ),
      ),
    }),
    { maxLength: 2 },
  ),
  contexts: fc.array(record({ name: fc.constant("a"), context: fc.oneof(fc.constant({ cluster: "a", user: "a" }), yamlValue) }), {
    maxLength: 2,
  }),
  "current-context": fc.oneof(fc.constant("a"), yamlValue),
});
/** The same list ten times in a list, ten times in a list, …: text of some bytes that is gigabytes long. */
const BOMB = [
  "a0: &a0 [x]",
  ...Array.from({ length: 12 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(", ")}]`),
].join("\n");
const bomb = fc
  .constantFrom("args: *a12", "env: [{name: *a12, value: *a12}]")
  .map(
    (field) =>
      `${BOMB}\nclusters: [{name: a, cluster: {server: https://127.0.0.1:1}}]\nusers:\n- name: a\n  user: {exec: {command: a, ${field}}, as: a, as-groups: *a12}\ncontexts: [{name: a, context: {cluster: a, user: a}}]\ncurrent-context: a\n`,
  );

const SETTINGS = {
  configContext: null,
  configContextAuthInfo: null,
  configContextCluster: null,
  host: null,
  token: null,
  username: null,
  password: null,
  clientCertificate: null,
  clientKey: null,
  clusterCaCertificate: null,
  insecure: false,
  tlsServerName: null,
  proxyUrl: null,
  exec: null,
};

/** Parsers of whole documents that others write. */
export const documents: FuzzSuite = {
  name: "documents",
  async open() {
    folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  },
  properties: [
    property(
      "a docker config JSON holds for each host its own login, the last one given",
      5_000,
      fc.array(login, { minLength: 1, maxLength: 4 }),
      (logins) => {
        const text = formatDockerConfig(logins);
        for (const { hosts } of logins) {
          for (const host of hosts) {
            const meant = logins.findLast((other) => other.hosts.some((name) => toConfigKey(name) === toConfigKey(host)));
            const auth = authOf(text, host);
            same([auth?.username, auth?.password], [meant?.username, meant?.password.reveal()], host);
            same(
              Buffer.from(auth?.auth ?? "", "base64").toString(),
              Buffer.from(`${meant?.username}:${meant?.password.reveal()}`).toString(),
              "auth",
            );
          }
        }
      },
    ),
    property(
      "a docker config JSON never yields another host's login",
      4_000,
      fc.tuple(
        fc.array(login, { maxLength: 3 }),
        fc.oneof(registryHost, anyKey, fc.constantFrom("a.io", "A.io", "a.io:443", "a.io/", "https://a.io", "index.docker.io")),
      ),
      ([logins, host]) => {
        const named = logins.some(({ hosts }) => hosts.some((name) => toConfigKey(name) === toConfigKey(host)));
        same(authOf(formatDockerConfig(logins), host) !== undefined, named, host);
      },
    ),
    property(
      "any docker config JSON is read, or is none",
      5_000,
      fc.tuple(jsonText, fc.oneof(anyKey, registryHost)),
      ([text, host]) => {
        const auth = authOf(Secret.of(text), host);
        for (const value of Object.values(auth ?? {})) ensure(typeof value === "string", "a login is text");
        const canonical = canonicalDockerConfig(Secret.of(text));
        if (canonical === undefined) return;
        same(canonicalDockerConfig(canonical)?.reveal(), canonical.reveal(), "canonical of canonical");
        same(JSON.parse(canonical.reveal()), JSON.parse(text), "the same content");
      },
    ),
    property(
      "any definition for Open Horizon is read and judged, and what is signed stays canonical",
      1_000,
      fc.tuple(definitionText, fc.dictionary(fc.constantFrom("A", "__proto__", "constructor"), anyText, { maxKeys: 2 })),
      ([text, variables]) => {
        const read = readDefinition(text, variables);
        if (isFaulty(read)) return ensure(read.length > 0, "a fault says what is wrong");
        const faults = [...checkServiceDefinition(read), ...checkPatternDefinition(read)];
        for (const { detail } of faults) ensure(detail.endsWith("."), "a fault is a sentence");
        for (const published of [publishedService(read, () => "s"), publishedPattern({ services: read.services }, () => "s")]) {
          for (const { text: signed } of signaturesOf(published)) same(canonicalJson(JSON.parse(signed)), signed, "canonical");
          same(differences(published, published), [], "nothing differs from itself");
        }
      },
    ),
    property(
      "added entries are in sync and our own, and go again alone",
      5_000,
      fc.tuple(entries, wantedNames, ownership),
      ([before, wanted, own]) => {
        const removed = removeEntries(before, own.instance);
        const added = addEntries(removed, wanted, own);
        for (const name of wanted) ensure(added.names.includes(name), "added");
        same(added.names.slice(0, removed.names.length), removed.names, "others' entries stay");
        same(
          sameSet(
            ownEntries(added, own.instance).filter((name) => !(wanted as readonly string[]).includes(name)),
            [],
          ),
          true,
          "no more than wanted",
        );
        const gone = removeEntries(added, own.instance);
        same(ownEntries(gone, own.instance), [], "nothing of ours is left");
        const left = gone.names.slice(removed.names.length);
        same(gone.names.slice(0, removed.names.length), removed.names, "others' entries are left");
        ensure(
          left.every((name) => gone.annotation?.includes(JSON.stringify(name))),
          "what is left has another owner",
        );
      },
    ),
    property(
      "entries broken by hand are read, moved and undone",
      5_000,
      fc.tuple(entries, entries, wantedNames, ownership),
      ([now, former, wanted, own]) => {
        const moved = moveEntries(now, own, "stack/a");
        same(moved.names, now.names, "names");
        same(sameSet(ownEntries(moved, own.instance), ownEntries(now, own.instance)), true, "ours");
        undoEntries(now, own, former);
        statusOfEntries(now, wanted, own, wanted);
      },
    ),
    property(
      "challenges are read as they were written",
      4_000,
      fc.array(challenge, { minLength: 1, maxLength: 3 }),
      (challenges) => {
        const read = parseChallenges(challenges.map(formatChallenge).join(", "));
        same(
          read.map(({ scheme, parameters }) => [scheme, Object.entries(parameters).sort()]),
          challenges.map(({ scheme, parameters }) => [scheme, Object.entries(parameters).sort()]),
          "read",
        );
      },
    ),
    property("any WWW-Authenticate is read", 5_000, fc.oneof(wordsOf(...HEADER_WORDS), anyText), (header) => {
      for (const { scheme, parameters } of parseChallenges(header)) {
        ensure(scheme === scheme.toLowerCase(), "scheme");
        for (const [name, value] of Object.entries(parameters))
          ensure(name === name.toLowerCase() && typeof value === "string", name);
      }
    }),
    growingText("WWW-Authenticate", 300, pumpOf(...HEADER_WORDS, 'a="', 'a="\\"', '"\\', "a=b,", "a b"), parseChallenges),
    property(
      "a token's claims are dates that can be written, or none",
      4_000,
      fc
        .oneof(
          fc.jsonValue({ maxDepth: 1 }),
          record({
            jti: fc.jsonValue({ maxDepth: 0 }),
            exp: fc.oneof(fc.double(), fc.integer(), fc.constantFrom(1e300, 8.64e12, 8.64e12 + 1, 253402300800)),
            iat: fc.double(),
          }),
        )
        .chain((claims) =>
          fc.oneof(
            fc.constant(`h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`),
            wordsOf(".", "e30", "eyJ", "=", "a"),
            anyText,
          ),
        ),
      (text) => {
        const { id, expiresAt, issuedAt } = readTokenClaims(Secret.of(text));
        ensure(id === undefined || id !== "", "id");
        for (const date of [expiresAt, issuedAt])
          if (date !== null) ensure(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(formatTime(date)), formatTime(date));
        tokenStatus({ revoked: false, expiresAt }, 5, new Date(0));
      },
    ),
    property("a lock file is read as it was written", 3_000, lockEntries, (list) => {
      const text = mergeLockFile(undefined, list);
      same(parseLockFile(text), byAddress(list), "read");
      same(mergeLockFile(text, list), text, "merged again");
    }),
    property(
      "a merged lock file has what is required, and keeps the rest",
      3_000,
      fc.tuple(
        fc.oneof(
          lockEntries.map((list) => mergeLockFile(undefined, list)),
          wordsOf(...LOCK_WORDS),
          anyText,
        ),
        lockEntries,
        lockEntries,
      ),
      ([existing, required, forCdktf]) => {
        const merged = parseLockFile(mergeLockFile(existing, required, forCdktf));
        for (const wanted of required) {
          const found = merged.find(({ address }) => address === wanted.address);
          ensure(found?.version === wanted.version && wanted.hashes.every((hash) => found.hashes.includes(hash)), wanted.address);
        }
        const others = parseLockFile(existing).map(({ address }) => address);
        for (const address of others)
          ensure(
            merged.some((entry) => entry.address === address),
            `${address} is lost`,
          );
      },
    ),
    growingText("a lock file", 100, pumpOf(...LOCK_WORDS, " ", '\nprovider "a/b/c" {\n', "\n  version"), parseLockFile),
    ...Object.entries(DOCKER_READERS).map(([name, read]) =>
      growing(
        `${name} of a docker config JSON`,
        60,
        fc.constantFrom(...Object.keys(DOCKER_CONFIGS)),
        (kind, size) => Secret.of(DOCKER_CONFIGS[kind]?.(size) ?? ""),
        read,
      ),
    ),
    growingText("a broken docker config JSON", 60, pumpOf(...DOCKER_WORDS), (text) =>
      Object.values(DOCKER_READERS).map((read) => read(Secret.of(text))),
    ),
    growing(
      "a docker config JSON that is written",
      10,
      login,
      (one, size) => hostsOf(size).map((host) => ({ ...one, hosts: [host] })),
      formatDockerConfig,
    ),
    growing(
      "the entries of a ServiceAccount",
      40,
      ownership,
      (own, size) => ({ own, names: hostsOf(size) }),
      ({ own, names }) => {
        const added = addEntries({ names, annotation: undefined }, [...names, "pull"], own);
        moveEntries(added, own, "stack/a");
        statusOfEntries(added, ["pull"], own, ["pull"]);
        return removeEntries(added, own.instance);
      },
    ),
    growingText("a token's claims", 60, pumpOf(".", "e30", "eyJ", "=", "a", "_"), (text) => readTokenClaims(Secret.of(text))),
    property(
      "a kubeconfig is read, or is refused without what it holds",
      5_000,
      fc.oneof(
        { arbitrary: wordsOf(...YAML_WORDS), weight: 3 },
        { arbitrary: kubeconfig.map((value) => JSON.stringify(value)), weight: 3 },
        { arbitrary: anyText, weight: 1 },
        { arbitrary: bomb, weight: 1 },
      ),
      async (text) => {
        const file = join(folder, "config");
        writeFileSync(file, text);
        try {
          const { server, user } = await connectionOfKubeconfig({ ...SETTINGS, configPaths: [file] });
          ensure(typeof server === "string", "server");
          for (const value of [...(user.exec?.args ?? []), ...Object.values(user.exec?.env ?? {})])
            ensure(typeof value === "string", "exec");
        } catch (error) {
          if (!ClientError.is(error, "invalid")) throw error;
          ensure(error.message.length > 20 && !error.message.includes(SECRET), `says ${error.message}`);
        }
      },
    ),
    growingText("a kubeconfig", 60, pumpOf(...YAML_WORDS.filter((word) => !word.includes("*"))), async (text) => {
      const file = join(folder, "config");
      writeFileSync(file, text);
      await connectionOfKubeconfig({ ...SETTINGS, configPaths: [file] }).catch(() => undefined);
    }),
  ],
  async close() {
    rmSync(folder, { recursive: true, force: true });
  },
};

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
