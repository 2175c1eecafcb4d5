import { basename } from "node:path";

const TERRAFORM_HOST = "registry.terraform.io";
const OPENTOFU_HOST = "registry.opentofu.org";

/** The host under which the engine looks for a provider whose source names none. */
export function defaultRegistryHost(binary = process.env.TERRAFORM_BINARY_NAME ?? "terraform"): string {
  return basename(binary).includes("tofu") ? OPENTOFU_HOST : TERRAFORM_HOST;
}

/**
 * The addresses under which a provider's entry has to stand in the lock file: `kubernetes` and `hashicorp/kubernetes` are
 * `<default host>/hashicorp/kubernetes`. cdktf itself always looks under Terraform's host, so with OpenTofu there are two.
 */
export function lockAddresses(source: string, host = defaultRegistryHost()): readonly string[] {
  const parts = source.split("/");
  if (parts.length > 2) return [source];
  const name = parts.length === 1 ? `hashicorp/${source}` : source;
  return [...new Set([`${host}/${name}`, `${TERRAFORM_HOST}/${name}`])];
}
