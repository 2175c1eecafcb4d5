import type { Lazy } from "../framework/definition";
import { defineRpc, SERVER_CAPABILITIES } from "./rpc";

const names = (types: readonly Lazy<unknown>[]) => types.map((type) => ({ typeName: type.schema.name }));

/** The names of all types, without their schemas. */
export const getMetadata = defineRpc("GetMetadata", async ({ definition }) => ({
  serverCapabilities: SERVER_CAPABILITIES,
  resources: names(definition.resources),
  dataSources: names(definition.dataSources),
  ephemeralResources: names(definition.ephemeralResources),
}));
