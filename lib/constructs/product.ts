import { dirname, join } from "node:path";

const manifest = require.resolve("../../package.json");

/** The package's version, and the provider's: both are released together. */
export const VERSION: string = (require(manifest) as { version: string }).version;

/** The name by which Terraform's configuration calls the provider. */
export const PROVIDER_NAME = "registry";

/**
 * Where Terraform looks for the provider. With its host: without one, OpenTofu would look under another host than Terraform
 * (facts: OpenTofu).
 */
export const PROVIDER_SOURCE = "registry.terraform.io/registry-access/registry";

/** The provider's file name inside its package (Terraform's layout for local providers). */
export const PROVIDER_FILE_NAME = `terraform-provider-${PROVIDER_NAME}_v${VERSION}`;

/** The provider as `npm run build` leaves it: one file, the same for every platform. */
export const PROVIDER_BUNDLE = join(dirname(manifest), "dist", "providers", PROVIDER_NAME, PROVIDER_FILE_NAME);
