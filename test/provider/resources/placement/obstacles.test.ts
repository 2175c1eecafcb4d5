import { ClientError, type ClientErrorCode } from "../../../../lib/clients/client-error";
import type { KubernetesClient } from "../../../../lib/clients/kubernetes/client";
import type { Logger } from "../../../../lib/provider/framework/definition";
import { describeNeeds } from "../../../../lib/provider/resources/placement/describe-needs";
import { findObstacles } from "../../../../lib/provider/resources/placement/obstacles";
import { needsOf } from "../../../../lib/provider/resources/placement/permissions";

const nothing = () => undefined;
const log: Logger = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
const { signal } = new AbortController();
const NAMESPACES = ["a", "b", "c"];
const work = { unseen: NAMESPACES, needs: needsOf("secrets", "pull", ["get", "create"], NAMESPACES) };

interface Fake {
  /** Verb and place (`*`: everywhere) that are allowed, as `get *`. */
  readonly allowed?: readonly string[];
  readonly missing?: readonly string[];
  /** Namespaces that are being deleted. */
  readonly going?: readonly string[];
  /** How every review fails. */
  readonly reviews?: ClientErrorCode;
  /** How a list of all namespaces fails. @default - it does not */
  readonly lists?: ClientErrorCode;
  /** How every look at a namespace fails. */
  readonly looks?: ClientErrorCode;
}

function fake({ allowed = [], missing = [], going = [], reviews, lists, looks }: Fake, there: readonly string[] = NAMESPACES) {
  const asked: string[] = [];
  const client = {
    async can(verb: string, { namespace = "*", name = "-" }: { namespace?: string; name?: string }) {
      asked.push(`${verb} ${namespace} ${name}`);
      if (reviews !== undefined) throw new ClientError(reviews, "no");
      return allowed.includes(`${verb} ${namespace}`);
    },
    async list({ resource }: { resource: string }) {
      asked.push(`list ${resource}`);
      if (lists !== undefined) throw new ClientError(lists, "no");
      return there
        .filter((name) => !missing.includes(name))
        .map((name) => ({ metadata: { name, ...(going.includes(name) ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}) } }));
    },
    async get({ name }: { name: string }) {
      asked.push(`namespace ${name}`);
      if (looks !== undefined) throw new ClientError(looks, "no");
      if (missing.includes(name)) return undefined;
      return { metadata: { name, ...(going.includes(name) ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}) } };
    },
  } as unknown as KubernetesClient;
  return { client, asked };
}

const everywhere = ["get * pull", "create * -"];
const looks = NAMESPACES.map((name) => `namespace ${name}`);
const cases: {
  readonly [name: string]: {
    readonly fake: Fake;
    readonly missing: readonly string[];
    readonly denied: string;
    readonly asked: readonly string[];
  };
} = {
  "allowed everywhere: one question a verb": {
    fake: { allowed: ["get *", "create *"] },
    missing: [],
    denied: "",
    asked: [...everywhere, ...looks],
  },
  "denied everywhere: asked for each namespace, but for one that is not there": {
    fake: { allowed: ["get *", "create a"], missing: ["c"] },
    missing: ["c"],
    denied: 'create secrets "pull" in b',
    asked: [...everywhere, ...looks, "create a -", "create b -"],
  },
  "namespaces that may not be seen are none that is missing": {
    fake: { allowed: ["get *", "create *"], missing: ["c"], looks: "forbidden" },
    missing: [],
    denied: "",
    asked: [...everywhere, ...looks],
  },
  "who may not ask is told by the write; namespaces are looked for": {
    fake: { reviews: "forbidden", missing: ["c"] },
    missing: ["c"],
    denied: "",
    asked: [...everywhere, ...looks],
  },
  "where nobody answers, nothing more is asked": {
    fake: { reviews: "unreachable", missing: ["c"] },
    missing: [],
    denied: "",
    asked: everywhere,
  },
};
test.each(Object.entries(cases))("%s", async (_, { fake: what, missing, denied, asked: questions }) => {
  const { client, asked } = fake(what);
  const found = await findObstacles(client, work, { signal, log });
  expect({ missing: found.missing, denied: describeNeeds(found.denied), asked }).toEqual({ missing, denied, asked: questions });
});

