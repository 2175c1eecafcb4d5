import { serviceAccountPatch } from "../schema";
import { type ConstructProps, resourceOf } from "./from-schema";

/** Props of {@link ServiceAccountPatch}: the attributes of `registry_service_account_patch`, in camelCase. */
export type ServiceAccountPatchProps = ConstructProps<typeof serviceAccountPatch>;

/**
 * Adds pull secrets to the `imagePullSecrets` of ServiceAccounts in many namespaces, without owning the ServiceAccounts
 * (`registry_service_account_patch`). Refer to the secrets by `PullSecret.name`, so that the order follows.
 */
export class ServiceAccountPatch extends resourceOf(serviceAccountPatch) {}
