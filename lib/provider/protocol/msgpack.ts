import type { Decoder, Encoder } from "@msgpack/msgpack";
import type { Path } from "../../domain/problem";
import { DiagnosticError } from "../framework/diagnostic";
import { isUnknown, UNKNOWN, type Value } from "../framework/value";
import { faultOfMsgpack } from "./msgpack-check";
import { formatNumber, parseNumber } from "./number";
import { formatTypeJson, parseTypeJson, type Shape } from "./shape";

/** What stands in the bytes for an unknown value; refined unknowns (extension 12) are read as plain unknown. */
const UNKNOWN_EXTENSION = 0;

/** The library refuses this key, which is one like any other here; so it is read as another that UTF-8 has no bytes for, and {@link mapValues} puts it back. */
const PROTO = "__proto__";
const PROTO_READ = "\ud800__proto__";
const PROTO_KEY_DECODER = {
  canBeCached: (length: number) => length === PROTO.length,
  decode(bytes: Uint8Array, start: number, length: number) {
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString("utf8");
    return key === PROTO ? PROTO_READ : key;
  },
};

/** UTF-8 has no bytes for it. A service's JSON may hold one all the same. */
const HALF_A_CHARACTER = /\p{Surrogate}/gu;

let codec: { readonly encoder: Encoder; readonly decoder: Decoder } | undefined;
function loadCodec(): { readonly encoder: Encoder; readonly decoder: Decoder } {
  if (codec !== undefined) return codec;
  const { Decoder, Encoder, ExtData } = require("@msgpack/msgpack") as typeof import("@msgpack/msgpack");
  const extensionCodec = {
    tryToEncode: (value: unknown) => (value === UNKNOWN ? new ExtData(UNKNOWN_EXTENSION, new Uint8Array(1)) : null),
    decode: () => UNKNOWN,
  };
  codec = {
    encoder: new Encoder({ extensionCodec, useBigInt64: true }),
    decoder: new Decoder({ extensionCodec, useBigInt64: true, keyDecoder: PROTO_KEY_DECODER }),
  };
  return codec;
}

/** The wire types of dynamic containers, so that what came as a list goes back as a list and not as a tuple. */
const DYNAMIC_SHAPES = new WeakMap<object, Shape>();

/** Bytes to a value. @throws DiagnosticError for what is no value of this shape, and for a number that JavaScript can't hold precisely */
export function decodeMsgpack(bytes: Uint8Array, shape: Shape): Value {
  const fault = faultOfMsgpack(bytes);
  if (fault !== undefined) throw unreadable(fault);
  try {
    return fromWire(loadCodec().decoder.decode(bytes), shape, []);
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    // Such as a map's key that is no text. The library's message may quote the value.
    throw unreadable(error instanceof Error ? error.name : typeof error);
  }
}

/** Not what Terraform sends. */
function unreadable(fault: string): DiagnosticError {
  return DiagnosticError.at(
    undefined,
    "Value that can't be read",
    `Terraform sent a value that is no msgpack of its type (${fault}). Nothing was done. Use another version of Terraform or OpenTofu, or the engine's own program where this one was changed.`,
  );
}

/** A value to bytes; attributes that an object lacks are written as null. */
export function encodeMsgpack(value: Value | undefined, shape: Shape): Uint8Array {
  return loadCodec().encoder.encode(toWire(value, shape, []));
}

function fromWire(wire: unknown, shape: Shape, path: Path): Value {
  if (wire === UNKNOWN) return UNKNOWN;
  if (wire === null || wire === undefined) return null;
  switch (shape.kind) {
    case "string":
    case "bool":
      if (typeof wire !== (shape.kind === "bool" ? "boolean" : "string")) throw mismatch(shape.kind, wire, path);
      return wire as string | boolean;
    case "number":
      return parseNumber(wire, path);
    case "list":
    case "set":
      return arrayOf(wire, path).map((element, index) => fromWire(element, shape.element, [...path, index]));
    case "tuple": {
      const elements = arrayOf(wire, path);
      if (elements.length !== shape.elements.length) throw mismatch(`${shape.elements.length} elements`, wire, path);
      return shape.elements.map((inner, index) => fromWire(elements[index], inner, [...path, index]));
    }
    case "map":
      return mapValues(recordOf(wire, path), (element, key) => fromWire(element, shape.element, [...path, key]));
    case "object": {
      const record = recordOf(wire, path);
      const member = (name: string) => {
        const read = name === PROTO ? PROTO_READ : name;
        return Object.hasOwn(record, read) ? record[read] : undefined;
      };
      return mapValues(shape.attributes, (inner, name) => fromWire(member(name), inner, [...path, name]));
    }
    case "dynamic": {
      const [type, inner, ...rest] = arrayOf(wire, path);
      if (!(type instanceof Uint8Array) || rest.length > 0) throw mismatch("a type and a value", wire, path);
      const dynamic = parseTypeJson(JSON.parse(Buffer.from(type).toString("utf8")));
      const value = fromWire(inner, dynamic, path);
      if (typeof value === "object" && value !== null) DYNAMIC_SHAPES.set(value, dynamic);
      return value;
    }
  }
}

