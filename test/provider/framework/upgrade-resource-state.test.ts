import type { ResourceType } from "../../../lib/provider/framework/definition";
import { upgradeResourceState } from "../../../lib/provider/framework/upgrade-resource-state";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import type { TypeSchema } from "../../../lib/schema/attribute";

const SCHEMA: TypeSchema = {
  name: "t_one",
  kind: "resource",
  version: 2,
  description: "",
  attributes: {
    id: { type: "string", presence: "computed", description: "" },
    instance: { type: "string", presence: "computed", identifies: true, description: "" },
    name: { type: "string", presence: "required", description: "" },
    namespaces: { type: { set: "string" }, presence: "required", description: "" },
    password_wo: { type: "string", presence: "required", writeOnly: true, description: "" },
    registries: {
      nesting: "list",
      presence: "optional",
      description: "",
      attributes: { hosts: { type: { list: "string" }, presence: "required", description: "" } },
    },
  },
};
const WHOLE: ObjectValue = {
  id: "1",
  instance: "0f",
  name: "n",
  namespaces: ["a"],
  password_wo: null,
  registries: [{ hosts: ["a.io"] }],
};

const upgrade = (state: ObjectValue, version = 2, methods: Partial<ResourceType<null>> = {}) =>
  upgradeResourceState(
    { schema: SCHEMA, load: async () => methods as ResourceType<null> },
    { version, json: state, read: () => state },
  );

const states: { readonly [what: string]: ObjectValue } = {
  "a whole state": WHOLE,
  "a state without what is optional": { ...WHOLE, id: null, registries: null },
};
test.each(Object.entries(states))("%s stays as it is", async (_, state) => {
  expect(await upgrade(state)).toEqual(state);
});

test("a state of an earlier version takes its type's step, or is read with today's schema", async () => {
  const { namespaces, ...former } = WHOLE;
  const upgradeState = (_: number, json: object): ObjectValue => ({ ...(json as ObjectValue), namespaces: ["b"] });
  expect(await upgrade(former, 1, { upgradeState })).toEqual({ ...former, namespaces: ["b"] });
  expect(await upgrade(WHOLE, 1)).toEqual(WHOLE);
});

const failing: { readonly [when: string]: readonly [state: ObjectValue, version: number, message: string] } = {
  "it was written by a newer provider": [WHOLE, 3, "has version 3; this provider knows versions up to 2."],
  "it lacks what is required": [
    { ...WHOLE, namespaces: null },
    2,
    "namespaces of this t_one is missing or null in the state, and every state has to have it.",
  ],
  "it lacks what identifies it": [{ ...WHOLE, instance: null }, 2, "instance of this t_one"],
  "it lacks several": [
    { ...WHOLE, instance: null, name: null },
    2,
    "instance, name of this t_one are missing or null in the state, and every state has to have them.",
  ],
  "it lacks what is required deeper inside": [
    { ...WHOLE, registries: [{ hosts: null }] },
    2,
    "registries[0].hosts of this t_one",
  ],
  "an earlier one lacks it after its step": [{ ...WHOLE, namespaces: null }, 1, "namespaces of this t_one"],
};
test.each(Object.entries(failing))("fails when %s", async (_, [state, version, message]) => {
  await expect(upgrade(state, version)).rejects.toThrow(message);
});
