import type { Construct } from "constructs";
import { ibmcloudApiKey } from "../schema";
import { type ConstructProps, type Meta, resourceOf } from "./from-schema";

/** Props of {@link IbmCloudApiKey}: the attributes of `registry_ibmcloud_api_key`, in camelCase. */
export type IbmCloudApiKeyProps = ConstructProps<typeof ibmcloudApiKey>;

/**
 * An API key of IBM Cloud that may only pull (`registry_ibmcloud_api_key`): made at apply, with a service ID and a policy of its own,
 * and deleted with them on destroy. Its value never reaches Terraform; a pull secret names it by `credentialId`.
 *
 * Rotation is replacement, so `create_before_destroy` is set: every Secret gets the new key before the old one is deleted.
 * `lifecycle: { createBeforeDestroy: false }` turns it off.
 */
export class IbmCloudApiKey extends resourceOf(ibmcloudApiKey) {
  constructor(scope: Construct, id: string, props: IbmCloudApiKeyProps & Meta) {
    super(scope, id, { ...props, lifecycle: { createBeforeDestroy: true, ...props.lifecycle } });
  }
}
