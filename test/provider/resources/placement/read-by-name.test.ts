import { ClientError } from "../../../../lib/clients/client-error";
import type { KubernetesClient, KubernetesObject } from "../../../../lib/clients/kubernetes/client";
import { createUnseen } from "../../../../lib/provider/resources/placement/hidden";
import { type Reading, readByName } from "../../../../lib/provider/resources/placement/read-by-name";

const { signal } = new AbortController();
const NAMESPACES = ["a", "b", "c", "d"];

/** A cluster with a Secret in each namespace but "d"; `allowed` holds verb and place (`*`: everywhere), as `list *`. */
function fake(allowed: (request: string) => boolean) {
  const asked: string[] = [];
  const said: string[] = [];
  const ask = (request: string) => {
    asked.push(request);
    if (!allowed(request)) throw new ClientError("forbidden", `no ${request}`);
  };
  const secret = (namespace: string): KubernetesObject => ({ metadata: { name: "pull", namespace } });
  const client = {
    async list({ namespace = "*" }: { namespace?: string }, { fieldSelector }: { fieldSelector: string }) {
      expect(fieldSelector).toBe("metadata.name=pull");
      ask(`list ${namespace}`);
      return NAMESPACES.filter((each) => each !== "d" && (namespace === "*" || namespace === each)).map(secret);
    },
    async get({ namespace }: { namespace: string }) {
      ask(`get ${namespace}`);
      return namespace === "d" ? undefined : secret(namespace);
    },
  } as unknown as KubernetesClient;
  const quiet = () => undefined;
  const log = { trace: quiet, debug: quiet, info: (line: string) => void said.push(line), warn: quiet, error: quiet };
  const read = async (options: Omit<Reading, "signal" | "log"> = {}) =>
    [...(await readByName(client, "secrets", "pull", NAMESPACES, { signal, log, ...options })).keys()].sort();
  return { read, asked, said };
}

const each = (verb: string) => NAMESPACES.map((namespace) => `${verb} ${namespace}`);

const cases: { [name: string]: { allowed: (request: string) => boolean; asked: readonly string[]; hint: boolean } } = {
  "by one list where that is allowed": { allowed: () => true, asked: ["list *"], hint: false },
  "by a list in each namespace where only that is": {
    allowed: (request) => request !== "list *" && request.startsWith("list"),
    asked: ["list *", ...each("list")],
    hint: true,
  },
  "by a get in each where no list is": {
    allowed: (request) => request.startsWith("get"),
    asked: ["list *", "list a", ...each("get")],
    hint: true,
  },
};

test.each(Object.entries(cases))("reads %s", async (_, { allowed, asked, hint }) => {
  const cluster = fake(allowed);
  expect(await cluster.read()).toEqual(["a", "b", "c"]);
  expect(cluster.asked).toEqual(asked);
  expect(cluster.said).toHaveLength(hint ? 1 : 0);
  for (const line of cluster.said) expect(line).toContain("With the verb list on secrets in all namespaces");
});

test("tries first in a namespace what was allowed in others", async () => {
  const { asked, read } = fake((request) => request.startsWith("get"));
  const many = Array.from({ length: 1_000 }, (_, index) => `n${index}`);
  NAMESPACES.push(...many);
  try {
    expect(await read()).toHaveLength(1_003);
  } finally {
    NAMESPACES.splice(4);
  }
  expect(asked.filter((request) => request.startsWith("list"))).toEqual(["list *", "list a"]);
});

test("fails when a namespace may not be read at all, and names it with the words of the get", async () => {
  const { read } = fake((request) => request === "list a" || request === "get c");
  await expect(read()).rejects.toMatchObject({
    diagnostics: [
      {
        summary: expect.any(String),
        detail: expect.stringMatching(/named "pull" could not be read in b, d.*no get [bd]/),
      },
    ],
  });
});

test("passes over namespaces that may be hidden, and tells which", async () => {
  const { read } = fake((request) => request === "get a" || request === "get c");
  const hidden: string[] = [];
  const onHidden = (namespaces: readonly string[]) => void hidden.push(...namespaces);
  const mayHide = (namespace: string) => namespace === "b" || namespace === "d";
  expect(await read({ mayHide, onHidden })).toEqual(["a", "c"]);
  expect(hidden.sort()).toEqual(["b", "d"]);
  const less = read({ mayHide: (namespace) => namespace === "b", onHidden });
  await expect(less).rejects.toMatchObject({
    diagnostics: [{ detail: expect.stringContaining("could not be read in d: no get d") }],
  });
});

const isLeaving = (): boolean => true;

test.each([
  [{ targets: { a: { status: "blocked" } }, on_refused: null }, {}, "forgotten"],
  [{ targets: { a: { status: "blocked" } }, on_refused: null }, { served: new Set(["a"]) }, "an error"],
  [{ targets: { a: { status: "blocked" } }, on_refused: "skip" }, { served: new Set(["a"]) }, "kept"],
  [{ targets: { a: { status: "missing" } }, on_refused: null }, {}, "an error"],
  [{ targets: { a: { status: "missing" } }, on_refused: "skip" }, {}, "forgotten"],
  [{ targets: { a: { status: "in_sync" } }, on_refused: null }, {}, "an error"],
  [{ targets: { a: { status: "in_sync" } }, on_refused: "skip" }, {}, "kept"],
  [{ targets: { a: { status: "in_sync" } }, on_refused: "skip" }, { isLeaving }, "read once more"],
  [{ targets: { a: { status: "in_sync" } }, on_refused: null }, { isLeaving }, "read once more"],
  [{ targets: {}, on_refused: "fail" }, {}, "an error"],
  [{ targets: {}, on_refused: "skip" }, {}, "forgotten"],
] as const)("what may not be read, by a state that says %j, and %j: %s", (state, options, outcome) => {
  const unseen = createUnseen(state, options);
  if (unseen.mayHide("a")) unseen.onHidden(["a"]);
  const isKept = unseen.kept().includes("a");
  const isForgotten = unseen.never().includes("a");
  const seen = unseen.mayHide("a") ? (isKept ? "kept" : isForgotten ? "forgotten" : "read once more") : "an error";
  expect(seen).toBe(outcome);
  expect(unseen.statusOf("a")).toBe(
    isForgotten || seen === "an error" ? undefined : "a" in state.targets ? state.targets.a.status : undefined,
  );
});

test("one list serves all that are refreshed, and none that writes", async () => {
  const { read, asked } = fake(() => true);
  const refresh = () => read({ isRefresh: true });
  await Promise.all([refresh(), refresh()]);
  await refresh();
  expect(asked).toEqual(["list *"]);
  // An apply, and the refresh after it.
  await read();
  await refresh();
  expect(asked).toEqual(["list *", "list *", "list *"]);
});

test("a list is shared for half a minute", async () => {
  jest.useFakeTimers();
  try {
    const { read, asked } = fake(() => true);
    await read({ isRefresh: true });
    await jest.advanceTimersByTimeAsync(29_000);
    await read({ isRefresh: true });
    expect(asked).toEqual(["list *"]);
    await jest.advanceTimersByTimeAsync(2_000);
    await read({ isRefresh: true });
    expect(asked).toEqual(["list *", "list *"]);
  } finally {
    jest.useRealTimers();
  }
});
