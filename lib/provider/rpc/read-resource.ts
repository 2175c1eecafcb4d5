import { readResource as read } from "../framework/read-resource";
import { findSchema, findType, typeContext } from "../framework/types";
import { formatDiagnostics } from "../protocol/diagnostics";
import { decodeObject, decodePrivate, encodeObject, encodePrivate } from "../protocol/dynamic-value";
import type { WireReadRequest } from "../protocol/messages";
import { defineRpc } from "./rpc";

/** Refreshes a state. Where it fails the old state is the answer, so that nothing is forgotten. */
export const readResource = defineRpc<WireReadRequest>("ReadResource", async (session, request, signal) => {
  const { resources } = session.definition;
  const { result, diagnostics } = await session.run({ name: "read", type: request.typeName, signal }, async (context) => {
    const type = findType(resources, request.typeName);
    const state = decodeObject(request.currentState, type.schema);
    const privateData = decodePrivate(request.private);
    const refreshed = state === null ? null : await read(type, { state, privateData }, typeContext(session, context));
    return {
      newState: encodeObject(refreshed?.state ?? null, type.schema),
      private: encodePrivate(refreshed?.privateData ?? null),
    };
  });
  return {
    ...(result ?? { newState: request.currentState, private: request.private }),
    diagnostics: formatDiagnostics(diagnostics, findSchema(resources, request.typeName)),
  };
});
