import { toPartlyKnown, validateConfig } from "../../../lib/provider/framework/validate-config";
import { type ObjectValue, UNKNOWN } from "../../../lib/provider/framework/value";
import { refuseWriteOnly, withoutWriteOnly } from "../../../lib/provider/framework/write-only";
import type { Check, TypeSchema } from "../../../lib/schema/attribute";
import { TOY_THING } from "../toy-provider/schema";

const short: Check = (value, path) =>
  String(value).length > 2 ? { path, summary: "Too long", detail: `${value} is too long.` } : undefined;
const attribute = { presence: "optional", description: "", check: short } as const;
const SCHEMA: TypeSchema = {
  name: "t",
  kind: "resource",
  description: "",
  attributes: {
    text: { ...attribute, type: "string" },
    list: { ...attribute, type: { list: "string" } },
    map: { ...attribute, type: { map: "string" } },
    objects: { ...attribute, nesting: "map", attributes: { inner: { ...attribute, type: "string" } } },
  },
};

describe("validateConfig", () => {
  const cases: Record<string, { config: Parameters<typeof validateConfig>[1]; paths: unknown }> = {
    "a scalar": { config: { text: "long" }, paths: [["text"]] },
    "each element of a list": {
      config: { list: ["ok", "long", UNKNOWN, "longer"] },
      paths: [
        ["list", 1],
        ["list", 3],
      ],
    },
    "each value of a map": { config: { map: { somewhere: "long" } }, paths: [["map", "somewhere"]] },
    "each key of a map of objects, and what is in them": {
      config: { objects: { long: { inner: "ok" }, ab: { inner: "long" } } },
      paths: [
        ["objects", "long"],
        ["objects", "ab", "inner"],
      ],
    },
    "nothing that is unknown or null": { config: { text: UNKNOWN, list: null, map: UNKNOWN, objects: UNKNOWN }, paths: [] },
  };
  it.each(Object.entries(cases))("checks %s", (_, { config, paths }) => {
    expect(validateConfig(SCHEMA, config).map((problem) => problem.path)).toEqual(paths);
  });

  it("runs rules with unknown values left out", () => {
    expect(validateConfig(TOY_THING, { copy_of: "self" })).toEqual([
      { path: ["copy_of"], summary: "Copy of itself", detail: "A thing can't be a copy of itself." },
    ]);
    expect(toPartlyKnown({ a: UNKNOWN, b: [null, UNKNOWN], c: { d: UNKNOWN } })).toEqual({
      a: undefined,
      b: [null, undefined],
      c: { d: undefined },
    });
  });
});

describe("write-only attributes", () => {
  const config: ObjectValue = {
    parts: [
      { name: "a", password_wo: "secret" },
      { name: "b", password_wo: null },
      { name: "c", password_wo: UNKNOWN },
    ],
  };

  it("are null in what is stored", () => {
    expect(withoutWriteOnly(TOY_THING, config)).toEqual({
      parts: ["a", "b", "c"].map((name) => ({ name, password_wo: null })),
    });
  });

  it("are refused under an old client, where they are set, without their value", () => {
    const refused = refuseWriteOnly(TOY_THING, config);
    expect(refused.map(({ path }) => path)).toEqual([
      ["parts", 0, "password_wo"],
      ["parts", 2, "password_wo"],
    ]);
    expect(JSON.stringify(refused)).not.toContain("secret");
  });
});
