import type { Construct } from "constructs";
import { registryToken } from "../schema";
import { type ConstructProps, type Meta, resourceOf } from "./from-schema";

/** Props of {@link RegistryToken}: the attributes of `registry_token`, in camelCase. */
export type RegistryTokenProps = ConstructProps<typeof registryToken>;

/**
 * A registry token: issued at apply, revoked on destroy (`registry_token`). Its value never reaches Terraform; a pull secret
 * names it by `credentialId`.
 *
 * Rotation is replacement, so `create_before_destroy` is set: every Secret gets the new token before the old one is revoked.
 * `lifecycle: { createBeforeDestroy: false }` turns it off.
 */
export class RegistryToken extends resourceOf(registryToken) {
  constructor(scope: Construct, id: string, props: RegistryTokenProps & Meta) {
    super(scope, id, { ...props, lifecycle: { createBeforeDestroy: true, ...props.lifecycle } });
  }
}
