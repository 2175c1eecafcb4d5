import { propose } from "../../../lib/provider/framework/propose";
import { requiredReplacements } from "../../../lib/provider/framework/requires-replace";
import { type ObjectValue, UNKNOWN, type Value } from "../../../lib/provider/framework/value";
import { TOY_LEGACY, TOY_THING } from "../toy-provider/schema";

const config = (set: ObjectValue): ObjectValue => ({
  id: null,
  kind: "k",
  size: null,
  tags: null,
  copy_of: null,
  parts: null,
  targets: null,
  ...set,
});
const prior = (set: ObjectValue): ObjectValue => ({ ...config({ id: "1", size: 3 }), ...set });

describe("propose", () => {
  const cases: Record<string, { config: ObjectValue; prior: ObjectValue | null; planned: ObjectValue }> = {
    "computed values unknown on create, defaults set": {
      config: config({}),
      prior: null,
      planned: config({ id: UNKNOWN, size: 3 }),
    },
    "computed values kept on update": { config: config({ tags: ["a"] }), prior: prior({}), planned: prior({ tags: ["a"] }) },
    "a default back in place of what was set": { config: config({}), prior: prior({ size: 9 }), planned: prior({}) },
    "what is unknown": {
      config: config({ copy_of: UNKNOWN, parts: UNKNOWN }),
      prior: null,
      planned: config({ id: UNKNOWN, size: 3, copy_of: UNKNOWN, parts: UNKNOWN }),
    },
    "write-only values nulled and nested ones matched by index": {
      config: config({
        parts: [
          { name: "a", password_wo: "secret", length: null },
          { name: "b", password_wo: null, length: null },
        ],
      }),
      prior: prior({ parts: [{ name: "a", password_wo: null, length: 6 }] }),
      planned: prior({
        parts: [
          { name: "a", password_wo: null, length: 6 },
          { name: "b", password_wo: null, length: UNKNOWN },
        ],
      }),
    },
    "nested ones matched by key": {
      config: config({ targets: { a: { weight: 1, status: null }, b: { weight: null, status: null } } }),
      prior: prior({ targets: { b: { weight: null, status: "edited" } } }),
      planned: prior({ targets: { a: { weight: 1, status: UNKNOWN }, b: { weight: null, status: "edited" } } }),
    },
  };
  it.each(Object.entries(cases))("plans %s", (_, { config, prior, planned }) => {
    expect(propose(TOY_THING, config, prior)).toEqual(planned);
  });

  describe("a list whose order means nothing", () => {
    const schema = {
      attributes: { names: { type: { list: "string" }, anyOrder: true, presence: "optional", description: "" } },
    } as const;
    const lists: Record<string, { config: Value; prior: Value; planned: Value }> = {
      "in another order": { config: ["b", "a"], prior: ["a", "b"], planned: ["a", "b"] },
      "with a string twice": { config: ["a", "b", "a"], prior: ["a", "b"], planned: ["a", "b"] },
      "with one more": { config: ["b", "c", "a"], prior: ["a", "b"], planned: ["b", "c", "a"] },
      "with another one": { config: ["a", "c"], prior: ["a", "b"], planned: ["a", "c"] },
      "with one not known yet": { config: ["a", UNKNOWN], prior: ["a", "b"], planned: ["a", UNKNOWN] },
      "not known at all": { config: UNKNOWN, prior: ["a"], planned: UNKNOWN },
      "not set any more": { config: null, prior: ["a"], planned: null },
      "set now": { config: ["a"], prior: null, planned: ["a"] },
    };
    it.each(Object.entries(lists))("is planned %s", (_, { config, prior, planned }) => {
      expect(propose(schema, { names: config }, { names: prior })).toEqual({ names: planned });
    });
  });

  it("plans blocks: list by index, set by what is configured", () => {
    const wanted = { id: null, extra: null, metadata: [{ name: "n", uid: null, port: [{ number: 80, protocol: null }] }] };
    const before = { id: "1", extra: null, metadata: [{ name: "n", uid: "u", port: [{ number: 80, protocol: "UDP" }] }] };
    expect(propose(TOY_LEGACY, wanted, before)).toEqual({
      ...before,
      metadata: [{ name: "n", uid: "u", port: [{ number: 80, protocol: "TCP" }] }],
    });
    expect(propose(TOY_LEGACY, { id: null, extra: null, metadata: [] }, null)).toEqual({
      id: UNKNOWN,
      extra: null,
      metadata: [],
    });
  });
});

describe("requiredReplacements", () => {
  const cases: Record<string, { planned: ObjectValue; paths: unknown }> = {
    "another value": { planned: prior({ kind: "other" }), paths: [["kind"]] },
    "a value not known yet": { planned: prior({ kind: UNKNOWN }), paths: [["kind"]] },
    "nothing where only others change": { planned: prior({ size: 4 }), paths: [] },
  };
  it.each(Object.entries(cases))("names %s", (_, { planned, paths }) => {
    expect(requiredReplacements(TOY_THING, prior({}), planned)).toEqual(paths);
  });

  it("names an attribute in a list, and the list where its length changes", () => {
    const schema = {
      attributes: {
        list: {
          nesting: "list",
          presence: "optional",
          description: "",
          attributes: { a: { type: "string", presence: "optional", description: "", requiresReplace: true } },
        },
      },
    } as const;
    expect(requiredReplacements(schema, { list: [{ a: "x" }, { a: "y" }] }, { list: [{ a: "x" }, { a: "z" }] })).toEqual([
      ["list", 1, "a"],
    ]);
    expect(requiredReplacements(schema, { list: [{ a: "x" }] }, { list: [{ a: "x" }, { a: "z" }] })).toEqual([["list"]]);
  });
});
