/** `registry_pull_secret`: one docker-registry Secret in each of many namespaces. */
import { pullSecret } from "../../../schema/pull-secret";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ResourceType } from "../../framework/definition";
import { create } from "./create";
import { destroy, planDestroy } from "./delete";
import { importState } from "./import";
import { plan } from "./plan";
import { read } from "./read";
import { update } from "./update";

/** The resource type `registry_pull_secret`. */
export const pullSecretResource: ResourceType<ConfiguredProvider> = {
  schema: pullSecret,
  plan,
  planDestroy,
  create,
  read,
  update,
  delete: destroy,
  importState,
};
