import { importResourceState as importState } from "../framework/import-resource-state";
import { encodeObject, encodePrivate } from "../protocol/dynamic-value";
import type { WireImportRequest } from "../protocol/messages";
import { defineTypedRpc } from "./rpc";

/** Makes a state from an import id; Terraform reads it next. */
export const importResourceState = defineTypedRpc<WireImportRequest, "resources">(
  "ImportResourceState",
  { name: "import", kind: "resources" },
  async ({ type, request, configured }) => {
    const imported = await importState(type, request.id, configured());
    const state = encodeObject(imported.state, type.schema);
    return { importedResources: [{ typeName: type.schema.name, state, private: encodePrivate(imported.privateData ?? null) }] };
  },
);
