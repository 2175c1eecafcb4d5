import { ExtData, encode } from "@msgpack/msgpack";
import { UNKNOWN, type Value } from "../../../lib/provider/framework/value";
import { decodeMsgpack, encodeMsgpack } from "../../../lib/provider/protocol/msgpack";
import type { Shape } from "../../../lib/provider/protocol/shape";

const string: Shape = { kind: "string" };
const number: Shape = { kind: "number" };
const dynamic: Shape = { kind: "dynamic" };
const object: Shape = { kind: "object", attributes: { a: string, b: { kind: "list", element: number } } };
const block: Shape = { kind: "object", attributes: { list: { kind: "list", element: object, block: true } } };
const typed = (type: unknown, value: unknown) => [Buffer.from(JSON.stringify(type)), value];

describe("decodeMsgpack", () => {
  const cases: Record<string, { wire: unknown; shape: Shape; value: Value }> = {
    "a string": { wire: "x", shape: string, value: "x" },
    null: { wire: null, shape: object, value: null },
    "an unknown value": { wire: new ExtData(0, new Uint8Array(1)), shape: object, value: UNKNOWN },
    "a refined unknown value": { wire: new ExtData(12, new Uint8Array([0x81, 1, 0xc2])), shape: string, value: UNKNOWN },
    "an unknown element": {
      wire: { a: null, b: [1, new ExtData(0, new Uint8Array(1))] },
      shape: object,
      value: { a: null, b: [1, UNKNOWN] },
    },
    "an object without an attribute": { wire: { a: "x" }, shape: object, value: { a: "x", b: null } },
    "an integer": { wire: 3, shape: number, value: 3 },
    "a float": { wire: 0.5, shape: number, value: 0.5 },
    "a number in text": { wire: "0.1", shape: number, value: 0.1 },
    "a large integer as it is written (found by fuzzing, issue 4)": {
      wire: "1152921504606846976",
      shape: number,
      value: 2 ** 60,
    },
    "a zero with a sign (found by fuzzing, issue 4)": { wire: "-0", shape: number, value: 0 },
    "a float zero with a sign (found by fuzzing, issue 4)": { wire: -0, shape: number, value: 0 },
    "a 64-bit integer that fits": { wire: 9007199254740992n, shape: number, value: 9007199254740992 },
    "a map": { wire: { k: "v" }, shape: { kind: "map", element: string }, value: { k: "v" } },
    "a dynamic string": { wire: typed("string", "x"), shape: dynamic, value: "x" },
    "a dynamic object": { wire: typed(["object", { n: "number" }], { n: "7" }), shape: dynamic, value: { n: 7 } },
    "an unknown dynamic value": { wire: typed("string", new ExtData(0, new Uint8Array(1))), shape: dynamic, value: UNKNOWN },
  };
  it.each(Object.entries(cases))("reads %s", (_, { wire, shape, value }) => {
    expect(decodeMsgpack(encode(wire, { useBigInt64: true }), shape)).toEqual(value);
  });

  const failing: Record<string, { wire: unknown; shape: Shape; message: string }> = {
    "a number can't be held": { wire: "0.1234567890123456789", shape: number, message: "Number out of range" },
    "an integer can't be held": { wire: 9007199254740993n, shape: number, message: "Number out of range" },
    "an integer's digits would be others (found by fuzzing, issue 4)": {
      wire: "278232583957081000",
      shape: number,
      message: "Number out of range",
    },
    "a number is an empty text (found by fuzzing, issue 4)": { wire: "", shape: number, message: "Number out of range" },
    "a number is none (found by fuzzing, issue 4)": { wire: Number.NaN, shape: number, message: "Number out of range" },
    "a number has too many digits (found by fuzzing, issue 4)": {
      wire: `1${"0".repeat(100_000)}1`,
      shape: number,
      message: "…",
    },
    "bytes stand for a map (found by fuzzing, issue 4)": {
      wire: new Uint8Array([1]),
      shape: { kind: "map", element: string },
      message: "Expected an object, got object",
    },
    "a tuple has other elements (found by fuzzing, issue 4)": {
      wire: typed(["tuple", ["string"]], ["a", "b"]),
      shape: dynamic,
      message: "Expected 1 elements",
    },
    "the type is another": { wire: "x", shape: { kind: "list", element: string }, message: "Expected a list, got string" },
  };
  it.each(Object.entries(failing))("fails when %s", (_, { wire, shape, message }) => {
    expect(() => decodeMsgpack(encode(wire, { useBigInt64: true }), shape)).toThrow(message);
  });
});

