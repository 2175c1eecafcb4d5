import type { Cluster } from "./cluster";
import { dedicatedIssuer } from "./dedicated";

/** A registry token, its pull secret and the service-account patch, in plain HCL. */
export interface AccessHcl {
  readonly owner: string;
  readonly namespaces: readonly string[];
  /** The name of the Secret in each namespace. @default - SECRET_NAME */
  readonly secretName?: string;
  /** More attributes of the token, as HCL. @default - none */
  readonly token?: string;
  /** More entries of the pull secret's `registries`, as HCL. @default - none */
  readonly registries?: readonly string[];
  /** More attributes of the pull secret, as HCL. @default - none */
  readonly pullSecret?: string;
  /** More attributes of the patch, as HCL. @default - none */
  readonly patch?: string;
  /** The provider's issuers beside `dedicated`, as an HCL object. @default - none */
  readonly issuers?: string;
  /** More attributes of the provider, as HCL. @default - none */
  readonly provider?: string;
  /** The provider's `kubernetes`, as HCL. @default - the cluster's administrator */
  readonly kubernetes?: string;
}

/** As rotation wants it: every Secret gets the new token before the old one is revoked. */
export const CREATE_FIRST = "lifecycle { create_before_destroy = true }";

/** The addresses of the three resources. */
export const TOKEN = "registry_token.pull";
export const PULL_SECRET = "registry_pull_secret.pull";
export const PATCH = "registry_service_account_patch.pull";

/** The name of the Secret in each namespace. */
export const SECRET_NAME = "pull";

/** Writes the configuration of one owner. */
export function accessHcl(cluster: Cluster, access: AccessHcl): string {
  const { owner, namespaces, secretName = SECRET_NAME, kubernetes, token, registries = [], pullSecret, patch } = access;
  const { issuers, provider = "" } = access;
  const dedicated = dedicatedIssuer(cluster.state);
  return `
provider "registry" {
  owner      = ${JSON.stringify(owner)}
  kubernetes = ${kubernetes ?? cluster.kubernetes}
  issuers    = ${issuers === undefined ? dedicated : `merge(${dedicated}, ${issuers})`}
  ${provider}
}
resource "registry_token" "pull" {
  issuer = "dedicated"
  name   = "pull"
  ${token ?? ""}
}
resource "registry_pull_secret" "pull" {
  name       = "${secretName}"
  namespaces = ${JSON.stringify(namespaces)}
  registries = [{
    hosts         = registry_token.pull.hosts
    credential_id = registry_token.pull.credential_id
  }${registries.map((entry) => `, ${entry}`).join("")}]
  ${pullSecret ?? ""}
}
resource "registry_service_account_patch" "pull" {
  namespaces   = ${JSON.stringify(namespaces)}
  pull_secrets = [registry_pull_secret.pull.name]
  ${patch ?? ""}
}
`;
}
