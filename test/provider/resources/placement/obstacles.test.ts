import { ClientError, type ClientErrorCode } from "../../../../lib/clients/client-error";
import type { KubernetesClient } from "../../../../lib/clients/kubernetes/client";
import { MOST_REQUESTS } from "../../../../lib/clients/kubernetes/most-requests";
import type { Verb } from "../../../../lib/domain/permissions";
import { isAllowedBy, readReviewedRules } from "../../../../lib/domain/reviewed-rules";
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

describe("rights in single namespaces", () => {
  const fleet = Array.from({ length: 200 }, (_, index) => `n-${index}`);
  const needs = (...verbs: readonly Verb[]) => ({ unseen: [], needs: needsOf("secrets", "pull", verbs, fleet) });
  const named = { apiGroups: [""], resources: ["secrets"], resourceNames: ["pull"], verbs: ["get", "update", "delete"] };
  const role = [named, { apiGroups: [""], resources: ["secrets"], verbs: ["create"] }];

  /** Rights by namespace, which both kinds of reviews tell, as far as they are answered. */
  function narrow(
    rulesOf: (namespace: string) => readonly object[],
    { fails, isHidden = false }: { readonly fails?: ClientErrorCode; readonly isHidden?: boolean } = {},
  ) {
    const counts = { anywhere: 0, there: 0, rules: 0 };
    const client = {
      async can(verb: string, { namespace, resource, name }: { namespace?: string; resource: string; name?: string }) {
        counts[namespace === undefined ? "anywhere" : "there"]++;
        if (namespace === undefined) return false;
        const rules = readReviewedRules({ resourceRules: rulesOf(namespace) });
        return rules.some((rule) => isAllowedBy(rule, { verb, resource, name: name ?? "" }));
      },
      async create({ resource }: { resource: string }, { spec }: { spec: { namespace: string } }) {
        expect(resource).toBe("selfsubjectrulesreviews");
        counts.rules++;
        if (fails !== undefined) throw new ClientError(fails, "no");
        return { metadata: {}, status: { resourceRules: isHidden ? [] : rulesOf(spec.namespace), incomplete: isHidden } };
      },
    } as unknown as KubernetesClient;
    return { client, counts };
  }

  test("are asked for once a namespace, whatever the verbs, and once a run", async () => {
    const { client, counts } = narrow(() => role);
    const work = needs("get", "create", "update", "delete");
    expect((await findObstacles(client, work, { signal, log })).denied).toEqual([]);
    expect(counts).toEqual({ anywhere: 4, there: 0, rules: 200 });
    // Another resource of the run: its needs are others, the rules are known.
    const other = { unseen: [], needs: needsOf("serviceaccounts", "default", ["get", "update"], fleet) };
    expect((await findObstacles(client, other, { signal, log })).denied).toHaveLength(400);
    expect(counts).toEqual({ anywhere: 6, there: 400, rules: 200 });
    // What is known to be allowed is not asked again.
    expect((await findObstacles(client, work, { signal, log })).denied).toEqual([]);
    expect(counts).toEqual({ anywhere: 6, there: 400, rules: 200 });
  });

  test("a no of the rules is asked once more, verb by verb", async () => {
    const isServed = (namespace: string) => Number(namespace.slice(2)) < 100;
    const { client, counts } = narrow((namespace) => (isServed(namespace) ? role : [named]));
    const { denied } = await findObstacles(client, needs("get", "create", "delete"), { signal, log });
    expect(describeNeeds(denied)).toBe('create secrets "pull" in n-100, n-101, n-102, n-103, n-104 and 95 more');
    expect(counts).toEqual({ anywhere: 3, there: 100, rules: 200 });
  });

  test("one verb alone is asked for by itself", async () => {
    const { client, counts } = narrow(() => role);
    expect((await findObstacles(client, needs("update"), { signal, log })).denied).toEqual([]);
    expect(counts).toEqual({ anywhere: 1, there: 200, rules: 0 });
  });

  test("an authorizer that can't list its rules is asked for each", async () => {
    const { client, counts } = narrow(() => role, { isHidden: true });
    expect((await findObstacles(client, needs("get", "create"), { signal, log })).denied).toEqual([]);
    expect(counts).toEqual({ anywhere: 2, there: 400, rules: 200 });
  });

  test("where rules can't be reviewed, that is found out once", async () => {
    const { client, counts } = narrow(() => role, { fails: "forbidden" });
    expect((await findObstacles(client, needs("get", "create"), { signal, log })).denied).toEqual([]);
    expect(counts).toMatchObject({ anywhere: 2, there: 400 });
    const asked = counts.rules;
    expect(asked).toBeLessThanOrEqual(MOST_REQUESTS);
    await findObstacles(client, needs("update", "delete"), { signal, log });
    expect(counts.rules).toBe(asked);
  });
});

describe("objects of many names (issue 7: as globs find them)", () => {
  const needs = Array.from({ length: 200 }, (_, index) =>
    needsOf("serviceaccounts", `builder-${index}`, ["get", "update"], [`team-${index}`]),
  ).flat();

  it("are asked for once a verb, without a name", async () => {
    const { client, asked } = fake({ allowed: ["get *", "update *"] });
    const { denied } = await findObstacles(client, { unseen: [], needs }, { signal, log });
    expect([denied, asked]).toEqual([[], ["get * -", "update * -"]]);
    await findObstacles(client, { unseen: [], needs }, { signal, log });
    expect(asked).toHaveLength(2);
  });

  it("are asked for by name where that is not allowed", async () => {
    const { client, asked } = fake({ allowed: ["get *"] });
    const { denied } = await findObstacles(client, { unseen: [], needs }, { signal, log });
    expect(denied).toEqual(needs.filter(({ verb }) => verb === "update"));
    expect(asked.slice(0, 4)).toEqual(["get * -", "update * -", "update * builder-0", "update * builder-1"]);
  });
});
