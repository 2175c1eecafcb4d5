import type { KubernetesSettings } from "../../clients/kubernetes/client";
import { processRedactor } from "../../domain/redaction";
import { provider } from "../../schema/provider";
import { type ObjectValue, textOf, textsOf, type Value } from "../framework/value";
import { type Environment, fillFromEnvironment } from "./environment";

/** What says which cluster is meant: of these, what the configuration sets keeps the environment's out. */
const SOURCES = ["config_path", "config_paths", "host"] as const;

/** How to reach the cluster: the provider's `kubernetes`, wholly known, with environment variables filled in. */
export function toKubernetesSettings(kubernetes: ObjectValue | null, environment: Environment): KubernetesSettings {
  const configured = kubernetes ?? {};
  const filled = fillFromEnvironment(provider.attributes.kubernetes.attributes, configured, environment);
  const isChosen = SOURCES.some((name) => isSet(configured[name]));
  const value = (name: string): Value => {
    if (isChosen && SOURCES.some((source) => source === name)) return configured[name] ?? null;
    return filled[name] ?? null;
  };
  const text = (name: string): string | null => {
    const found = value(name);
    return typeof found === "string" && found !== "" ? found : null;
  };
  const path = text("config_path");

  return {
    configPaths: path === null ? textsOf(value("config_paths")) : [path],
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
    insecure: value("insecure") === true,
    tlsServerName: text("tls_server_name"),
    proxyUrl: text("proxy_url"),
    exec: toExec(value("exec")),
  };
}

function toExec(value: Value): KubernetesSettings["exec"] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const exec = value as ObjectValue;
  const env = Object.entries((exec.env ?? {}) as ObjectValue).map(([name, text]) => [name, textOf(text)] as const);
  return {
    apiVersion: textOf(exec.api_version),
    command: textOf(exec.command),
    args: textsOf(exec.args),
    env: Object.fromEntries(env),
  };
}

function isSet(value: Value | undefined): boolean {
  return value !== null && value !== undefined;
}

/** Masks the credentials of a cluster in every log from now on. */
export function rememberSecrets(settings: KubernetesSettings): KubernetesSettings {
  for (const secret of [settings.token, settings.password, settings.clientKey])
    if (secret !== null) processRedactor.remember(secret);
  return settings;
}
