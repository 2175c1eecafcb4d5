/** What the systems beside Bluemix have in the stack with everything: IBM Cloud, OpenShift, Open Horizon, and copies. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { SecretObject } from "../../../lib/clients/kubernetes/client";
import { DEDICATED } from "../../../sandbox";
import { ACCOUNT } from "../../../sandbox/ibm-cloud/accounts";
import { CREATE_FIRST } from "./access-hcl";
import type { Cluster } from "./cluster";
import { block, type Expressions, object, quoted } from "./hcl";
import { SIGNING_KEY_ENV, SIGNING_KEY_FILE, type Systems } from "./systems";

/** Where it goes. */
export interface EverythingSystemsProps {
  readonly cluster: Cluster;
  readonly systems: Systems;
  /** Part of every name that has to be nobody else's. */
  readonly name: string;
  readonly namespaces: readonly string[];
  /** With credentials that expire, which leave no state clean for long. */
  readonly expiring: boolean;
}

/** The registry hosts of IBM Cloud: those that the sandbox's stand for, for what is written there is the same in each sandbox. */
const ICR_HOSTS = ["us.icr.io", "de.icr.io"];
const INTERNAL = "image-registry.openshift-image-registry.svc:5000";
const PARTNER = "registry.partner.example:5000";
const PASSWORD = { username: quoted("acme"), password_env: quoted("REGISTRY_PARTNER") };
const LOGIN = object({ hosts: `[${quoted(PARTNER)}]`, ...PASSWORD });

const times = (...operations: readonly string[]) =>
  object(Object.fromEntries(operations.map((operation) => [operation, quoted("3m")])));
const ISSUED = times("create", "read", "delete");
const CHANGED = times("create", "read", "update", "delete");
const resource = (type: string, name: string, attributes: Expressions, more = "") =>
  block(`resource "registry_${type}" "${name}"`, attributes).replace(/\}\n$/, `${more}\n}\n`);

/** The provider's further issuers. */
export function systemIssuers({ cluster: { state }, systems: { ibmCloud } }: EverythingSystemsProps): string {
  const icr = {
    iam_endpoint: quoted(ibmCloud.state.iam),
    registry_endpoint: quoted(ibmCloud.state.regions["us-south"].tlsUrl),
    hosts: quoted(ICR_HOSTS),
    ca_certificate: `file(${quoted(state.caFile)})`,
  };
  return object({ icr: object({ ibmcloud: object(icr) }), images: object({ openshift: "{}" }) });
}

/** The environment that goes with {@link everythingSystemsHcl}. */
export function systemsEnvironment({ ibmCloud, horizon }: Systems, otherEndpoints = ""): { readonly [name: string]: string } {
  const { regions } = ibmCloud.state;
  // A new key is tried at the first host: nothing goes to the real one.
  const urls = [regions["us-south"].url, regions["eu-central"].url];
  const endpoints = [otherEndpoints, ...ICR_HOSTS.map((host, index) => `${host}=${urls[index]}`)].join(",");
  return { ...horizon.env, IBMCLOUD_API_KEY: ibmCloud.credentials.apiKey.reveal(), REGISTRY_ACCESS_ENDPOINTS: endpoints };
}

/** What is to be imported anew once it is there, by its id. */
export const IMPORTED_SYSTEMS = [
  "registry_ibmcloud_api_key.imported",
  "registry_ibmcloud_namespace.imported",
  "registry_openshift_project.imported",
  "registry_openshift_token.imported",
] as const;

/** Makes what this takes over, or refers to. Returns the id of a service ID of somebody's. */
export async function makeForeignSystems({ cluster, systems, name, namespaces }: EverythingSystemsProps): Promise<string> {
  const [, source = ""] = namespaces;
  const auth = Buffer.from("acme:hunter22-copied").toString("base64");
  const auths = { "copied.example": { auth }, "left.example": { auth } };
  await cluster.create<SecretObject>("secrets", {
    metadata: { name: "source", namespace: source },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths })).toString("base64") },
  });
  const { ibmCloud, horizon } = systems;
  const service = {
    label: "by hand",
    public: false,
    url: `${name}-adopted`,
    version: "1.0.0",
    arch: "amd64",
    sharable: "multiple",
  };
  const adopted = `/services/${name}-adopted_1.0.0_amd64`;
  const pattern = {
    label: "by hand",
    public: false,
    services: [
      { serviceUrl: service.url, serviceOrgid: "acme", serviceArch: "amd64", serviceVersions: [{ version: service.version }] },
    ],
  };
  for (const [path, body] of [
    ["/services", { ...service, deployment: "", deploymentSignature: "" }],
    [`${adopted}/dockauths`, { registry: PARTNER, username: "by-hand", token: "hunter22-by-hand" }],
    [`/patterns/${name}-adopted`, pattern],
  ] as const) {
    const status = await horizon.ask("POST", path, body);
    if (status !== 201) throw new Error(`the exchange answered ${status} to ${path}`);
  }
  const made = await ibmCloud.iam("POST", "/v1/serviceids/", { account_id: ACCOUNT.id, name: `${name}-own` });
  return (made as { readonly id: string }).id;
}

/** Everything of the three systems. */
export function everythingSystemsHcl(props: EverythingSystemsProps, serviceId: string): string {
  return [ibmCloudHcl(props, serviceId), openshiftHcl(props), horizonHcl(props), copiesHcl(props)].join("");
}

