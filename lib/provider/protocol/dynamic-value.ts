import type { TypeSchema } from "../../schema/attribute";
import { unknownPaths } from "../framework/conformance";
import type { PrivateData } from "../framework/definition";
import { DiagnosticError } from "../framework/diagnostic";
import { isUnknown, type ObjectValue, UNKNOWN, type Value } from "../framework/value";
import { decodeJson, parseJson } from "./json";
import type { WireDynamicValue } from "./messages";
import { decodeMsgpack, encodeMsgpack } from "./msgpack";
import { shapeOfSchema } from "./shape";

/**
 * A whole resource, data source or provider configuration from the wire; null where Terraform says that there is none.
 *
 * @throws DiagnosticError where Terraform says nothing, or that all of it is unknown: read as null it would mean "gone", or "destroy it"
 */
export function decodeObject(value: WireDynamicValue | null | undefined, schema: TypeSchema): ObjectValue | null {
  const object = decode(value, schema);
  if (isUnknown(object)) throw incomplete(schema);
  return object as ObjectValue | null;
}

/** The same of a state: nothing in it is unknown. */
export function decodeState(value: WireDynamicValue | null | undefined, schema: TypeSchema): ObjectValue | null {
  const state = decodeObject(value, schema);
  if (state !== null && unknownPaths(state).length > 0) throw incomplete(schema);
  return state;
}

/** The same of a configuration, of which there always is one. Where all of it is unknown, each of its attributes is. */
export function decodeConfig(value: WireDynamicValue | null | undefined, schema: TypeSchema): ObjectValue {
  const config = decode(value, schema);
  if (config === null) throw incomplete(schema);
  if (!isUnknown(config)) return config as ObjectValue;
  const names = [...Object.keys(schema.attributes), ...Object.keys(schema.blocks ?? {})];
  return Object.fromEntries(names.map((name) => [name, UNKNOWN]));
}

function decode(value: WireDynamicValue | null | undefined, schema: TypeSchema): Value {
  if (value?.msgpack !== undefined && value.msgpack.length > 0) return decodeMsgpack(value.msgpack, shapeOfSchema(schema));
  if (value?.json !== undefined && value.json.length > 0) return decodeJson(parseJson(value.json), shapeOfSchema(schema));
  throw incomplete(schema);
}

function incomplete(schema: TypeSchema): DiagnosticError {
  return DiagnosticError.at(
    undefined,
    "Incomplete request",
    `Terraform sent no value for ${schema.name} where there has to be one, or one that is not known yet. Nothing was done. Use another version of Terraform or OpenTofu.`,
  );
}

/** A whole object to the wire. */
export function encodeObject(value: ObjectValue | null, schema: TypeSchema): WireDynamicValue {
  return { msgpack: encodeMsgpack(value, shapeOfSchema(schema)) };
}

/** As much of an object as can be written: what is of another kind than its attribute is null. */
export function encodeWhatFits(
  value: ObjectValue,
  schema: TypeSchema,
): { readonly value: WireDynamicValue; readonly lost: readonly string[] } {
  const lost: string[] = [];
  const kept = Object.entries(value).filter(([name, inner]) => {
    try {
      encodeObject({ [name]: inner }, schema);
      return true;
    } catch {
      lost.push(name);
      return false;
    }
  });
  return { value: encodeObject(Object.fromEntries(kept), schema), lost };
}

/** Private data from the wire; what another provider's version wrote in another form reads as none. */
export function decodePrivate(bytes: Uint8Array | undefined): PrivateData {
  if (bytes === undefined || bytes.length === 0) return null;
  try {
    const data: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (typeof data !== "object" || data === null || Array.isArray(data)) return null;
    return Object.values(data).every(isScalar) ? (data as PrivateData) : null;
  } catch {
    return null;
  }
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== "object";
}

/** Private data to the wire. */
export function encodePrivate(data: PrivateData): Uint8Array {
  return data === null ? new Uint8Array() : Buffer.from(JSON.stringify(data));
}
