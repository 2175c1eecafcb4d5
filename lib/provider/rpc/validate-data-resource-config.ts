import { findSchema, findType } from "../framework/types";
import { validateDataResourceConfig as validate } from "../framework/validate-data-resource-config";
import { formatDiagnostics } from "../protocol/diagnostics";
import type { WireConfigRequest } from "../protocol/messages";
import { defineRpc, receiveConfig } from "./rpc";

/** Checks a data source's configuration. */
export const validateDataResourceConfig = defineRpc<WireConfigRequest>(
  "ValidateDataResourceConfig",
  async (session, request, signal) => {
    const { diagnostics } = await session.run({ name: "validate", type: request.typeName, signal }, async (context) => {
      const type = findType(session.definition.dataSources, request.typeName);
      await validate(type, receiveConfig(request.config, type.schema), context);
    });
    return { diagnostics: formatDiagnostics(diagnostics, findSchema(session.definition.dataSources, request.typeName)) };
  },
);
