import { applyResourceChange as apply } from "../framework/apply-resource-change";
import { findSchema, findType, typeContext } from "../framework/types";
import { formatDiagnostics } from "../protocol/diagnostics";
import { decodeObject, decodePrivate, encodeObject, encodePrivate } from "../protocol/dynamic-value";
import type { WireApplyRequest } from "../protocol/messages";
import { defineRpc, receiveConfig } from "./rpc";

/** Carries out a planned change. Where it fails, the prior state is the answer. */
export const applyResourceChange = defineRpc<WireApplyRequest>("ApplyResourceChange", async (session, request, signal) => {
  const { resources } = session.definition;
  const { result, diagnostics } = await session.run({ name: "apply", type: request.typeName, signal }, async (context) => {
    const type = findType(resources, request.typeName);
    const planned = decodeObject(request.plannedState, type.schema);
    const change = {
      prior: decodeObject(request.priorState, type.schema),
      planned,
      config: planned === null ? null : receiveConfig(request.config, type.schema),
      privateData: decodePrivate(request.plannedPrivate),
    };
    const applied = await apply(type, change, typeContext(session, context));
    return {
      newState: encodeObject(applied.state, type.schema),
      private: encodePrivate(applied.privateData),
      legacyTypeSystem: applied.legacyTypeSystem,
    };
  });
  return {
    ...(result ?? { newState: request.priorState, private: request.plannedPrivate }),
    diagnostics: formatDiagnostics(diagnostics, findSchema(resources, request.typeName)),
  };
});
