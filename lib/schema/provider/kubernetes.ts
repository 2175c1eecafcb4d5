import { checkCertificateText } from "../../domain/certificate-text";
import type { Problem } from "../../domain/problem";
import { checkProxyAddress } from "../../domain/proxy-address";
import type { PartlyKnown } from "../attribute";
import { isObject } from "../partly-known";
import { secretText, text } from "./attributes";

/** How to reach a cluster; attribute and environment names as hashicorp/kubernetes has them. */
export const kubernetes = {
  config_path: text("A kubeconfig file. Like hashicorp/kubernetes, and unlike kubectl, `KUBECONFIG` is not read.", [
    "KUBE_CONFIG_PATH",
  ]),
  config_paths: {
    type: { list: "string" },
    presence: "optional",
    description: "Several kubeconfig files, merged as kubectl does.",
    environment: ["KUBE_CONFIG_PATHS"],
  },
  config_context: { ...text("The context to use.", ["KUBE_CTX"]), whenUnset: "the kubeconfig's current context" },
  config_context_auth_info: text("A user of the kubeconfig in place of the context's.", ["KUBE_CTX_AUTH_INFO"]),
  config_context_cluster: text("A cluster of the kubeconfig in place of the context's.", ["KUBE_CTX_CLUSTER"]),
  host: text("The API server's URL.", ["KUBE_HOST"]),
  token: secretText("A bearer token.", ["KUBE_TOKEN"]),
  username: text("A user name for basic authentication.", ["KUBE_USER"]),
  password: secretText("The password for basic authentication.", ["KUBE_PASSWORD"]),
  client_certificate: { ...text("A client certificate (PEM).", ["KUBE_CLIENT_CERT_DATA"]), check: checkCertificateText },
  client_key: secretText("The client certificate's key (PEM).", ["KUBE_CLIENT_KEY_DATA"]),
  cluster_ca_certificate: {
    ...text("The API server's CA (PEM).", ["KUBE_CLUSTER_CA_CERT_DATA"]),
    check: checkCertificateText,
  },
  insecure: {
    type: "bool",
    presence: "optional",
    description: "Leaves the API server's certificate unverified. Only for a test cluster.",
    whenUnset: "it is verified",
    environment: ["KUBE_INSECURE"],
  },
  tls_server_name: text("The name that the API server's certificate is checked against.", ["KUBE_TLS_SERVER_NAME"]),
  proxy_url: {
    ...text(
      "An HTTP proxy to reach the API server by, `http://` or `https://`. Proxies of the environment (`HTTPS_PROXY`, `NO_PROXY`) need no setting.",
      ["KUBE_PROXY_URL"],
    ),
    check: checkProxyAddress,
  },
  exec: {
    nesting: "single",
    presence: "optional",
    description: "A credential plugin, as in a kubeconfig.",
    attributes: {
      api_version: { type: "string", presence: "required", description: "`client.authentication.k8s.io/v1` or `/v1beta1`." },
      command: { type: "string", presence: "required", description: "The command to run." },
      args: { type: { list: "string" }, presence: "optional", description: "Its arguments." },
      env: { type: { map: "string" }, presence: "optional", description: "Environment variables for it." },
    },
  },
} as const;

/** A kubeconfig or a host, not both. */
export function clusterNeedsOneSource(config: PartlyKnown): readonly Problem[] {
  const kubernetes = config.kubernetes;
  if (!isObject(kubernetes)) return [];
  const set = (name: string) => kubernetes[name] !== null && kubernetes[name] !== undefined;
  if (set("config_path") && set("config_paths")) {
    return [
      {
        path: ["kubernetes", "config_paths"],
        summary: "Two lists of kubeconfig files",
        detail: "Both config_path and config_paths are set. Set one of them.",
      },
    ];
  }
  if (set("host") && (set("config_path") || set("config_paths"))) {
    return [
      {
        path: ["kubernetes", "host"],
        summary: "Two ways to reach the cluster",
        detail: `host is ${JSON.stringify(kubernetes.host)}, and a kubeconfig is set as well. Set one of them, so that it is plain which cluster is meant.`,
      },
    ];
  }
  return [];
}
