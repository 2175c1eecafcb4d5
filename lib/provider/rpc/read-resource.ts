import { readResource as read } from "../framework/read-resource";
import { decodePrivate, decodeState, encodeObject, encodePrivate } from "../protocol/dynamic-value";
import type { WireReadRequest } from "../protocol/messages";
import { defineTypedRpc } from "./rpc";

/** Refreshes a state. Where it fails the old state is the answer, so that nothing is forgotten. */
export const readResource = defineTypedRpc<WireReadRequest, "resources">(
  "ReadResource",
  { name: "read", kind: "resources" },
  async ({ type, request, configured }) => {
    const state = decodeState(request.currentState, type.schema);
    const privateData = decodePrivate(request.private);
    const refreshed = state === null ? null : await read(type, { state, privateData }, configured());
    return {
      newState: encodeObject(refreshed?.state ?? null, type.schema),
      private: encodePrivate(refreshed?.privateData ?? null),
    };
  },
  (request) => ({ newState: request.currentState, private: request.private }),
);
