import { DiagnosticError } from "../framework/diagnostic";
import { upgradeResourceState as upgrade } from "../framework/upgrade-resource-state";
import type { ObjectValue } from "../framework/value";
import { encodeObject } from "../protocol/dynamic-value";
import { decodeJson, parseJsonObject } from "../protocol/json";
import type { WireUpgradeRequest } from "../protocol/messages";
import { shapeOfSchema } from "../protocol/shape";
import { defineTypedRpc } from "./rpc";

/** Brings a stored state into today's form; called before every use of a state. */
export const upgradeResourceState = defineTypedRpc<WireUpgradeRequest, "resources">(
  "UpgradeResourceState",
  { name: "upgrade", kind: "resources" },
  async ({ type, request }) => {
    const stored = request.rawState?.json;
    if (stored === undefined || stored.length === 0) {
      throw DiagnosticError.at(
        undefined,
        "State that can't be read",
        "It is in the form of Terraform 0.11, which this provider never wrote. Restore it from a backup.",
      );
    }
    const json = parseJsonObject(stored);
    const read = () => decodeJson(json, shapeOfSchema(type.schema)) as ObjectValue;
    return { upgradedState: encodeObject(await upgrade(type, { version: request.version, json, read }), type.schema) };
  },
);
