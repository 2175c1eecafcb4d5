/** What pull checks read from strangers: kubelets, container runtimes, registries behind them, and whoever writes Secrets. */
import fc, { type Arbitrary } from "fast-check";
import { ClientError } from "../../../lib/clients/client-error";
import type { KubernetesClient } from "../../../lib/clients/kubernetes/client";
import { formatImageReference, parseImageReference } from "../../../lib/domain/image-reference";
import { likelyCause } from "../../../lib/domain/pulls/cause";
import { type PodEvent, secretsNotFound, wordsOf as wordsOfPull } from "../../../lib/domain/pulls/events";
import { faultOf, type PullFault } from "../../../lib/domain/pulls/fault";
import { keysFor } from "../../../lib/domain/pulls/keyring";
import type { ContainerPull, Pod } from "../../../lib/domain/pulls/pod";
import { progressOf } from "../../../lib/domain/pulls/progress";
import { pullSecretKeys } from "../../../lib/domain/pulls/pull-secret-keys";
import { judgeWaitingPod } from "../../../lib/domain/pulls/waiting-pods";
import { expectationOf, type Workload } from "../../../lib/domain/pulls/workload";
import type { ConfiguredProvider } from "../../../lib/provider/configured/provider";
import type { TypeContext } from "../../../lib/provider/framework/definition";
import { read } from "../../../lib/provider/resources/pull-check/read";
import { growing, growingText, pumpOf } from "../support/growth";
import { type FuzzSuite, property } from "../support/property";
import { createTally } from "../support/tally";
import { anyKey, anyText, ensure, mapOf, record, same, wordsOf } from "../support/texts";

const SECRET = "hunter2-hunter2";
const ENCODED = Buffer.from(`ada:${SECRET}`).toString("base64");

/** Names that are words of kubelets and registries, too. */
const NAME_WORDS = ["unauthorized", "denied", "tls", "x509", "not-found", "401", "404", "503", "e", "a", "eof", "name", "rate"];
const part = fc.constantFrom(...NAME_WORDS);
const image: Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("r.example", "denied.example:5000", "401.example", "tls:5000", "docker.io", "localhost:404"),
    fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
    fc.option(
      fc.oneof(
        part.map((tag) => `:${tag}`),
        fc.constant(`@sha256:${"4".repeat(64)}`),
      ),
      { nil: "" },
    ),
  )
  .map(([host, repository, rest]) => `${host}/${repository}${rest}`);

/** What runtimes say, each in its frame: `@I` stands for the image, `@H` for its host, `@R` for its repository, `@T` for its tag. */
const SAID: { readonly [words: string]: PullFault } = {
  'failed to resolve reference "@I": pulling from host @H failed with status code [manifests @T]: 401 Unauthorized': "refused",
  'failed to resolve reference "@I": unexpected status from HEAD request to https://@H/v2/@R/manifests/@T: 403 Forbidden':
    "refused",
  "reading manifest @T in @H/@R: authentication required": "refused",
  "Error response from daemon: pull access denied for @R, repository does not exist or may require 'docker login'": "refused",
  'rpc error: code = NotFound desc = failed to pull and unpack image "@I": failed to resolve image: @I: not found': "not_found",
  "Error response from daemon: manifest for @I not found: manifest unknown: manifest unknown": "not_found",
  "reading manifest @T in @H/@R: name unknown: repository name not known to registry": "no_repository",
  'failed to do request: Head "https://@H/v2/@R/manifests/@T": dial tcp 10.0.0.7:403: connect: connection refused': "unreachable",
  'failed to do request: Head "https://@H/v2/@R/manifests/@T": dial tcp [::1]:404: i/o timeout': "timed_out",
  'failed to do request: Head "https://@H/v2/@R/manifests/@T": dial tcp: lookup @H on 10.0.0.10:53: no such host': "unresolved",
  'failed to do request: Head "https://@H/v2/@R/manifests/@T": tls: failed to verify certificate: x509: certificate signed by unknown authority':
    "unknown_authority",
  "pinging container registry @H: received unexpected HTTP status: 502 Bad Gateway": "server_error",
  "something else happened to @I": "unknown",
};
function said(frame: string, of: string): string {
  const reference = parseImageReference(of);
  if (reference === undefined) throw new Error(`no image: ${of}`);
  const { host, repository, tag, digest } = reference;
  const full = formatImageReference({ ...reference, ...(tag === undefined && digest === undefined ? { tag: "latest" } : {}) });
  const values: { readonly [letter: string]: string } = { I: full, H: host, R: repository, T: digest ?? tag ?? "latest" };
  return frame.replace(/@([IHRT])/g, (_, letter: string) => values[letter] ?? "");
}

