import { planResourceChange as plan } from "../framework/plan-resource-change";
import { findSchema, findType, typeContext } from "../framework/types";
import { formatDiagnostics } from "../protocol/diagnostics";
import { decodeObject, decodePrivate, encodeObject, encodePrivate } from "../protocol/dynamic-value";
import type { WirePlanRequest } from "../protocol/messages";
import { formatAttributePath } from "../protocol/path";
import { defineRpc, receiveConfig } from "./rpc";

/** Plans a change. Terraform's own proposal is not read: the framework's knows defaults. */
export const planResourceChange = defineRpc<WirePlanRequest>("PlanResourceChange", async (session, request, signal) => {
  const { resources } = session.definition;
  const { result, diagnostics } = await session.run({ name: "plan", type: request.typeName, signal }, async (context) => {
    const type = findType(resources, request.typeName);
    const destroy = decodeObject(request.proposedNewState, type.schema) === null;
    const change = {
      config: destroy ? null : receiveConfig(request.config, type.schema),
      prior: decodeObject(request.priorState, type.schema),
      privateData: decodePrivate(request.priorPrivate),
    };
    const planned = await plan(type, change, typeContext(session, context));
    return {
      plannedState: encodeObject(planned.planned, type.schema),
      requiresReplace: planned.requiresReplace.map((path) => formatAttributePath(path, type.schema)),
      plannedPrivate: encodePrivate(planned.privateData),
      legacyTypeSystem: planned.legacyTypeSystem,
    };
  });
  return {
    ...(result ?? { plannedState: request.priorState, plannedPrivate: request.priorPrivate }),
    diagnostics: formatDiagnostics(diagnostics, findSchema(resources, request.typeName)),
  };
});
