import { findSchema, findType } from "../framework/types";
import { validateEphemeralResourceConfig as validate } from "../framework/validate-ephemeral-resource-config";
import { formatDiagnostics } from "../protocol/diagnostics";
import type { WireConfigRequest } from "../protocol/messages";
import { defineRpc, receiveConfig } from "./rpc";

/** Checks an ephemeral resource's configuration. */
export const validateEphemeralResourceConfig = defineRpc<WireConfigRequest>(
  "ValidateEphemeralResourceConfig",
  async (session, request, signal) => {
    const { diagnostics } = await session.run({ name: "validate", type: request.typeName, signal }, async (context) => {
      const type = findType(session.definition.ephemeralResources, request.typeName);
      await validate(type, receiveConfig(request.config, type.schema), context);
    });
    return { diagnostics: formatDiagnostics(diagnostics, findSchema(session.definition.ephemeralResources, request.typeName)) };
  },
);