function toWire(value: Value | undefined, shape: Shape, path: Path): unknown {
  if (isUnknown(value)) return UNKNOWN;
  if (value === null || value === undefined) {
    if ("block" in shape) return shape.kind === "map" ? {} : [];
    return null;
  }
  switch (shape.kind) {
    case "string":
    case "bool":
      if (typeof value !== (shape.kind === "bool" ? "boolean" : "string")) throw mismatch(shape.kind, value, path);
      return typeof value === "string" ? value.replace(HALF_A_CHARACTER, "\ufffd") : value;
    case "number":
      if (typeof value !== "number") throw mismatch("number", value, path);
      return formatNumber(value);
    case "list":
    case "set":
      return arrayOf(value, path).map((element, index) => toWire(element as Value, shape.element, [...path, index]));
    case "tuple":
      return shape.elements.map((inner, index) => toWire(arrayOf(value, path)[index] as Value, inner, [...path, index]));
    case "map":
      return mapValues(recordOf(value, path), (element, key) => toWire(element as Value, shape.element, [...path, key]));
    case "object": {
      const record = recordOf(value, path);
      const foreign = Object.keys(record).find((name) => !Object.hasOwn(shape.attributes, name));
      if (foreign !== undefined) throw mismatch("no such attribute", record[foreign], [...path, foreign]);
      const member = (name: string) => (Object.hasOwn(record, name) ? (record[name] as Value) : undefined);
      return mapValues(shape.attributes, (inner, name) => toWire(member(name), inner, [...path, name]));
    }
    case "dynamic": {
      const dynamic = inferShape(value);
      return [Buffer.from(JSON.stringify(formatTypeJson(dynamic))), toWire(value, dynamic, path)];
    }
  }
}

/** The shape of a dynamic value: the one it came with, else what it looks like. */
function inferShape(value: Value | undefined): Shape {
  if (value === null || value === undefined || isUnknown(value)) return { kind: "dynamic" };
  if (typeof value === "string") return { kind: "string" };
  if (typeof value === "number") return { kind: "number" };
  if (typeof value === "boolean") return { kind: "bool" };
  const came = DYNAMIC_SHAPES.get(value);
  if (came !== undefined) return came;
  if (Array.isArray(value)) return { kind: "tuple", elements: value.map((element: Value) => inferShape(element)) };
  return { kind: "object", attributes: mapValues(value as { readonly [name: string]: Value }, (inner) => inferShape(inner)) };
}

/** Own properties only: an assignment to `__proto__` would be none. */
function mapValues<A, B>(record: { readonly [name: string]: A }, convert: (value: A, name: string) => B): { [name: string]: B } {
  return Object.fromEntries(
    Object.entries(record).map(([read, value]) => {
      const name = read === PROTO_READ ? PROTO : read;
      return [name, convert(value, name)];
    }),
  );
}

function arrayOf(value: unknown, path: Path): readonly unknown[] {
  if (!Array.isArray(value)) throw mismatch("a list", value, path);
  return value;
}

function recordOf(value: unknown, path: Path): { readonly [name: string]: unknown } {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array)
    throw mismatch("an object", value, path);
  return value as { readonly [name: string]: unknown };
}

/** Names the kinds only: a value may be a secret. */
function mismatch(expected: string, value: unknown, path: Path): DiagnosticError {
  const got = Array.isArray(value) ? "a list" : value === null ? "null" : typeof value;
  return DiagnosticError.at(
    path,
    "Value of the wrong type",
    `Expected ${expected}, got ${got}. This is a bug in the provider; please report it.`,
  );
}
