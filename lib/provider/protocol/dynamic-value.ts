import type { TypeSchema } from "../../schema/attribute";
import type { PrivateData } from "../framework/definition";
import type { ObjectValue } from "../framework/value";
import type { WireDynamicValue } from "./messages";
import { decodeMsgpack, encodeMsgpack } from "./msgpack";
import { shapeOfSchema } from "./shape";

/** A whole resource, data source or provider configuration from the wire; null where there is none. */
export function decodeObject(value: WireDynamicValue | null | undefined, schema: TypeSchema): ObjectValue | null {
  if (value?.msgpack === undefined || value.msgpack.length === 0) return null;
  return decodeMsgpack(value.msgpack, shapeOfSchema(schema)) as ObjectValue | null;
}

/** The same, where Terraform always sends one. */
export function decodeConfig(value: WireDynamicValue | null | undefined, schema: TypeSchema): ObjectValue {
  const config = decodeObject(value, schema);
  if (config === null) throw new Error(`Terraform sent no configuration for ${schema.name}`);
  return config;
}

/** A whole object to the wire. */
export function encodeObject(value: ObjectValue | null, schema: TypeSchema): WireDynamicValue {
  return { msgpack: encodeMsgpack(value, shapeOfSchema(schema)) };
}

/** Private data from the wire; what another provider's version wrote in another form reads as none. */
export function decodePrivate(bytes: Uint8Array | undefined): PrivateData {
  if (bytes === undefined || bytes.length === 0) return null;
  try {
    const data: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return typeof data === "object" && data !== null && !Array.isArray(data) ? (data as PrivateData) : null;
  } catch {
    return null;
  }
}

/** Private data to the wire. */
export function encodePrivate(data: PrivateData): Uint8Array {
  return data === null ? new Uint8Array() : Buffer.from(JSON.stringify(data));
}