const MESSAGE_WORDS = [
  ...'"\\:/@[] .,\n',
  "a",
  "r.example/a:1",
  "401 Unauthorized",
  "not found",
  "no match ",
  "invalid character ",
  "reading manifest ",
  "lookup ",
  " on ",
  "from host ",
  "[manifests ",
  "https://",
  'Failed to pull image "',
  "image pull secrets (",
  "x509:",
  "1.1.1.1:",
];
const message = fc.oneof({ arbitrary: wordsOf(...MESSAGE_WORDS), weight: 3 }, anyText);
const anyPump = pumpOf(...MESSAGE_WORDS);
const pullOf = (text: string): ContainerPull => ({
  container: "app",
  fieldPath: "spec.containers{app}",
  image: "r.example/a:1",
  state: "failed",
  message: text,
});
const eventOf = (reason: string, text: string): PodEvent => ({
  type: "Warning",
  reason,
  message: text,
  involvedObject: { fieldPath: "spec.containers{app}" },
  metadata: {},
});

// ---- Pods, as an API server lets them be; its texts may be anything
const waiting = record({
  reason: fc.oneof(
    { arbitrary: fc.constantFrom("ErrImagePull", "ImagePullBackOff"), weight: 4 },
    fc.constantFrom("InvalidImageName", "ContainerCreating", "CrashLoopBackOff", ""),
    message,
  ),
  message: fc.oneof(fc.constantFrom("pulling failed with status code: 401 Unauthorized", undefined), message),
});
const containerStatus = record({
  name: fc.constantFrom("app", "app", "init", "__proto__"),
  imageID: fc.constantFrom("", "sha256:0"),
  state: fc.oneof(
    { arbitrary: waiting.map((of) => ({ waiting: of })), weight: 3 },
    fc.constantFrom({}, { running: {} }, { terminated: { exitCode: 1 } }),
  ),
});
const ownerOf = (of: string, name: string) => {
  const [apiVersion = "", kind = ""] = of.split(" ");
  return { ...(apiVersion === "" ? {} : { apiVersion }), kind, name, uid: "owner", controller: true };
};
const names = fc.array(record({ name: fc.constantFrom("pull", "gone", "toString") }), { maxLength: 2 });
const pod = fc
  .tuple(
    fc.constantFrom("shop-1", "shop-2", "shop-3"),
    fc.constantFrom(
      "apps/v1 ReplicaSet",
      "apps/v1 StatefulSet",
      "apps/v1 DaemonSet",
      "batch/v1 Job",
      "else.io/v1 Job",
      " ",
      undefined,
    ),
    fc.array(containerStatus, { maxLength: 2 }),
    names,
    fc.oneof(image, anyText),
    fc.constantFrom("node-1", "", undefined),
    fc.constantFrom("Pending", "Pending", "Pending", "Running", "Failed", "Succeeded", undefined),
    fc.oneof(fc.constantFrom("abc", "1", ")"), anyText),
  )
  .map(
    ([name, owner, statuses, imagePullSecrets, of, nodeName, phase, hash]) =>
      ({
        metadata: {
          name,
          uid: name,
          namespace: "team-a",
          labels: { app: "shop", "pod-template-hash": hash },
          ...(owner === undefined ? {} : { ownerReferences: [ownerOf(owner, `shop-${hash}`)] }),
        },
        spec: {
          ...(nodeName === undefined ? {} : { nodeName }),
          imagePullSecrets,
          initContainers: [{ name: "init", image: "r.example/init:1" }],
          containers: [{ name: "app", image: of }],
        },
        status: { ...(phase === undefined ? {} : { phase }), containerStatuses: statuses, initContainerStatuses: statuses },
      }) as Pod,
  );
