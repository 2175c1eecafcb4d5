/** `registry_pull_check`: waits until Pods have pulled their images, and explains why they have not. */
import { pullCheck } from "../../../schema/pull-check";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ResourceType } from "../../framework/definition";
import { create, update } from "./apply";
import { plan } from "./plan";
import { read } from "./read";

/** The resource type `registry_pull_check`. */
export const pullCheckResource: ResourceType<ConfiguredProvider> = {
  schema: pullCheck,
  plan,
  create,
  read,
  update,
  // There is nothing in the cluster that is its own.
  delete: async () => undefined,
};
