import fc, { type Arbitrary } from "fast-check";
import { formatPath } from "../../../lib/domain/problem";
import { DiagnosticError } from "../../../lib/provider/framework/diagnostic";
import { equal } from "../../../lib/provider/framework/equal";
import { UNKNOWN, type Value } from "../../../lib/provider/framework/value";
import {
  decodeConfig,
  decodeObject,
  decodePrivate,
  encodeObject,
  encodePrivate,
  encodeWhatFits,
} from "../../../lib/provider/protocol/dynamic-value";
import { decodeJson, parseJsonObject } from "../../../lib/provider/protocol/json";
import { decodeMsgpack, encodeMsgpack } from "../../../lib/provider/protocol/msgpack";
import { formatNumber, parseNumber } from "../../../lib/provider/protocol/number";
import { formatAttributePath, parseAttributePath } from "../../../lib/provider/protocol/path";
import { formatTypeJson, parseTypeJson, type Shape, shapeOfSchema, shapeOfType } from "../../../lib/provider/protocol/shape";
import { types } from "../../../lib/schema";
import type { TypeSchema, ValueType } from "../../../lib/schema/attribute";
import { anyBytes, damaged } from "../support/bytes";
import { growing, growingText, pumpOf } from "../support/growth";
import { type FuzzSuite, property } from "../support/property";
import { anyKey, anyText, ensure, same, wellFormed, wordsOf } from "../support/texts";
import { anyNumber, anyType, objectOf, valueOfType } from "../support/values";

const SECRET = "hunter2-hunter2";
const schemas: readonly TypeSchema[] = Object.values(types);

const anySchema = fc.constantFrom(...schemas);
const ofSchema = (as: "config" | "state", unknown: boolean): Arbitrary<readonly [TypeSchema, ReturnType<typeof decodeConfig>]> =>
  anySchema.chain((schema) =>
    objectOf(schema, { text: () => anyText.map(wellFormed), unknown, as }).map((value) => [schema, value] as const),
  );
const typed = anyType.chain((type) => valueOfType(type).map((value) => [shapeOfType(type), wellFormedIn(value)] as const));

/** JSON as a state holds it, of the right shape or nearly so. */
const stateJson = fc.oneof(
  ofSchema("state", false).map(([schema, value]) => [schema, JSON.stringify(value)] as const),
  fc
    .tuple(
      ofSchema("state", false),
      fc.constantFrom("id", "name", "namespaces", "targets", "registries", "timeouts", "unheard_of", "__proto__"),
      fc.jsonValue({ maxDepth: 2 }),
    )
    .map(([[schema, value], key, other]) => [schema, JSON.stringify({ ...value, [key]: other })] as const),
  fc.tuple(
    anySchema,
    fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify(value)),
      anyText,
      fc.integer({ min: 1, max: 5_000 }).map((depth) => `{"name":${"[".repeat(depth)}${"]".repeat(depth)}}`),
    ),
  ),
);

/** Values of about so many characters. */
const LARGE: { readonly [name: string]: { readonly type: ValueType; readonly make: (size: number, text: string) => Value } } = {
  "a long text": { type: "string", make: (size, text) => `${text}\\"`.repeat(size / 8) },
  "many texts": { type: { list: "string" }, make: (size, text) => Array<string>(size / 8).fill(text) },
  "a set": { type: { set: "string" }, make: (size, text) => Array.from({ length: size / 8 }, (_, index) => `${text}${index}`) },
  "a map": {
    type: { map: "string" },
    make: (size, text) => Object.fromEntries(Array.from({ length: size / 16 }, (_, index) => [`${text}${index}`, text])),
  },
  "many objects": {
    type: { list: { object: { name: "string", hosts: { list: "string" } } } },
    make: (size, text) => Array.from({ length: size / 32 }, (_, index) => ({ name: text, hosts: [`${index}`] })),
  },
  "many numbers": { type: { list: "number" }, make: (size) => Array.from({ length: size / 8 }, (_, index) => index / 8) },
};