const workload = record({
  kind: fc.constantFrom("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"),
  metadata: record({ name: fc.constant("shop"), uid: fc.constantFrom("owner", "other"), generation: fc.nat(2) }),
  spec: record({
    replicas: fc.nat(4),
    paused: fc.boolean(),
    template: fc.constant({ metadata: { labels: { app: "shop" } } }),
  }),
  status: record({
    observedGeneration: fc.nat(2),
    conditions: fc.array(record({ type: fc.constant("ReplicaFailure"), status: fc.constant("True"), message }), { maxLength: 1 }),
  }),
}) as Arbitrary<Workload>;
const event = record({
  type: fc.constantFrom("Warning", "Normal"),
  reason: fc.oneof(fc.constantFrom("Failed", "FailedToRetrieveImagePullSecret", "FailedMount"), anyText),
  message: fc.oneof(
    message,
    message.map((text) => `Failed to pull image "r.example/a:1": ${text}`),
  ),
  involvedObject: record({ fieldPath: fc.constantFrom("spec.containers{app}", "spec.initContainers{init}", undefined) }),
  lastTimestamp: fc.constantFrom("2026-01-01T00:00:00Z", "", null),
  metadata: fc.constant({}),
});

const key = fc.oneof(
  fc.constantFrom("r.example", "https://r.example/v1/", "*.example", "docker.io", "index.docker.io"),
  fc.constant(`https://ada:${SECRET}@r.example`),
  wordsOf(..."a*.:/@?#[]", "r.example", "https://", "5000"),
  anyKey,
);
const entry = fc.oneof(
  record({ username: fc.constant("ada"), password: fc.constant(SECRET) }),
  fc.constantFrom({ auth: ENCODED }, { auth: `${ENCODED}!` }, { auth: SECRET }, { auth: 1 }, null, SECRET),
);
const secret = fc
  .tuple(
    fc.constantFrom("kubernetes.io/dockerconfigjson", "kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg", "Opaque"),
    fc.constantFrom(".dockerconfigjson", ".dockercfg"),
    fc.oneof(
      mapOf(key, entry, { maxKeys: 3 }).map((auths) => JSON.stringify({ auths })),
      mapOf(key, entry, { maxKeys: 3 }).map((auths) => JSON.stringify(auths)),
      fc.constantFrom(SECRET, "{", `{"auths":"${SECRET}"}`, "null", "[]"),
      anyText,
    ),
  )
  .map(([type, field, text]) => ({ type, data: { [field]: Buffer.from(text).toString("base64") } }));

const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const STATE = {
  id: "team-a/app=shop",
  namespace: "team-a",
  match_labels: { app: "shop" },
  pods: null,
  triggers: null,
  status: "pulled",
  timeouts: null,
};

