import type { Construct } from "constructs";
import { openshiftToken } from "../schema";
import { type ConstructProps, type Meta, resourceOf } from "./from-schema";

/** Props of {@link OpenShiftToken}: the attributes of `registry_openshift_token`, in camelCase. */
export type OpenShiftTokenProps = ConstructProps<typeof openshiftToken>;

/**
 * A ServiceAccount's token for OpenShift's image registry (`registry_openshift_token`). Its value never reaches Terraform; a pull secret
 * names it by `credentialId`.
 *
 * Rotation is replacement, so `create_before_destroy` is set: every Secret gets the new token before the old one is revoked.
 * `lifecycle: { createBeforeDestroy: false }` turns it off.
 */
export class OpenShiftToken extends resourceOf(openshiftToken) {
  constructor(scope: Construct, id: string, props: OpenShiftTokenProps & Meta) {
    super(scope, id, { ...props, lifecycle: { createBeforeDestroy: true, ...props.lifecycle } });
  }
}
