import { readDataSource as read } from "../framework/read-data-source";
import { encodeObject } from "../protocol/dynamic-value";
import type { WireConfigRequest } from "../protocol/messages";
import { defineTypedRpc, receiveConfig } from "./rpc";

/** Reads a data source. */
export const readDataSource = defineTypedRpc<WireConfigRequest, "dataSources">(
  "ReadDataSource",
  { name: "read", kind: "dataSources" },
  async ({ type, request, configured }) => {
    const config = receiveConfig(request.config, type.schema);
    return { state: encodeObject(await read(type, config, configured()), type.schema) };
  },
);