describe("many namespaces", () => {
  const fleet = Array.from({ length: 60 }, (_, index) => `n-${index}`);
  const everywhere = { allowed: ["create *"], missing: ["n-7"], going: ["n-9"] };
  const work = { unseen: fleet, needs: needsOf("secrets", "pull", ["create"], fleet) };
  const found = { missing: ["n-7"], going: ["n-9"], denied: [] };

  test("are looked for in one list", async () => {
    const { client, asked } = fake(everywhere, fleet);
    expect(await findObstacles(client, work, { signal, log })).toMatchObject({ ...found, blind: [] });
    expect(asked).toEqual(["create * -", "list namespaces"]);
  });

  test("are looked at one by one where they may not be listed", async () => {
    const { client, asked } = fake({ ...everywhere, lists: "forbidden" }, fleet);
    expect(await findObstacles(client, work, { signal, log })).toMatchObject({ ...found, blind: [] });
    expect(asked).toEqual(["create * -", "list namespaces", ...fleet.map((name) => `namespace ${name}`)]);
  });

  test("are not asked for one by one of who does not answer", async () => {
    const { client, asked } = fake({ ...everywhere, lists: "unreachable" }, fleet);
    const { missing, blind } = await findObstacles(client, work, { signal, log });
    expect({ missing, blind: blind.length, asked }).toEqual({
      missing: [],
      blind: 60,
      asked: ["create * -", "list namespaces"],
    });
  });
});

test("where a review fails, those that were not begun are not asked", async () => {
  const fleet = Array.from({ length: 1_000 }, (_, index) => `n-${index}`);
  const { client, asked } = fake({ missing: [], reviews: "unreachable" }, fleet);
  const needs = fleet.flatMap((name) => needsOf("secrets", name, ["get"], ["a"]));
  await findObstacles(client, { unseen: [], needs }, { signal, log });
  expect(asked.length).toBeLessThan(200);
});

test("what was found to be so is not asked again; what was not is", async () => {
  const { client, asked } = fake({ allowed: ["get *", "create a"], missing: ["c"] });
  await findObstacles(client, work, { signal, log });
  asked.length = 0;
  expect((await findObstacles(client, work, { signal, log })).missing).toEqual(["c"]);
  expect(asked).toEqual(["create * -", "namespace c", "create b -"]);
});

test("a namespace that is being deleted is there, and takes nothing: what may be done in it is not asked, and it is looked at again", async () => {
  const { client, asked } = fake({ allowed: ["get *", "create a"], going: ["b", "c"] });
  const found = { missing: [], going: ["b", "c"], denied: [], blind: [] };
  expect(await findObstacles(client, work, { signal, log })).toEqual(found);
  asked.length = 0;
  expect(await findObstacles(client, work, { signal, log })).toEqual(found);
  expect(asked).toEqual(["create * -", "namespace b", "namespace c"]);
});

test("fails when it is cancelled", async () => {
  await expect(findObstacles(fake({ reviews: "aborted" }).client, work, { signal, log })).rejects.toMatchObject({
    code: "aborted",
  });
});

const many = Array.from({ length: 217 }, (_, index) => `n-${String(index).padStart(3, "0")}`);
test.each(
  Object.entries({
    'get and create secrets "pull" in a, b, c': work.needs,
    'create secrets "pull" in n-000, n-001, n-002, n-003, n-004 and 212 more': needsOf("secrets", "pull", ["create"], many),
    'get secrets "pull" in a; update serviceaccounts "builder" and "default" in a, b': [
      ...needsOf("secrets", "pull", ["get"], ["a"]),
      ...needsOf("serviceaccounts", "builder", ["update"], ["a", "b"]),
      ...needsOf("serviceaccounts", "default", ["update"], ["b", "a"]),
    ],
  }),
)("in words: %s", (words, needs) => {
  expect(describeNeeds(needs)).toBe(words);
});
