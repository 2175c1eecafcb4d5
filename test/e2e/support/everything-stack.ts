/** A stack with all that a state can hold, however it came there: created, adopted, imported, looked up. */
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import type { SecretObject, ServiceAccountObject } from "../../../lib/clients/kubernetes/client";
import { DEDICATED, SEEDED_TOKEN } from "../../../sandbox";
import { accessHcl, CREATE_FIRST } from "./access-hcl";
import type { Cluster } from "./cluster";
import {
  type EverythingSystemsProps,
  everythingSystemsHcl,
  IMPORTED_SYSTEMS,
  makeForeignSystems,
  systemIssuers,
} from "./everything-systems";
import { giveSigningKey, putRoute } from "./systems";
import { expectWell, type Stack } from "./terraform";

/** Where it goes, and whose it is: three namespaces, which are there; the owner is `tests/` and the name. */
export interface EverythingProps extends EverythingSystemsProps {
  readonly stack: Stack;
}

const TIMEOUTS = {
  token: ["create", "read", "delete"],
  placed: ["create", "read", "update", "delete"],
  check: ["create", "read", "update"],
} as const;
const timeouts = (operations: readonly string[]) =>
  `timeouts = { ${operations.map((operation) => `${operation} = "3m"`).join(", ")} }`;

/** What the environment of its commands has to hold beside the issuer's. */
export const EVERYTHING_ENVIRONMENT = { REGISTRY_PARTNER: "hunter22-upgrade" };

