/** `registry_horizon_registry_auth`: what edge nodes pull a service's images with. */
import { horizonRegistryAuth } from "../../../schema/horizon/registry-auth";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ResourceType } from "../../framework/definition";
import { create } from "./create";
import { destroy } from "./delete";
import { importState } from "./import";
import { plan } from "./plan";
import { read } from "./read";
import { update } from "./update";

/** The resource type `registry_horizon_registry_auth`. */
export const horizonRegistryAuthResource: ResourceType<ConfiguredProvider> = {
  schema: horizonRegistryAuth,
  plan,
  create,
  read,
  update,
  delete: destroy,
  importState,
};