function ibmCloudHcl({ name, expiring }: EverythingSystemsProps, serviceId: string): string {
  // Registry namespaces are short.
  const short = createHash("sha256").update(name).digest("hex").slice(0, 12);
  const key = (own: string, more: Expressions = {}, rest = "") =>
    resource("ibmcloud_api_key", own, { issuer: quoted("icr"), name: quoted(own), ...more }, rest);
  const registryNamespace = (own: string, more: Expressions = {}) =>
    resource("ibmcloud_namespace", own, { issuer: quoted("icr"), name: quoted(`${own}-${short}`), ...more });
  return [
    key("pull", { description: quoted("kept"), timeouts: ISSUED }, CREATE_FIRST),
    key("outliving", { service_id: quoted(serviceId), revoke_on_destroy: "false" }),
    key("imported"),
    expiring ? key("expiring", { lifetime_seconds: "86400", renew_before_seconds: "60" }) : "",
    registryNamespace("apps", { resource_group: quoted(ACCOUNT.resourceGroup), force_destroy: "true", timeouts: ISSUED }),
    registryNamespace("imported"),
  ].join("");
}

function openshiftHcl({ name, namespaces, expiring }: EverythingSystemsProps): string {
  const [place = "", , adopted = ""] = namespaces;
  const token = (own: string, more: Expressions = {}, rest = "") =>
    resource(
      "openshift_token",
      own,
      { issuer: quoted("images"), name: quoted(own), project: quoted(place), service_account: quoted("robot"), ...more },
      rest,
    );
  return [
    resource("openshift_project", "images", {
      name: quoted(`${name}-images`),
      display_name: quoted("Images"),
      description: quoted("kept"),
      timeouts: CHANGED,
    }),
    resource("openshift_project", "adopted", { name: quoted(adopted), adopt_existing: "true" }),
    resource("openshift_project", "imported", { name: quoted(`${name}-imported`) }),
    resource("openshift_route", "images", { timeouts: ISSUED }),
    token("pull", { description: quoted("kept"), timeouts: ISSUED }, CREATE_FIRST),
    token("outliving", { revoke_on_destroy: "false" }),
    token("imported"),
    expiring ? token("expiring", { lifetime_seconds: "3600", renew_before_seconds: "60" }) : "",
  ].join("");
}

function horizonHcl({ cluster, name }: EverythingSystemsProps): string {
  const image = `${PARTNER}/library/nginx`;
  const definition = (url: string) =>
    quoted(
      JSON.stringify({
        label: "kept",
        url,
        version: "1.0.0",
        arch: "$ARCH",
        sharable: "multiple",
        deployment: { services: { app: { image } } },
      }),
    );
  const pattern = (url: string) =>
    quoted(
      JSON.stringify({
        label: "kept",
        services: [
          { serviceUrl: url, serviceOrgid: "$HZN_ORG_ID", serviceArch: "$ARCH", serviceVersions: [{ version: "1.0.0" }] },
        ],
      }),
    );
  const variables = object({ ARCH: quoted("amd64") });
  const byFile = { signing_key_file: `"\${path.module}/${SIGNING_KEY_FILE}"` };
  const byEnv = { signing_key_env: quoted(SIGNING_KEY_ENV), adopt_existing: "true" };
  const auth = (own: string, service: string, more: Expressions) =>
    resource("horizon_registry_auth", own, { service: `registry_horizon_service.${service}.service_id`, ...more });
  return [
    resource("horizon_service", "made", {
      definition: definition(name),
      variables,
      registries: `[${LOGIN}]`,
      registry_ca_certificate: quoted(readFileSync(cluster.state.caFile, "utf8")),
      timeouts: CHANGED,
      ...byFile,
    }),
    resource("horizon_service", "adopted", {
      definition: definition(`${name}-adopted`),
      variables,
      pin_images: "false",
      ...byEnv,
    }),
    auth("made", "made", { registry: quoted(PARTNER), ...PASSWORD, timeouts: CHANGED }),
    auth("versioned", "made", {
      registry: quoted("versioned.partner.example"),
      username: quoted("acme"),
      password_wo: quoted("hunter22-versioned"),
      password_wo_version: "3",
    }),
    auth("issued", "made", { registry: quoted(DEDICATED.hosts[0]), credential_id: "registry_token.pull.credential_id" }),
    auth("adopted", "adopted", { registry: quoted(PARTNER), ...PASSWORD, adopt_existing: "true" }),
    resource("horizon_pattern", "made", {
      name: quoted(name),
      definition: pattern(name),
      variables,
      timeouts: CHANGED,
      depends_on: "[registry_horizon_service.made]",
      ...byFile,
    }),
    resource("horizon_pattern", "adopted", {
      name: quoted(`${name}-adopted`),
      definition: pattern(`${name}-adopted`),
      variables,
      depends_on: "[registry_horizon_service.adopted]",
      ...byEnv,
    }),
  ].join("");
}

/** One pull secret with a credential of each system, and copies. */
function copiesHcl({ namespaces: [place = "", source = ""] }: EverythingSystemsProps): string {
  const entries = [
    { hosts: quoted(ICR_HOSTS), credential_id: "registry_ibmcloud_api_key.pull.credential_id" },
    { hosts: quoted([INTERNAL]), credential_id: "registry_openshift_token.pull.credential_id" },
    { copy_from: object({ namespace: quoted(source), name: quoted("source"), hosts: quoted(["copied.example"]) }) },
  ];
  const all = object({ copy_from: object({ namespace: quoted(source), name: quoted("source") }) });
  return [
    resource("pull_secret", "systems", {
      name: quoted("systems"),
      namespaces: quoted([place]),
      registries: `[${entries.map(object).join(", ")}]`,
    }),
    resource("pull_secret", "copied", { name: quoted("copied"), namespaces: quoted([place]), registries: `[${all}]` }),
  ].join("");
}