/** Refreshes a check in a cluster that has these; what was said, and what the log warned of. */
async function refresh(has: { readonly [resource: string]: readonly unknown[] }, pullSecret: object) {
  const [reported, warned]: [string[], string[]] = [[], []];
  const client: Partial<KubernetesClient> = {
    list: async ({ resource }) => (has[resource] ?? []) as never,
    get: async ({ resource, name }) =>
      (resource === "secrets" && name === "pull" ? pullSecret : resource === "serviceaccounts" ? {} : undefined) as never,
  };
  const quiet = () => {};
  const open = () => {
    throw new ClientError("unreachable", "no registry is asked here");
  };
  const context = {
    provider: { pullChecks: "wait", cluster: { unknown: undefined, client: async () => client }, registries: { open } },
    signal: new AbortController().signal,
    log: {
      trace: quiet,
      debug: quiet,
      info: quiet,
      error: quiet,
      warn: (text: string, more: unknown) => warned.push(`${text} ${JSON.stringify(more)}`),
    },
    report: ({ detail }: { readonly detail: string }) => reported.push(detail),
  } as unknown as TypeContext<ConfiguredProvider>;
  const { state } = await read({ state: STATE, privateData: null }, context);
  return { state, reported, warned };
}

const tally = createTally();
/** About a third of what a full run has. */
const FLOORS = { "a waiting Pod: recreate": 8, "a refresh: failing": 100, "a refresh: pulled": 80 };

