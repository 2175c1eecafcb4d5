/** `registry_service_account_patch`: adds pull secrets to ServiceAccounts that it doesn't own. */
import { serviceAccountPatch } from "../../../schema/service-account-patch";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ResourceType } from "../../framework/definition";
import { create } from "./create";
import { destroy, planDestroy } from "./delete";
import { importState } from "./import";
import { plan } from "./plan";
import { read } from "./read";
import { update } from "./update";

/** The resource type `registry_service_account_patch`. */
export const serviceAccountPatchResource: ResourceType<ConfiguredProvider> = {
  schema: serviceAccountPatch,
  plan,
  planDestroy,
  create,
  read,
  update,
  delete: destroy,
  importState,
};
