import { validateDataResourceConfig as validate } from "../framework/validate-data-resource-config";
import type { WireConfigRequest } from "../protocol/messages";
import { defineTypedRpc, receiveConfig } from "./rpc";

/** Checks a data source's configuration. */
export const validateDataResourceConfig = defineTypedRpc<WireConfigRequest, "dataSources">(
  "ValidateDataResourceConfig",
  { name: "validate", kind: "dataSources" },
  async ({ type, request, context }) => {
    await validate(type, receiveConfig(request.config, type.schema), context);
    return {};
  },
);