/** The codecs between the wire and values. */
export const codec: FuzzSuite = {
  name: "codec",
  properties: [
    property("a value of any type is decoded as it was encoded", 8_000, typed, ([shape, value]) => {
      const decoded = decodeMsgpack(encodeMsgpack(value, shape), shape);
      ensure(equal(decoded, value), `decoded to ${fc.stringify(decoded)}`);
      same(
        Buffer.from(encodeMsgpack(decoded, shape)).toString("hex"),
        Buffer.from(encodeMsgpack(value, shape)).toString("hex"),
        "encoded again",
      );
    }),
    property(
      "a whole object of each of our types is decoded as it was encoded",
      6_000,
      ofSchema("config", true),
      ([schema, value]) => {
        const decoded = decodeConfig(encodeObject(value, schema), schema);
        ensure(equal(decoded, value), `decoded to ${fc.stringify(decoded)}`);
        same(encodeWhatFits(value, schema).lost, [], "all of it fits");
      },
    ),
    property(
      "broken bytes are refused by a diagnostic, or are a value of the type",
      8_000,
      fc.tuple(
        anySchema,
        fc.oneof(
          anyBytes,
          damaged(ofSchema("config", true).map(([schema, value]) => encodeObject(value, schema).msgpack ?? new Uint8Array())),
        ),
      ),
      ([schema, msgpack]) => {
        refusedOr(() => {
          const decoded = decodeObject({ msgpack }, schema);
          const again = decodeObject(encodeObject(decoded, schema), schema);
          ensure(equal(decoded, again), `decoded to ${fc.stringify(decoded)}, then to ${fc.stringify(again)}`);
        });
      },
    ),
    property(
      "broken bytes of any type are refused by a diagnostic, or are a value",
      8_000,
      fc.tuple(anyType, fc.oneof(anyBytes, damaged(typed.map(([shape, value]) => encodeMsgpack(value, shape))))),
      ([type, bytes]) => {
        const shape = shapeOfType(type);
        refusedOr(() => {
          const decoded = decodeMsgpack(bytes, shape);
          ensure(equal(decodeMsgpack(encodeMsgpack(decoded, shape), shape), decoded), `decoded to ${fc.stringify(decoded)}`);
        });
      },
    ),
    property(
      "a state is read from JSON, or refused by a diagnostic that names the place and not the value",
      6_000,
      stateJson,
      ([schema, text]) => {
        refusedOr(() => {
          const value = decodeJson(parseJsonObject(Buffer.from(text)), shapeOfSchema(schema));
          ensure(value !== null, "an object");
          same(
            Object.keys(value),
            Object.keys((shapeOfSchema(schema) as Extract<Shape, { kind: "object" }>).attributes),
            "its attributes",
          );
          encodeObject(value, schema);
        });
      },
    ),
    property(
      "what the JSON of a whole object says is what its msgpack says",
      3_000,
      ofSchema("state", false),
      ([schema, value]) => {
        const json = decodeObject({ json: Buffer.from(JSON.stringify(value)) }, schema);
        ensure(equal(json, decodeObject(encodeObject(value, schema), schema)), "the same");
      },
    ),
    property(
      "a secret of the wrong kind stands in no error",
      2_000,
      fc.tuple(anySchema, fc.constantFrom<unknown>(SECRET, [SECRET], { [SECRET]: SECRET }, [[SECRET, SECRET]])),
      ([schema, wrong]) => {
        const value = Object.fromEntries(Object.keys(schema.attributes).map((name) => [name, wrong]));
        refusedOr(() => void decodeJson(value, shapeOfSchema(schema)));
        refusedOr(() => void decodeObject({ json: Buffer.from(JSON.stringify(SECRET)) }, schema));
      },
    ),
    property("a number is read as it was written", 4_000, anyNumber, (number) => {
      same(parseNumber(formatNumber(number), []), number, "read");
    }),
    property(
      "a number's text is read exactly, or refused",
      4_000,
      fc.oneof(wordsOf("0", "1", "9", ".", "-", "+", "e", "E", "00", " ", "x", "Infinity"), anyText, fc.bigInt().map(String)),
      (text) => {
        refusedOr(() => {
          const number = parseNumber(text, []);
          ensure(Number.isFinite(number) && /\d/.test(text), `${text} is ${number}`);
          same(parseNumber(formatNumber(number), []), number, "written and read");
        });
      },
    ),
    growingText("a number's text", 100, pumpOf("0", "1", ".", "e", "-"), (text) => refusedOr(() => void parseNumber(text, []))),
    ...Object.entries(LARGE).map(([name, { type, make }]) =>
      growing(
        `msgpack and JSON of ${name}`,
        10,
        anyText.map(wellFormed),
        (text, size): { readonly shape: Shape; readonly value: Value } => ({ shape: shapeOfType(type), value: make(size, text) }),
        ({ shape, value }) => {
          const decoded = decodeMsgpack(encodeMsgpack(value, shape), shape);
          ensure(equal(decoded, value), "decoded");
          refusedOr(() => void decodeJson(JSON.parse(JSON.stringify(value)), shape));
        },
      ),
    ),
    growing(
      "broken msgpack",
      200,
      fc.tuple(anyType, anyBytes, fc.uint8Array({ minLength: 1, maxLength: 6 }), anyBytes),
      ([type, head, unit, tail], size) => ({
        shape: shapeOfType(type),
        bytes: Buffer.concat([head.subarray(0, 60), Buffer.alloc(size, unit), tail.subarray(0, 60)]),
      }),
      ({ shape, bytes }) => refusedOr(() => void decodeMsgpack(bytes, shape)),
    ),
    growingText("a type's JSON", 60, pumpOf('["list",', '"string"', "]", '["object",{"a":', "}", ",", '"'), (text) => {
      try {
        parseTypeJson(JSON.parse(text));
      } catch {
        // It is none.
      }
    }),
    growingText("a path", 60, pumpOf("a", ".", "[0]", '["', '"]', "\\"), (text) => formatPath([text, 0, text])),
    growingText("private data", 60, pumpOf('{"a":', '"', "\\", "}", "[", ","), (text) => decodePrivate(Buffer.from(text))),
    property("a type is read from JSON as it was written", 3_000, anyType, (type) => {
      const shape = shapeOfType(type);
      same(parseTypeJson(JSON.parse(JSON.stringify(formatTypeJson(shape)))), shape, "read");
    }),
    property(
      "a path that leads through a type is read as it was written",
      3_000,
      fc.tuple(
        anySchema,
        fc.array(
          fc.oneof(
            anyKey,
            fc.nat(5),
            fc.constantFrom("registries", "hosts", "targets", "kubernetes", "issuers", "bluemix", "exec", "name", "labels"),
          ),
          { maxLength: 5 },
        ),
      ),
      ([schema, path]) => {
        const written = formatAttributePath(path, schema);
        const read = parseAttributePath(written);
        same(
          read,
          path.slice(0, read.length).map((step) => step),
          "read",
        );
        formatPath(path);
      },
    ),
    property(
      "private data is read as it was written, or is none",
      2_000,
      fc.oneof(
        anyBytes,
        anyText.map((text) => Buffer.from(text)),
        fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
      ),
      (bytes) => {
        const data = decodePrivate(bytes);
        for (const value of Object.values(data ?? {})) ensure(value === null || typeof value !== "object", "scalars");
        same(decodePrivate(encodePrivate(data)), data, "read");
      },
    ),
  ],
};

function wellFormedIn(value: Value): Value {
  if (typeof value === "string") return wellFormed(value);
  if (value === UNKNOWN || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(wellFormedIn);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [wellFormed(name), wellFormedIn(inner)]));
}

/** Runs it; what it throws has to be a message to the user, without the value. */
function refusedOr(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    for (const { summary, detail } of error.diagnostics) {
      ensure(summary.length > 5 && detail.length > 20 && detail.length < 2_000, `a message: ${summary}, ${detail.slice(0, 200)}`);
      ensure(!detail.includes(SECRET) && !summary.includes(SECRET), "shows a secret");
    }
  }
}