describe("decodeMsgpack fails when", () => {
  const bytes = (...values: number[]) => Buffer.from(values);
  const cases: Record<string, [bytes: Buffer, message: string]> = {
    "there are none": [bytes(), "it ends too early"],
    "a list has more elements than there are bytes": [bytes(0xdd, 0x01, 0xff, 0xff, 0xff), "it ends too early"],
    "lists in lists do": [Buffer.concat(Array(2_000).fill(bytes(0xdd, 0, 0, 0xff, 0xff))), "it ends too early"],
    "a map's length is cut off": [bytes(0xdf, 0x00), "it ends too early"],
    "lists are nested without end": [Buffer.alloc(5_000, 0x91), "nested deeper than 200 levels"],
    "a text is no UTF-8": [bytes(0xa2, 0xc3, 0x28), "a text in it is no UTF-8"],
    "a byte begins nothing": [bytes(0xc1), "no value begins with the byte 193"],
    "something follows": [bytes(0xc0, 0xc0), "something follows behind its end"],
    "a key is no text": [bytes(0x81, 0xc0, 0xc0), "Value that can't be read"],
  };
  it.each(Object.entries(cases))("%s (found by fuzzing, issue 4)", (_, [wire, message]) => {
    expect(() => decodeMsgpack(wire, object)).toThrow(message);
  });
});

describe("encodeMsgpack", () => {
  const cases: Record<string, { value: Value; shape: Shape; wire: unknown }> = {
    "an unknown value": { value: UNKNOWN, shape: string, wire: new ExtData(0, new Uint8Array(1)) },
    "every attribute of an object": { value: { a: "x" }, shape: object, wire: { a: "x", b: null } },
    "a block that is not there as an empty list": { value: {}, shape: block, wire: { list: [] } },
    "a decimal as text": { value: 0.1, shape: number, wire: "0.1" },
    "a large integer as text": { value: 2 ** 60, shape: number, wire: "1152921504606846976" },
    "half a character, which UTF-8 does not know (found by fuzzing, issue 4)": {
      value: "a\ud800b\u{1f600}",
      shape: string,
      wire: "a\ufffdb\u{1f600}",
    },
    "a dynamic value with its type": {
      value: { s: "x", l: [1, true] },
      shape: dynamic,
      wire: typed(["object", { s: "string", l: ["tuple", ["number", "bool"]] }], { s: "x", l: [1, true] }),
    },
  };
  it.each(Object.entries(cases))("writes %s", (_, { value, shape, wire }) => {
    expect(Buffer.from(encodeMsgpack(value, shape))).toEqual(Buffer.from(encode(wire)));
  });

  it("writes a dynamic list as the list it came as", () => {
    const wire = Buffer.from(encode(typed(["list", "string"], ["a"])));
    expect(Buffer.from(encodeMsgpack(decodeMsgpack(wire, dynamic), dynamic))).toEqual(wire);
  });

  it("fails when an object has an attribute that its schema lacks", () => {
    expect(() => encodeMsgpack({ c: "secret" }, object)).toThrow(/no such attribute(?!.*secret)/);
  });

  it("takes __proto__ for a key like any other, there and back", () => {
    const labels: Shape = { kind: "map", element: string };
    const value = JSON.parse('{"__proto__":"x","usualkey":"y"}') as Value;
    const bytes = encodeMsgpack(value, labels);
    expect(Object.entries(decodeMsgpack(bytes, labels) as object)).toEqual([
      ["__proto__", "x"],
      ["usualkey", "y"],
    ]);
    const foreign = JSON.parse('{"a":"x","__proto__":"y"}') as Value;
    expect(() => encodeMsgpack(foreign, object)).toThrow("no such attribute");
  });
});
