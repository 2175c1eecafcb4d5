import { importResourceState as importState } from "../framework/import-resource-state";
import { findSchema, findType, typeContext } from "../framework/types";
import { formatDiagnostics } from "../protocol/diagnostics";
import { encodeObject, encodePrivate } from "../protocol/dynamic-value";
import type { WireImportRequest } from "../protocol/messages";
import { defineRpc } from "./rpc";

/** Makes a state from an import id; Terraform reads it next. */
export const importResourceState = defineRpc<WireImportRequest>("ImportResourceState", async (session, request, signal) => {
  const { resources } = session.definition;
  const { result, diagnostics } = await session.run({ name: "import", type: request.typeName, signal }, async (context) => {
    const type = findType(resources, request.typeName);
    const imported = await importState(type, request.id, typeContext(session, context));
    return [
      {
        typeName: type.schema.name,
        state: encodeObject(imported.state, type.schema),
        private: encodePrivate(imported.privateData ?? null),
      },
    ];
  });
  return {
    importedResources: result ?? [],
    diagnostics: formatDiagnostics(diagnostics, findSchema(resources, request.typeName)),
  };
});
