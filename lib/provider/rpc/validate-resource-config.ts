import { findSchema, findType } from "../framework/types";
import { validateResourceConfig as validate } from "../framework/validate-resource-config";
import { formatDiagnostics } from "../protocol/diagnostics";
import type { WireConfigRequest } from "../protocol/messages";
import { defineRpc, receiveConfig } from "./rpc";

/** Checks a resource's configuration. */
export const validateResourceConfig = defineRpc<WireConfigRequest>("ValidateResourceConfig", async (session, request, signal) => {
  const { diagnostics } = await session.run({ name: "validate", type: request.typeName, signal }, async (context) => {
    const writeOnlyAllowed = request.clientCapabilities?.writeOnlyAttributesAllowed ?? false;
    const type = findType(session.definition.resources, request.typeName);
    await validate(type, receiveConfig(request.config, type.schema), { ...context, writeOnlyAllowed });
  });
  return { diagnostics: formatDiagnostics(diagnostics, findSchema(session.definition.resources, request.typeName)) };
});