/** What pull checks make of Pods, events and Secrets. */
export const pulls: FuzzSuite = {
  name: "pulls",
  notes: () => tally.lines(),
  unreached: (share) => tally.below(FLOORS, share),
  properties: [
    property(
      "whatever an image is called, the words about it are understood",
      1_500,
      fc.tuple(fc.constantFrom(...Object.keys(SAID)), image),
      ([frame, of]) => {
        same(faultOf({ reason: "ErrImagePull", message: said(frame, of), image: of }), SAID[frame], said(frame, of));
      },
    ),
    property(
      "any message has a fault, and any fault a cause in a sentence",
      1_000,
      fc.tuple(message, message, fc.oneof(image, anyText), fc.array(secret, { maxLength: 2 })),
      ([reason, words, of, secrets]) => {
        const fault = faultOf({ reason, message: words, image: of });
        const pullSecrets = secrets.map(({ type, data }, index) => ({ name: `pull-${index}`, ...pullSecretKeys(type, data) }));
        const cause = likelyCause({
          image: of,
          fault,
          words,
          namespace: "a",
          serviceAccount: "default",
          pullSecrets,
          accountSecrets: [],
        });
        ensure(/[.)]$/.test(cause), `no sentence: ${cause}`);
        ensure(!cause.includes(SECRET) && !cause.includes(ENCODED), `a secret: ${cause}`);
      },
    ),
    property("what is kept of a pull secret is none of its values", 800, secret, ({ type, data }) => {
      const kept = pullSecretKeys(type, data);
      if ("keys" in kept) same(Object.keys(kept), ["keys"], "only keys");
      else ensure(!JSON.stringify(kept).includes(SECRET), "a password");
    }),
    property(
      "stars stand for any characters of a label",
      1_500,
      fc.tuple(wordsOf("a", "b", "*"), wordsOf("a", "b")),
      ([pattern, label]) => {
        if (label === "" || pattern === "" || pattern.length > 12) return;
        const found = keysFor({ host: `${label}.example`, repository: "app" }, [`${pattern}.example`]).length > 0;
        same(found, new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(label), `${pattern} and ${label}`);
      },
    ),
    property(
      "every Pod that counts stands somewhere, once",
      1_000,
      fc.tuple(
        fc.array(pod, { maxLength: 4 }),
        fc.option(fc.array(workload, { maxLength: 3 }), { nil: undefined }),
        fc.option(fc.nat(4)),
      ),
      ([pods, workloads, wanted]) => {
        const expectation = expectationOf(pods, workloads, { app: "shop" });
        const { state, pulled, failed, waiting: still, ended } = progressOf(expectation, wanted);
        same([...pulled, ...failed, ...still, ...ended].length, expectation.pods.length, "each once");
        if (state === "pulled")
          same([failed.length, still.length, pulled.length >= (wanted ?? 0)], [0, 0, true], "all have pulled");
      },
    ),
    property(
      "a waiting Pod that is deleted is one that its controller makes anew, and that an entry helps",
      1_000,
      fc.tuple(pod, fc.subarray(["pull", "gone", "toString"]), fc.subarray(["pull", "gone"], { minLength: 1 })),
      ([one, others, wanted]) => {
        const verdict = judgeWaitingPod(one, { names: [...new Set([...others, ...wanted])], wanted });
        tally.add(`a waiting Pod: ${verdict ?? "none"}`);
        if (verdict !== "recreate") return;
        const [{ apiVersion = "", kind = "" } = {}] = one.metadata.ownerReferences ?? [];
        const own = (one.spec?.imagePullSecrets ?? []).map(({ name = "" }) => name);
        ensure(/^(apps\/v1 (Replica|Stateful|Daemon)Set|batch\/v1 Job)$/.test(`${apiVersion} ${kind}`), "nobody makes it anew");
        ensure(
          own.every((name) => others.includes(name) || wanted.includes(name)),
          "its own list stays",
        );
        ensure(one.status?.phase === "Pending" && wanted.some((name) => !own.includes(name)), "nothing is gained");
      },
    ),
    property(
      "a refresh never fails, looks at everything, and what it says is fit for a terminal and without secrets",
      800,
      fc.tuple(fc.array(pod, { maxLength: 4 }), fc.array(event, { maxLength: 4 }), fc.array(workload, { maxLength: 2 }), secret),
      async ([pods, events, workloads, pullSecret]) => {
        const { state, reported, warned } = await refresh({ pods, events, deployments: workloads }, pullSecret);
        same(warned, [], "warnings of the log");
        tally.add(`a refresh: ${String(state.status)}`);
        ensure(
          state.status === "pulled" ? reported.length === 0 : state.status === "failing" && reported.length > 0,
          "status and words agree",
        );
        for (const detail of reported) {
          ensure(!CONTROL.test(detail.replaceAll("\n", "")), `steers a terminal: ${JSON.stringify(detail)}`);
          ensure(!detail.includes(SECRET) && !detail.includes(ENCODED), `a secret: ${detail}`);
          same(detail.split("\n").filter((line) => line.startsWith("Likely cause: ")).length, 1, "one cause");
        }
      },
    ),
    growingText("a kubelet's message", 60, anyPump, (text) =>
      faultOf({ reason: "ErrImagePull", message: text, image: "r.example/a:1" }),
    ),
    growingText("a kubelet's reason", 40, anyPump, (text) => faultOf({ reason: text, message: "", image: "r.example/a:1" })),
    growingText("a container's words", 40, anyPump, (text) => wordsOfPull(pullOf(text), [])),
    growingText("an event's words", 40, anyPump, (text) =>
      wordsOfPull({ ...pullOf(""), image: text }, [eventOf("Failed", `Failed to pull image "${text}`)]),
    ),
    growingText("an event about pull secrets", 40, anyPump, (text) =>
      secretsNotFound([eventOf("FailedToRetrieveImagePullSecret", text)]),
    ),
    growingText("a key of a pull secret", 60, pumpOf(..."a*.:/@?#[]", "https://", "5000"), (text) =>
      keysFor({ host: `${"a".repeat(60)}.example`, repository: "app" }, [text, `${text}.example`]),
    ),
    growing(
      "the labels of a pull secret's keys and of an image's host",
      20,
      fc.constantFrom("a*", "*", "*a", "a.*."),
      (unit, size) => unit.repeat(size / unit.length / 2),
      (text) => keysFor({ host: text.replaceAll("*", "a"), repository: "app" }, [text, `${text}b`]),
    ),
    growingText("a login of a pull secret", 40, pumpOf(..."a=+/ \n:"), (text) =>
      pullSecretKeys("kubernetes.io/dockerconfigjson", {
        ".dockerconfigjson": Buffer.from(JSON.stringify({ auths: { a: { auth: text } } })).toString("base64"),
      }),
    ),
  ],
};
