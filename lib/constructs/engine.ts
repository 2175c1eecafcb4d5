import { basename } from "node:path";

/** Where Terraform looks for a provider whose source names no host; cdktf too, whatever the engine. */
export const TERRAFORM_HOST = "registry.terraform.io";
const OPENTOFU_HOST = "registry.opentofu.org";

/** The host under which the engine looks for a provider whose source names none. */
export function defaultRegistryHost(binary = process.env.TERRAFORM_BINARY_NAME ?? "terraform"): string {
  return basename(binary).includes("tofu") ? OPENTOFU_HOST : TERRAFORM_HOST;
}

/** A source in full: `kubernetes` and `hashicorp/kubernetes` are `<default host>/hashicorp/kubernetes`. */
export function toAddress(source: string, host: string): string {
  const parts = source.split("/");
  if (parts.length > 2) return source;
  return parts.length === 1 ? `${host}/hashicorp/${source}` : `${host}/${source}`;
}
