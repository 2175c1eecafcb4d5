import { validateEphemeralResourceConfig as validate } from "../framework/validate-ephemeral-resource-config";
import type { WireConfigRequest } from "../protocol/messages";
import { defineTypedRpc, receiveConfig } from "./rpc";

/** Checks an ephemeral resource's configuration. */
export const validateEphemeralResourceConfig = defineTypedRpc<WireConfigRequest, "ephemeralResources">(
  "ValidateEphemeralResourceConfig",
  { name: "validate", kind: "ephemeralResources" },
  async ({ type, request, context }) => {
    await validate(type, receiveConfig(request.config, type.schema), context);
    return {};
  },
);
