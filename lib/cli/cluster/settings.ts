import type { KubernetesSettings } from "../../clients/kubernetes/client";
import { processRedactor } from "../../domain/redaction";
import { type Attributes, provider } from "../../schema";
import { UsageError } from "../usage-error";

/** Which cluster the command line was told to look at. */
export interface ClusterOptions {
  /** A kubeconfig file. @default - what the environment says */
  readonly kubeconfig?: string;
  /** A context of it. @default - what the environment says, then the current one */
  readonly context?: string;
}

type Name = keyof typeof provider.attributes.kubernetes.attributes;
type Environment = { readonly [name: string]: string | undefined };

/**
 * How to reach the cluster: as the provider without a `kubernetes` attribute, so by the same `KUBE_*` variables; an option wins over its
 * variable, and a kubeconfig that is named keeps out what the environment says about another cluster.
 * @throws UsageError where no cluster is named, or `KUBE_INSECURE` is neither true nor false
 */
export function kubernetesSettings({ kubeconfig, context }: ClusterOptions, environment: Environment): KubernetesSettings {
  const attributes: Attributes = provider.attributes.kubernetes.attributes;
  const variable = (name: Name): string | null => {
    const set = (attributes[name]?.environment ?? []).map((candidate) => environment[candidate] ?? "");
    return set.find((value) => value !== "") ?? null;
  };
  const paths = variable("config_path");
  const isNamed = kubeconfig !== undefined;
  const unlessNamed = (name: Name) => (isNamed ? null : variable(name));
  const secret = (name: Name) => {
    const value = unlessNamed(name);
    if (value !== null) processRedactor.remember(value);
    return value;
  };
  const several = (variable("config_paths") ?? "").split(":").filter((part) => part !== "");
  const isAnywhere = [paths, unlessNamed("host"), environment.KUBERNETES_SERVICE_HOST ?? null].some(
    (value) => (value ?? "") !== "",
  );
  if (!isNamed && several.length === 0 && !isAnywhere)
    throw new UsageError(
      "No cluster is named. Give a kubeconfig with --kubeconfig, or set KUBE_CONFIG_PATH to one, or KUBE_HOST with a login. KUBECONFIG is not read, as by the provider, so that both always mean the same cluster.",
    );
  return {
    configPaths: isNamed ? [kubeconfig] : paths === null ? several : [paths],
    configContext: context ?? unlessNamed("config_context"),
    configContextAuthInfo: unlessNamed("config_context_auth_info"),
    configContextCluster: unlessNamed("config_context_cluster"),
    host: unlessNamed("host"),
    token: secret("token"),
    username: unlessNamed("username"),
    password: secret("password"),
    clientCertificate: unlessNamed("client_certificate"),
    clientKey: secret("client_key"),
    clusterCaCertificate: unlessNamed("cluster_ca_certificate"),
    insecure: isTrue(unlessNamed("insecure")),
    tlsServerName: unlessNamed("tls_server_name"),
    proxyUrl: variable("proxy_url"),
    exec: null,
  };
}

function isTrue(text: string | null): boolean {
  if (text === null || /^(0|f|false)$/i.test(text)) return false;
  if (/^(1|t|true)$/i.test(text)) return true;
  throw new UsageError(`KUBE_INSECURE is ${JSON.stringify(text)}. It is "true" or "false".`);
}
