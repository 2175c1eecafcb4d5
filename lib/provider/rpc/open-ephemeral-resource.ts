import { processRedactor } from "../../domain/redaction";
import { openEphemeralResource as open } from "../framework/open-ephemeral-resource";
import { secretValues } from "../framework/secret-values";
import { findSchema, findType, typeContext } from "../framework/types";
import { formatDiagnostics } from "../protocol/diagnostics";
import { encodeObject } from "../protocol/dynamic-value";
import type { WireConfigRequest } from "../protocol/messages";
import { defineRpc, receiveConfig } from "./rpc";

/** Opens an ephemeral resource. No renewal is asked for. */
export const openEphemeralResource = defineRpc<WireConfigRequest>("OpenEphemeralResource", async (session, request, signal) => {
  const { ephemeralResources } = session.definition;
  const { result, diagnostics } = await session.run({ name: "open", type: request.typeName, signal }, async (context) => {
    const type = findType(ephemeralResources, request.typeName);
    const config = receiveConfig(request.config, type.schema);
    const opened = await open(type, config, typeContext(session, context));
    for (const secret of secretValues(type.schema, opened)) processRedactor.remember(secret);
    return encodeObject(opened, type.schema);
  });
  return { result, diagnostics: formatDiagnostics(diagnostics, findSchema(ephemeralResources, request.typeName)) };
});
