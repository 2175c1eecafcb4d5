import { validateResourceConfig as validate } from "../framework/validate-resource-config";
import type { WireConfigRequest } from "../protocol/messages";
import { defineTypedRpc, receiveConfig } from "./rpc";

/** Checks a resource's configuration. */
export const validateResourceConfig = defineTypedRpc<WireConfigRequest, "resources">(
  "ValidateResourceConfig",
  { name: "validate", kind: "resources" },
  async ({ type, request, context }) => {
    const writeOnlyAllowed = request.clientCapabilities?.writeOnlyAttributesAllowed ?? false;
    await validate(type, receiveConfig(request.config, type.schema), { ...context, writeOnlyAllowed });
    return {};
  },
);
