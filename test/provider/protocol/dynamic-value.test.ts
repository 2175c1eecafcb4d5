import { ExtData, encode } from "@msgpack/msgpack";
import { UNKNOWN } from "../../../lib/provider/framework/value";
import {
  decodeConfig,
  decodeObject,
  decodePrivate,
  decodeState,
  encodeWhatFits,
} from "../../../lib/provider/protocol/dynamic-value";
import type { TypeSchema } from "../../../lib/schema/attribute";

const schema: TypeSchema = {
  name: "toy",
  kind: "resource",
  description: "",
  attributes: {
    name: { type: "string", presence: "required", description: "" },
    size: { type: "number", presence: "optional", description: "" },
  },
};
const UNKNOWN_ON_WIRE = new ExtData(0, new Uint8Array(1));
const json = (value: unknown) => ({ json: Buffer.from(JSON.stringify(value)) });

describe("decodeObject", () => {
  const cases: Record<string, { wire: Parameters<typeof decodeObject>[0]; value: unknown }> = {
    msgpack: { wire: { msgpack: encode({ name: "n", size: 1 }) }, value: { name: "n", size: 1 } },
    JSON: { wire: { msgpack: Buffer.alloc(0), ...json({ name: "n", size: 1 }) }, value: { name: "n", size: 1 } },
    "null, in msgpack": { wire: { msgpack: encode(null) }, value: null },
    "null, in JSON": { wire: json(null), value: null },
  };
  it.each(Object.entries(cases))("reads %s", (_, { wire, value }) => {
    expect(decodeObject(wire, schema)).toEqual(value);
  });

  const failing: Record<string, { wire: Parameters<typeof decodeObject>[0]; message: string }> = {
    "there is no value": { wire: null, message: "Incomplete request: Terraform sent no value for toy" },
    "the value is empty": { wire: { msgpack: Buffer.alloc(0), json: Buffer.alloc(0) }, message: "Incomplete request" },
    "all of it is unknown (found by fuzzing, issue 4)": {
      wire: { msgpack: encode(UNKNOWN_ON_WIRE) },
      message: "Incomplete request",
    },
    "JSON is none (found by fuzzing, issue 4)": { wire: { json: Buffer.from("{") }, message: "It is no JSON" },
    "JSON is of the wrong kind": { wire: json({ name: "n", size: "1" }), message: "size is a string, where a number belongs" },
  };
  it.each(Object.entries(failing))("fails when %s", (_, { wire, message }) => {
    expect(() => decodeObject(wire, schema)).toThrow(message);
  });
});

describe("decodeConfig", () => {
  it("reads a wholly unknown configuration as unknown attributes", () => {
    expect(decodeConfig({ msgpack: encode(UNKNOWN_ON_WIRE) }, schema)).toEqual({ name: UNKNOWN, size: UNKNOWN });
  });

  it("fails when there is none (found by fuzzing, issue 4)", () => {
    expect(() => decodeConfig({ msgpack: encode(null) }, schema)).toThrow("Incomplete request");
  });
});

describe("decodeState", () => {
  it("reads a state, and that there is none", () => {
    const states = [{ name: "n", size: 1 }, null];
    expect(states.map((state) => decodeState({ msgpack: encode(state) }, schema))).toEqual(states);
  });

  it("fails when something in it is unknown (found by fuzzing, issue 4)", () => {
    expect(() => decodeState({ msgpack: encode({ name: "n", size: UNKNOWN_ON_WIRE }) }, schema)).toThrow("not known yet");
  });
});

describe("decodePrivate", () => {
  const cases: Record<string, [json: string, data: unknown]> = {
    nothing: ["", null],
    "its scalars": ['{"a":"x","b":1,"c":null}', { a: "x", b: 1, c: null }],
    "no JSON": ["{", null],
    "what is no scalar as none (found by fuzzing, issue 4)": ['{"a":{}}', null],
  };
  it.each(Object.entries(cases))("reads %s", (_, [json, data]) => {
    expect(decodePrivate(Buffer.from(json))).toEqual(data);
  });
});

describe("encodeWhatFits", () => {
  it("leaves out what its schema does not allow", () => {
    const { value, lost } = encodeWhatFits({ name: "n", size: "big", other: 1 }, schema);
    expect({ kept: decodeObject(value, schema), lost }).toEqual({ kept: { name: "n", size: null }, lost: ["size", "other"] });
  });
});
