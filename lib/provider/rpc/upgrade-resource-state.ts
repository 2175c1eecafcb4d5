import { findSchema, findType } from "../framework/types";
import { upgradeResourceState as upgrade } from "../framework/upgrade-resource-state";
import { formatDiagnostics } from "../protocol/diagnostics";
import { encodeObject } from "../protocol/dynamic-value";
import { decodeJsonState } from "../protocol/json";
import type { WireUpgradeRequest } from "../protocol/messages";
import { shapeOfSchema } from "../protocol/shape";
import { defineRpc } from "./rpc";

/** Brings a stored state into today's form; called before every use of a state. */
export const upgradeResourceState = defineRpc<WireUpgradeRequest>("UpgradeResourceState", async (session, request, signal) => {
  const { resources } = session.definition;
  const { result, diagnostics } = await session.run({ name: "upgrade", type: request.typeName, signal }, async () => {
    const type = findType(resources, request.typeName);
    const text = Buffer.from(request.rawState?.json ?? []).toString("utf8");
    if (text === "") throw new Error("the state is in the flatmap form of Terraform 0.11, which this provider never wrote");
    const json = JSON.parse(text) as { readonly [name: string]: unknown };
    const read = () => {
      const state = decodeJsonState(json, shapeOfSchema(type.schema));
      if (state === null) throw new Error("the stored state is null");
      return state;
    };
    return encodeObject(await upgrade(type, { version: request.version, json, read }), type.schema);
  });
  return { upgradedState: result, diagnostics: formatDiagnostics(diagnostics, findSchema(resources, request.typeName)) };
});
