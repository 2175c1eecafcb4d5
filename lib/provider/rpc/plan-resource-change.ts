import { planResourceChange as plan } from "../framework/plan-resource-change";
import { decodeObject, decodePrivate, decodeState, encodeObject, encodePrivate } from "../protocol/dynamic-value";
import type { WirePlanRequest } from "../protocol/messages";
import { formatAttributePath } from "../protocol/path";
import { defineTypedRpc, receiveConfig } from "./rpc";

/** Plans a change. Terraform's own proposal is not read: the framework's knows defaults. */
export const planResourceChange = defineTypedRpc<WirePlanRequest, "resources">(
  "PlanResourceChange",
  { name: "plan", kind: "resources" },
  async ({ type, request, configured }) => {
    const destroy = decodeObject(request.proposedNewState, type.schema) === null;
    const change = {
      config: destroy ? null : receiveConfig(request.config, type.schema),
      prior: decodeState(request.priorState, type.schema),
      privateData: decodePrivate(request.priorPrivate),
    };
    const planned = await plan(type, change, configured());
    return {
      plannedState: encodeObject(planned.planned, type.schema),
      requiresReplace: planned.requiresReplace.map((path) => formatAttributePath(path, type.schema)),
      plannedPrivate: encodePrivate(planned.privateData),
      legacyTypeSystem: planned.legacyTypeSystem,
    };
  },
  (request) => ({ plannedState: request.priorState, plannedPrivate: request.priorPrivate }),
);
