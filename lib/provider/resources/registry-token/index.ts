/** `registry_token`: issues a registry token, and revokes it on destroy. */
import { registryToken } from "../../../schema/registry-token";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ResourceType } from "../../framework/definition";
import { create } from "./create";
import { destroy } from "./delete";
import { plan } from "./plan";
import { read } from "./read";

/** The resource type `registry_token`. */
export const registryTokenResource: ResourceType<ConfiguredProvider> = {
  schema: registryToken,
  plan,
  create,
  read,
  // Everything that the issuer knows asks for a new token; the rest is our own, and stands in the plan.
  update: async ({ planned }) => ({ state: planned }),
  delete: destroy,
};
