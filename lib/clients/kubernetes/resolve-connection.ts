import { access, readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { Secret } from "../../domain/secret";
import { ClientError } from "../client-error";
import { errorCode } from "../error-code";
import type { KubernetesSettings } from "./client";
import type { ClusterConnection, UserSettings } from "./connection";
import { connectionOfKubeconfig } from "./kubeconfig-connection";

/** Where a Pod finds its ServiceAccount's token and the cluster's CA. */
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Names another folder, for a Pod that mounts them elsewhere and for tests. Never set by code under review. */
const SERVICE_ACCOUNT_VARIABLE = "REGISTRY_ACCESS_SERVICE_ACCOUNT_FOLDER";

/**
 * Where the cluster is and who we are there: kubeconfig files first, single attributes over them, and the Pod's own
 * ServiceAccount where nothing is set at all. Reads files, contacts nothing. Throws ClientError("invalid").
 */
export async function resolveConnection(
  settings: KubernetesSettings,
  env: { readonly [name: string]: string | undefined },
): Promise<ClusterConnection> {
  if (settings.configPaths.length > 0) return override(await connectionOfKubeconfig(settings), settings);
  if (settings.host !== null)
    return override({ server: "", insecure: false, user: { source: "the provider's kubernetes attribute" } }, settings);
  const host = env.KUBERNETES_SERVICE_HOST;
  if (host !== undefined && host !== "") return override(await inCluster(host, env, settings), settings);
  throw new ClientError(
    "invalid",
    `No Kubernetes cluster is configured. Set config_path (environment variable KUBE_CONFIG_PATH) to a kubeconfig, or host with a token or a client certificate.${
      env.KUBECONFIG
        ? " KUBECONFIG is set, but it is not read, as in hashicorp/kubernetes, so that both providers always mean the same cluster: set KUBE_CONFIG_PATH to the same file."
        : ""
    }`,
  );
}

function override(base: ClusterConnection, settings: KubernetesSettings): ClusterConnection {
  const server = withScheme(settings.host ?? base.server);
  return {
    server,
    insecure: settings.insecure || base.insecure,
    ...defined("context", settings.host === null ? base.context : undefined),
    ...defined("ca", settings.clusterCaCertificate ?? base.ca),
    ...defined("serverName", settings.tlsServerName ?? base.serverName),
    ...defined("proxyUrl", settings.proxyUrl ?? base.proxyUrl),
    ...defined("proxySetting", settings.proxyUrl === null ? base.proxySetting : undefined),
    ...(base.execConfig === undefined ? {} : { execConfig: base.execConfig }),
    user: overrideUser(base.user, settings),
  };
}

/** A way to log in that is given beside the kubeconfig takes the place of the kubeconfig's, and is not mixed with it. */
function overrideUser(base: UserSettings, settings: KubernetesSettings): UserSettings {
  if ((settings.clientCertificate === null) !== (settings.clientKey === null)) {
    const [given, missing] =
      settings.clientKey === null ? ["client_certificate", "client_key"] : ["client_key", "client_certificate"];
    throw new ClientError("invalid", `The attribute ${given} is set and ${missing} is not. Set both, or neither.`);
  }
  const given = settings.token ?? settings.username ?? settings.clientCertificate ?? settings.exec;
  if (given === null) return base;
  return {
    source: "the provider's kubernetes attribute",
    ...(settings.clientCertificate === null ? {} : { clientCertificate: settings.clientCertificate }),
    ...(settings.clientKey === null ? {} : { clientKey: Secret.of(settings.clientKey) }),
    ...(settings.token === null ? {} : { token: Secret.of(settings.token) }),
    ...(settings.username === null
      ? {}
      : { basic: { username: settings.username, password: Secret.of(settings.password ?? "") } }),
    ...(settings.exec === null ? {} : { exec: settings.exec }),
    ...(base.impersonate === undefined ? {} : { impersonate: base.impersonate }),
  };
}

async function inCluster(
  host: string,
  env: { readonly [name: string]: string | undefined },
  { clusterCaCertificate }: KubernetesSettings,
): Promise<ClusterConnection> {
  const folder = env[SERVICE_ACCOUNT_VARIABLE] || SERVICE_ACCOUNT;
  const connection = {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${env.KUBERNETES_SERVICE_PORT || "443"}`,
    insecure: false,
    user: { source: "the Pod's ServiceAccount", tokenFile: `${folder}/token` },
  };
  if (clusterCaCertificate !== null) return connection;
  try {
    return { ...connection, ca: await readFile(`${folder}/ca.crt`, "utf8") };
  } catch (error) {
    throw new ClientError("invalid", await faultOfMount(folder, errorCode(error)));
  }
}

/** A Pod that mounts no token has neither; with a token there, it is the CA alone that is amiss. */
async function faultOfMount(folder: string, code: string): Promise<string> {
  const start = "No Kubernetes cluster is configured, and this Pod (KUBERNETES_SERVICE_HOST is set) has";
  const hasToken = await access(`${folder}/token`).then(
    () => true,
    () => false,
  );
  return hasToken
    ? `${start} a ServiceAccount token, but the cluster's CA "${folder}/ca.crt" can't be read (${code}). Give the CA as PEM in cluster_ca_certificate, or set config_path (environment variable KUBE_CONFIG_PATH).`
    : `${start} no ServiceAccount token in ${folder}. Set config_path (environment variable KUBE_CONFIG_PATH), or let the Pod mount its token (automountServiceAccountToken).`;
}

function withScheme(host: string): string {
  return host.includes("://") ? host : `https://${host}`;
}

function defined<K extends string>(name: K, value: string | undefined): { readonly [N in K]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { [N in K]: string });
}
