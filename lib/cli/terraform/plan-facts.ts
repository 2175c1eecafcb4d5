import { isRecord } from "../../domain/json";
import type { Plan } from "../../domain/plan-json/read-plan";
import { types } from "../../schema";
import type { ClusterOptions } from "../cluster/settings";

/** The attributes of a type of the provider, which may be named; of other types none. */
export function attributesOf(type: string): readonly string[] {
  const schema = types.find(({ name, kind }) => name === type && kind === "resource");
  return schema === undefined ? [] : Object.keys(schema.attributes);
}

/** The kubeconfig and the context that the stack's own configuration names, where it does so by constants. */
export function clusterOf({ providerConfig }: Plan): ClusterOptions {
  for (const block of Object.values(providerConfig)) {
    if (!isRecord(block) || block.name !== "registry" || !isRecord(block.expressions)) continue;
    const { kubernetes } = block.expressions;
    const constant = isRecord(kubernetes) && isRecord(kubernetes.constant_value) ? kubernetes.constant_value : {};
    const { config_path: kubeconfig, config_context: context } = constant;
    return {
      ...(typeof kubeconfig === "string" ? { kubeconfig } : {}),
      ...(typeof context === "string" ? { context } : {}),
    };
  }
  return {};
}
