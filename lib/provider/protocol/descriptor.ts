/** The wire: protobuf descriptors and pure codecs between its messages and the framework's values. */
import type { INamespace, Root } from "protobufjs/light";

/**
 * A field: `[type, number]`, with `repeated` as a third element, or `["map", key type, value type, number]`.
 * With `oneof` it is one of the alternatives of its message, and written even where it is 0 or empty.
 */
export type FieldSpec =
  | readonly [type: string, id: number]
  | readonly [type: string, id: number, rule: "repeated" | "oneof"]
  | readonly [kind: "map", keyType: string, type: string, id: number];

/** A message by field names; `nested` messages stand beside. */
export type MessageSpec = { readonly [field: string]: FieldSpec };

/** Messages by name; a dot nests: `Schema.Block`. */
export type PackageSpec = { readonly [message: string]: MessageSpec };

interface MessageDescriptor {
  fields: { [name: string]: object };
  oneofs?: { [name: string]: { oneof: string[] } };
  nested: { [name: string]: MessageDescriptor };
}

function describeField(spec: FieldSpec): object {
  if (spec[0] === "map" && spec.length === 4) return { keyType: spec[1], type: spec[2], id: spec[3] };
  return spec.length === 3 && spec[2] === "repeated"
    ? { type: spec[0], id: spec[1], rule: spec[2] }
    : { type: spec[0], id: spec[1] };
}

/** Turns a package into protobufjs's JSON form. */
function describePackage(name: string, messages: PackageSpec): INamespace {
  const top: MessageDescriptor = { fields: {}, nested: {} };
  for (const [path, fields] of Object.entries(messages)) {
    let message = top;
    for (const step of path.split(".")) {
      message.nested[step] ??= { fields: {}, nested: {} };
      message = message.nested[step];
    }
    for (const [field, spec] of Object.entries(fields)) message.fields[field] = describeField(spec);
    const oneof = Object.keys(fields).filter((field) => fields[field]?.[2] === "oneof");
    if (oneof.length > 0) message.oneofs = { oneof: { oneof } };
  }
  const root: INamespace = { nested: top.nested as INamespace["nested"] & object };
  return name.split(".").reduceRight<INamespace>((inner, step) => ({ nested: { [step]: inner } }), root);
}

/** Turns messages into bytes and back. */
export interface MessageCodec {
  encode(message: object): Buffer;
  decode(bytes: Buffer): object;
}

/** Codecs of a package by message name. protobufjs is loaded at the first use: the handshake does without it. */
export function createCodecs(name: string, messages: PackageSpec): (message: string) => MessageCodec {
  let root: Root | undefined;
  return (message) => {
    const type = () => {
      root ??= (require("protobufjs/light") as typeof import("protobufjs/light")).Root.fromJSON(describePackage(name, messages));
      return root.lookupType(`${name}.${message}`);
    };
    return {
      encode: (value) => Buffer.from(type().encode(value).finish()),
      decode: (bytes) => type().decode(bytes),
    };
  };
}