/** Brings it up. Returns its configuration. */
export async function deployEverything(props: EverythingProps): Promise<string> {
  const { cluster, systems, stack, namespaces } = props;
  const owner = `tests/${props.name}`;
  const [namespace = ""] = namespaces;
  await makeForeign(cluster, namespace);
  await putRoute(systems, false, {});
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  giveSigningKey(stack, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  const hcl = everythingHcl(props, await makeForeignSystems(props));
  stack.write(hcl);
  expectWell(await stack.apply());
  for (const address of ["registry_token.imported", ...IMPORTED_SYSTEMS]) {
    await importAnew(stack, address, `${(await stack.attributes<{ id: string }>(address))?.id}`);
  }
  await importAnew(stack, "registry_pull_secret.imported", `${owner}/imported@${namespace}`);
  await importAnew(stack, "registry_service_account_patch.imported", `${owner}/imported@${namespace}/robot`);
  return hcl;
}

async function importAnew(stack: Stack, address: string, id: string): Promise<void> {
  for (const command of [
    ["state", "rm", address],
    ["import", "-no-color", "-input=false", address, id],
  ]) {
    const { code, output } = await stack.run(...command);
    if (code !== 0) throw new Error(output);
  }
}

/** What somebody else made, and this takes over. */
async function makeForeign(cluster: Cluster, namespace: string): Promise<void> {
  await cluster.create<SecretObject>("secrets", {
    metadata: { name: "adopted", namespace },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
  });
  for (const [name, pullSecrets] of [
    ["robot", []],
    ["adopter", [{ name: "adopted" }]],
  ] as const) {
    await cluster.create<ServiceAccountObject>("serviceaccounts", {
      metadata: { name, namespace },
      imagePullSecrets: pullSecrets,
    });
  }
}

function everythingHcl(props: EverythingProps, serviceId: string): string {
  const { cluster, name, namespaces, expiring } = props;
  const [namespace = ""] = namespaces;
  const own = (hosts: readonly string[], more: string) =>
    `{ hosts = ${JSON.stringify(hosts)}, username = "acme", ${more}, email = "a@b.c" }`;
  const placed = timeouts(TIMEOUTS.placed);
  const access = accessHcl(cluster, {
    owner: `tests/${name}`,
    namespaces,
    issuers: systemIssuers(props),
    provider: `horizon = ${props.systems.horizon.hcl}`,
    token: `description = "kept"\n${timeouts(TIMEOUTS.token)}\n${CREATE_FIRST}`,
    registries: [
      own(["registry.partner.example:5000", "eu.partner.example"], `password_env = "REGISTRY_PARTNER"`),
      own(["versioned.partner.example"], `password_wo = "hunter22-versioned", password_wo_version = 3`),
      own(["noticed.partner.example"], `password_wo = "hunter22-noticed"`),
      `{ hosts = ["public.example"] }`,
    ],
    pullSecret: `labels = { team = "x" }\nannotations = { "example.com/note" = "kept" }\n${placed}`,
    patch: `service_accounts = ["default"]\n${placed}`,
  });
  const partner = `registries = [${own(["registry.partner.example:5000"], `password_env = "REGISTRY_PARTNER"`)}]`;
  const onlyHere = `namespaces = ["${namespace}"]`;
  return `${access}
resource "registry_token" "outliving" {
  issuer            = "dedicated"
  name              = "outliving"
  read_only         = false
  revoke_on_destroy = false
}
resource "registry_token" "imported" {
  issuer = "dedicated"
  name   = "imported"
}
resource "registry_pull_secret" "adopted" {
  name           = "adopted"
  adopt_existing = true
  ${onlyHere}
  ${partner}
}
resource "registry_service_account_patch" "adopted" {
  pull_secrets     = [registry_pull_secret.adopted.name]
  service_accounts = ["adopter"]
  adopt_existing   = true
  recreate_waiting_pods = true
  ${onlyHere}
}
data "registry_image" "issued" {
  image          = "${DEDICATED.hosts[0]}/acme/app"
  credential_id  = data.registry_token.seeded.credential_id
  platform       = "linux/amd64"
  ca_certificate = ${JSON.stringify(readFileSync(cluster.state.caFile, "utf8"))}
}
data "registry_image" "copied" {
  image       = "registry.partner.example:5000/library/nginx"
  pull_secret = { namespace = "${namespace}", name = registry_pull_secret.adopted.name }
  depends_on  = [registry_pull_secret.adopted]
}
resource "registry_pull_secret" "imported" {
  name       = "imported"
  registries = [{ hosts = registry_token.pull.hosts, credential_id = registry_token.pull.credential_id }]
  ${onlyHere}
}
resource "registry_service_account_patch" "imported" {
  pull_secrets     = [registry_pull_secret.imported.name]
  service_accounts = ["robot"]
  ${onlyHere}
}
data "registry_namespaces" "mine" {
  names             = ["${name}-*"]
  except            = ["*-c"]
  match_labels      = { "kubernetes.io/metadata.name" = "${namespace}" }
  match_expressions = [{ key = "kubernetes.io/metadata.name", operator = "Exists" }]
  include_system    = false
}
resource "registry_pull_secret" "selected" {
  name               = "selected"
  namespace_selector = { names = ["${name}-?"], except = ["*-c"] }
  on_refused         = "skip"
  ${partner}
}
resource "registry_service_account_patch" "selected" {
  pull_secrets       = [registry_pull_secret.selected.name]
  namespace_selector = { names = ["${name}-?"], except = ["*-c"] }
  service_accounts   = ["rob*"]
  on_refused         = "skip"
}
resource "registry_pull_check" "nothing" {
  namespace    = "${namespace}"
  match_labels = { app = "nothing" }
  pods         = 0
  triggers     = { patch = registry_service_account_patch.adopted.id }
  ${timeouts(TIMEOUTS.check)}
}
data "registry_token" "seeded" {
  issuer      = "dedicated"
  description = "${SEEDED_TOKEN}"
}
${expiring ? EXPIRING : ""}${everythingSystemsHcl(props, serviceId)}`;
}

const EXPIRING = `resource "registry_token" "expiring" {
  issuer               = "dedicated"
  name                 = "expiring"
  permanent            = false
  renew_before_seconds = 60
}
`;
