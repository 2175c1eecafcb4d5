import { processRedactor } from "../../domain/redaction";
import { openEphemeralResource as open } from "../framework/open-ephemeral-resource";
import { secretValues } from "../framework/secret-values";
import { encodeObject } from "../protocol/dynamic-value";
import type { WireConfigRequest } from "../protocol/messages";
import { defineTypedRpc, receiveConfig } from "./rpc";

/** Opens an ephemeral resource. No renewal is asked for. */
export const openEphemeralResource = defineTypedRpc<WireConfigRequest, "ephemeralResources">(
  "OpenEphemeralResource",
  { name: "open", kind: "ephemeralResources" },
  async ({ type, request, configured }) => {
    const opened = await open(type, receiveConfig(request.config, type.schema), configured());
    for (const secret of secretValues(type.schema, opened)) processRedactor.remember(secret);
    return { result: encodeObject(opened, type.schema) };
  },
);
