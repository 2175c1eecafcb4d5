import type { KubernetesSettings } from "../../lib/clients/kubernetes/client";
import { isWhollyKnown, type ObjectValue, type Value } from "../../lib/provider/framework/value";
import type { Ignored } from "./metadata";

/** Environment variables that stand in for an attribute, as hashicorp/kubernetes has them. */
const ENVIRONMENT: { readonly [attribute: string]: string } = {
  host: "KUBE_HOST",
  username: "KUBE_USER",
  password: "KUBE_PASSWORD",
  insecure: "KUBE_INSECURE",
  tls_server_name: "KUBE_TLS_SERVER_NAME",
  client_certificate: "KUBE_CLIENT_CERT_DATA",
  client_key: "KUBE_CLIENT_KEY_DATA",
  cluster_ca_certificate: "KUBE_CLUSTER_CA_CERT_DATA",
  config_path: "KUBE_CONFIG_PATH",
  config_context: "KUBE_CTX",
  config_context_auth_info: "KUBE_CTX_AUTH_INFO",
  config_context_cluster: "KUBE_CTX_CLUSTER",
  token: "KUBE_TOKEN",
  proxy_url: "KUBE_PROXY_URL",
};

/** The provider's configuration, read. */
export interface Configuration {
  /** Undefined where a part of it is not known yet. */
  readonly cluster: KubernetesSettings | undefined;
  /** Names of the attributes that are not known yet. */
  readonly unknown: readonly string[];
  readonly ignored: Ignored;
}

/** Reads the provider's configuration, with environment variables where an attribute is not set. */
export function readConfiguration(config: ObjectValue, env: { readonly [name: string]: string | undefined }): Configuration {
  const unknown = Object.entries(config).flatMap(([name, value]) => (isWhollyKnown(value) ? [] : [name]));
  const ignored = { annotations: patterns(config.ignore_annotations), labels: patterns(config.ignore_labels) };
  return { cluster: unknown.length > 0 ? undefined : readCluster(config, env), unknown, ignored };
}

function readCluster(config: ObjectValue, env: { readonly [name: string]: string | undefined }): KubernetesSettings {
  const text = (name: string): string | null => {
    const set = config[name];
    return (typeof set === "string" && set !== "" ? set : env[ENVIRONMENT[name] ?? ""]) || null;
  };
  const configPath = text("config_path");
  const configPaths = strings(config.config_paths);
  const exec = (config.exec as readonly ObjectValue[] | null | undefined)?.[0];
  return {
    configPaths: configPath === null ? (configPaths.length > 0 ? configPaths : pathsOf(env.KUBE_CONFIG_PATHS)) : [configPath],
    configContext: text("config_context"),
    configContextAuthInfo: text("config_context_auth_info"),
    configContextCluster: text("config_context_cluster"),
    host: text("host"),
    token: text("token"),
    username: text("username"),
    password: text("password"),
    clientCertificate: text("client_certificate"),
    clientKey: text("client_key"),
    clusterCaCertificate: text("cluster_ca_certificate"),
    insecure: typeof config.insecure === "boolean" ? config.insecure : env.KUBE_INSECURE === "true",
    tlsServerName: text("tls_server_name"),
    proxyUrl: text("proxy_url"),
    exec: exec === undefined ? null : readExec(exec),
  };
}

function readExec(exec: ObjectValue): NonNullable<KubernetesSettings["exec"]> {
  return {
    apiVersion: String(exec.api_version),
    command: String(exec.command),
    args: strings(exec.args),
    env: (exec.env ?? {}) as { readonly [name: string]: string },
  };
}

function strings(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((element): element is string => typeof element === "string") : [];
}

function pathsOf(list: string | undefined): readonly string[] {
  return (list ?? "").split(process.platform === "win32" ? ";" : ":").filter((path) => path !== "");
}

function patterns(value: Value | undefined): readonly RegExp[] {
  return strings(value).map((pattern) => new RegExp(pattern));
}
