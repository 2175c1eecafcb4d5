import { ephemeralRegistryToken } from "../schema";
import { type ConstructProps, ephemeralOf } from "./from-schema";

/** Props of {@link EphemeralRegistryToken}: the arguments of the ephemeral `registry_token`, in camelCase. */
export type EphemeralRegistryTokenProps = ConstructProps<typeof ephemeralRegistryToken>;

/**
 * The value of a registry token that exists, for one run and never stored (Terraform ≥ 1.10, OpenTofu ≥ 1.11).
 * `value` refers to it: hand it to write-only attributes and provider configurations, by `Secret.from(token.value)` in ours.
 * A pull secret doesn't need it: it takes `credentialId`.
 */
export class EphemeralRegistryToken extends ephemeralOf(ephemeralRegistryToken) {}
