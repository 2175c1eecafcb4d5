import { readDataSource as read } from "../framework/read-data-source";
import { findSchema, findType, typeContext } from "../framework/types";
import { formatDiagnostics } from "../protocol/diagnostics";
import { encodeObject } from "../protocol/dynamic-value";
import type { WireConfigRequest } from "../protocol/messages";
import { defineRpc, receiveConfig } from "./rpc";

/** Reads a data source. */
export const readDataSource = defineRpc<WireConfigRequest>("ReadDataSource", async (session, request, signal) => {
  const { dataSources } = session.definition;
  const { result, diagnostics } = await session.run({ name: "read", type: request.typeName, signal }, async (context) => {
    const type = findType(dataSources, request.typeName);
    const config = receiveConfig(request.config, type.schema);
    return encodeObject(await read(type, config, typeContext(session, context)), type.schema);
  });
  return { state: result, diagnostics: formatDiagnostics(diagnostics, findSchema(dataSources, request.typeName)) };
});
