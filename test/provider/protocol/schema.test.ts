import { formatAttributePath } from "../../../lib/provider/protocol/path";
import { formatSchema } from "../../../lib/provider/protocol/schema";
import { formatTypeJson, parseTypeJson } from "../../../lib/provider/protocol/shape";
import type { TypeSchema } from "../../../lib/schema/attribute";
import { TOY_LEGACY, TOY_THING } from "../toy-provider/schema";

describe("formatSchema", () => {
  it("describes types, presence, write-only and nested attributes", () => {
    const schema: TypeSchema = {
      name: "t",
      kind: "resource",
      version: 2,
      description: "A *type*.",
      attributes: {
        plain: { type: { map: "string" }, presence: "optional_computed", description: "d", sensitive: true },
        nested: {
          nesting: "list",
          presence: "required",
          description: "n",
          attributes: { secret_wo: { type: "string", presence: "optional", description: "s", writeOnly: true } },
        },
      },
      blocks: { b: { nesting: "set", minItems: 1, maxItems: 2, attributes: {} } },
    };
    const flags = {
      descriptionKind: 1,
      required: false,
      optional: false,
      computed: false,
      sensitive: false,
      deprecated: false,
      writeOnly: false,
    };
    expect(formatSchema(schema)).toEqual({
      version: 2,
      block: {
        version: 2,
        description: "A *type*.",
        descriptionKind: 1,
        attributes: [
          {
            ...flags,
            name: "plain",
            type: Buffer.from('["map","string"]'),
            description: "d",
            optional: true,
            computed: true,
            sensitive: true,
          },
          {
            ...flags,
            name: "nested",
            description: "n",
            required: true,
            nestedType: {
              nesting: 2,
              attributes: [
                { ...flags, name: "secret_wo", type: Buffer.from('"string"'), description: "s", optional: true, writeOnly: true },
              ],
            },
          },
        ],
        blockTypes: [{ typeName: "b", nesting: 3, minItems: 1, maxItems: 2, block: { attributes: [], blockTypes: [] } }],
      },
    });
  });
});

describe("type JSON", () => {
  const types: Record<string, unknown> = {
    "a list of maps": ["list", ["map", "bool"]],
    "an object": ["object", { a: "string", b: ["set", "number"] }],
    "a tuple": ["tuple", ["string", "dynamic"]],
  };
  it.each(Object.entries(types))("goes round for %s", (_, json) => {
    expect(formatTypeJson(parseTypeJson(json))).toEqual(json);
  });
  it("fails when it is of no known form", () => {
    expect(() => parseTypeJson(["bag", "string"])).toThrow('not a Terraform type: ["bag","string"]');
  });
});

describe("formatAttributePath", () => {
  const cases: Record<string, { path: readonly (string | number)[]; schema: TypeSchema; steps: object[] }> = {
    "a list's element": {
      path: ["parts", 1, "name"],
      schema: TOY_THING,
      steps: [{ attributeName: "parts" }, { elementKeyInt: 1 }, { attributeName: "name" }],
    },
    "a map's key": {
      path: ["targets", "team a", "status"],
      schema: TOY_THING,
      steps: [{ attributeName: "targets" }, { elementKeyString: "team a" }, { attributeName: "status" }],
    },
    "a set, which has no index": {
      path: ["metadata", 0, "port", 0, "number"],
      schema: TOY_LEGACY,
      steps: [{ attributeName: "metadata" }, { elementKeyInt: 0 }, { attributeName: "port" }],
    },
    "what the schema lacks": { path: ["nothing"], schema: TOY_THING, steps: [] },
  };
  it.each(Object.entries(cases))("writes %s", (_, { path, schema, steps }) => {
    expect(formatAttributePath(path, schema)).toEqual({ steps });
  });
});
