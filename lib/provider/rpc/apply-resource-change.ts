import type { TypeSchema } from "../../schema/attribute";
import { type AppliedChange, applyResourceChange as apply } from "../framework/apply-resource-change";
import type { CallContext } from "../framework/definition";
import { decodeObject, decodePrivate, decodeState, encodeObject, encodePrivate, encodeWhatFits } from "../protocol/dynamic-value";
import type { WireApplyRequest, WireDynamicValue } from "../protocol/messages";
import { defineTypedRpc, receiveConfig } from "./rpc";

/** Carries out a planned change. Where it fails, the prior state is the answer. */
export const applyResourceChange = defineTypedRpc<WireApplyRequest, "resources">(
  "ApplyResourceChange",
  { name: "apply", kind: "resources" },
  async ({ type, request, context, configured }) => {
    const planned = decodeObject(request.plannedState, type.schema);
    const change = {
      prior: decodeState(request.priorState, type.schema),
      planned,
      config: planned === null ? null : receiveConfig(request.config, type.schema),
      privateData: decodePrivate(request.plannedPrivate),
    };
    const applied = await apply(type, change, configured());
    return {
      newState: encodeReached(applied, type.schema, context),
      private: encodePrivate(applied.privateData),
      legacyTypeSystem: applied.legacyTypeSystem,
    };
  },
  (request) => ({ newState: request.priorState, private: request.plannedPrivate }),
);

/** The state reached. What was made must not be forgotten because of a bug in what is said about it. */
function encodeReached({ state }: AppliedChange, schema: TypeSchema, context: CallContext): WireDynamicValue {
  try {
    return encodeObject(state, schema);
  } catch (error) {
    if (state === null) throw error;
    const { value, lost } = encodeWhatFits(state, schema);
    context.report({
      severity: "error",
      summary: "Bug in the provider",
      detail: `${schema.name} gave values that its schema does not allow: ${lost.join(", ")}. They are stored as null. Please report it.`,
    });
    return value;
  }
}
