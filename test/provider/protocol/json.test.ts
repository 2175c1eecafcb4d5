import { decodeJson, parseJsonObject } from "../../../lib/provider/protocol/json";
import { shapeOfSchema } from "../../../lib/provider/protocol/shape";
import { TOY_LEGACY, TOY_THING } from "../toy-provider/schema";

describe("decodeJson", () => {
  it("fills what is missing and drops what is gone", () => {
    const stored = { id: "x", gone: 1, extra: { type: ["list", "number"], value: [1] }, metadata: [{ name: "n" }] };
    expect(decodeJson(stored, shapeOfSchema(TOY_LEGACY))).toEqual({
      id: "x",
      extra: [1],
      metadata: [{ name: "n", uid: null, port: [] }],
    });
  });

  const failing: Record<string, { stored: unknown; message: string }> = {
    "a number is a text": { stored: { size: "3" }, message: "size is a string, where a number belongs" },
    "a text is a number": { stored: { kind: 3 }, message: "kind is a number, where a string belongs" },
    "a list is none": { stored: { tags: "x" }, message: "tags is a string, where a list belongs" },
    "an object in it is none": {
      stored: { targets: { "a.b": 1 } },
      message: 'targets["a.b"] is a number, where an object belongs',
    },
    "it is a list": { stored: [], message: "It is a list, where an object belongs" },
  };
  it.each(Object.entries(failing))("fails when %s", (_, { stored, message }) => {
    expect(() => decodeJson(stored, shapeOfSchema(TOY_THING))).toThrow(message);
  });
});

describe("parseJsonObject", () => {
  const failing: Record<string, { text: string; message: string }> = {
    "it is no JSON": { text: "{", message: "State that can't be read: It is no JSON." },
    "it is null": { text: "null", message: "It is null, where an object belongs" },
    "it is a list": { text: "[]", message: "It is a list, where an object belongs" },
  };
  it.each(Object.entries(failing))("fails when %s", (_, { text, message }) => {
    expect(() => parseJsonObject(Buffer.from(text))).toThrow(message);
  });
});
