import type { Lazy } from "../framework/definition";
import { formatDiagnostics } from "../protocol/diagnostics";
import { formatSchema } from "../protocol/schema";
import { defineRpc, SERVER_CAPABILITIES } from "./rpc";

const schemas = (types: readonly Lazy<unknown>[]) =>
  Object.fromEntries(types.map(({ schema }) => [schema.name, formatSchema(schema)]));

/** All schemas. */
export const getProviderSchema = defineRpc("GetProviderSchema", async (session, _request, signal) => {
  const { definition } = session;
  const { result, diagnostics } = await session.run({ name: "schema", type: definition.schema.name, signal }, async () => ({
    provider: formatSchema(definition.schema),
    providerMeta: { version: 0, block: { attributes: [], blockTypes: [] } },
    resourceSchemas: schemas(definition.resources),
    dataSourceSchemas: schemas(definition.dataSources),
    ephemeralResourceSchemas: schemas(definition.ephemeralResources),
  }));
  return { ...result, serverCapabilities: SERVER_CAPABILITIES, diagnostics: formatDiagnostics(diagnostics) };
});
