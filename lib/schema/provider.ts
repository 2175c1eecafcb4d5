import { BRACKETS, isBareIPv6 } from "../domain/bare-ipv6";
import { checkCertificateText } from "../domain/certificate-text";
import { CLUSTER_UID, ON_OTHER_CLUSTER } from "../domain/cluster-identity";
import { checkDuration } from "../domain/duration";
import { checkEnvironmentName } from "../domain/environment-name";
import { ON_MISSING_ACCESS } from "../domain/permissions";
import type { Path, Problem } from "../domain/problem";
import { checkProxyAddress } from "../domain/proxy-address";
import { PULL_CHECKS } from "../domain/pulls/mode";
import { checkRegistryHost } from "../domain/registry-host";
import type { TypeSchema } from "./attribute";
import { clusterNeedsOneSource, issuersAreWhole } from "./provider-rules";

function checkUrl(value: string | number, path: Path): Problem | undefined {
  const text = String(value);
  const fault = (detail: string): Problem => ({ path, summary: "Invalid endpoint", detail: `${JSON.stringify(text)} ${detail}` });
  if (!URL.canParse(text) || !/^https?:\/\//.test(text))
    return fault(
      `is not a URL. Give scheme and host, such as "https://api.example.com".${isBareIPv6(text) ? ` ${BRACKETS}.` : ""}`,
    );
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    return {
      path,
      summary: "Invalid endpoint",
      detail: "The URL holds a user name or a password. Give them in their own attributes.",
    };
  }
  if (url.search !== "" || url.hash !== "") return fault("has a query or a fragment: leave it out.");
  return undefined;
}

/** The provider's `owner`: it stands in annotations and in tokens' descriptions. */
function checkOwner(value: string | number, path: Path): Problem | undefined {
  if (/^[A-Za-z0-9]([A-Za-z0-9._/-]{0,98}[A-Za-z0-9])?$/.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid owner",
    detail: `${JSON.stringify(value)} is not an owner: 1 to 100 letters, digits, '.', '_', '-' and '/', such as "my-project/production".`,
  };
}

function checkOnOtherCluster(value: string | number, path: Path): Problem | undefined {
  if (ON_OTHER_CLUSTER.some((known) => known === value)) return undefined;
  return {
    path,
    summary: "Invalid on_other_cluster",
    detail: `${JSON.stringify(value)} is neither ${ON_OTHER_CLUSTER.map((known) => JSON.stringify(known)).join(" nor ")}. Leave it out, unless the cluster was rebuilt: then "recreate" takes the new one on.`,
  };
}

/** The provider's `cluster_uid`. */
function checkClusterUid(value: string | number, path: Path): Problem | undefined {
  if (CLUSTER_UID.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid cluster_uid",
    detail: `${JSON.stringify(value)} is not the UID of a namespace. Give what this prints: kubectl get namespace kube-system -o jsonpath='{.metadata.uid}'.`,
  };
}

function checkOnMissingAccess(value: string | number, path: Path): Problem | undefined {
  if (ON_MISSING_ACCESS.some((known) => known === value)) return undefined;
  return {
    path,
    summary: "Invalid on_missing_access",
    detail: `${JSON.stringify(value)} is neither ${ON_MISSING_ACCESS.map((known) => JSON.stringify(known)).join(" nor ")}. Leave it out for warnings; set "error" where the identity that plans is the one that applies.`,
  };
}

function checkPullChecks(value: string | number, path: Path): Problem | undefined {
  if (PULL_CHECKS.some((known) => known === value)) return undefined;
  return {
    path,
    summary: "Invalid pull_checks",
    detail: `${JSON.stringify(value)} is neither ${PULL_CHECKS.map((known) => JSON.stringify(known)).join(" nor ")}. Leave it out, unless the cluster has no node that could pull.`,
  };
}

const secretText = (description: string, environment?: readonly string[]) =>
  ({
    type: "string",
    presence: "optional",
    sensitive: true,
    description: `${description} Give it from an ephemeral variable.`,
    ...(environment ? { environment } : {}),
  }) as const;
const text = (description: string, environment?: readonly string[]) =>
  ({ type: "string", presence: "optional", description, ...(environment ? { environment } : {}) }) as const;
const environmentName = (what: string) =>
  ({
    type: "string",
    presence: "optional",
    description: `The environment variable that holds the ${what}: \`REGISTRY_*\`, \`BLUEMIX_*\`, \`IBMCLOUD_*\`, \`IC_*\`, \`CF_*\`, or one listed in \`REGISTRY_ACCESS_PASSWORD_ENV\`.`,
    check: checkEnvironmentName,
  }) as const;

const kubernetes = {
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

const bluemix = {
  api_endpoint: {
    type: "string",
    presence: "required",
    description: "The Cloud Foundry API's URL, such as `https://api.<dedicated_domain>` or `https://api.ng.bluemix.net`.",
    check: checkUrl,
  },
  registry_endpoint: {
    ...text("The URL of the registry's token API."),
    whenUnset: "`https://` and the first of `hosts`",
    check: checkUrl,
  },
  hosts: {
    type: { list: "string" },
    presence: "required",
    description: "The registry hosts that its tokens are good for, such as `registry.ng.bluemix.net` and `registry.bluemix.net`.",
    check: checkRegistryHost,
  },
  username: text("The user to log in as, with a password.", ["BLUEMIX_USERNAME"]),
  password: secretText("The user's password.", ["BLUEMIX_PASSWORD"]),
  password_env: environmentName("password"),
  passcode: secretText("A one-time passcode. It works once: not for a pipeline."),
  passcode_env: environmentName("passcode"),
  api_key: secretText("An API key.", ["BLUEMIX_API_KEY"]),
  api_key_env: environmentName("API key"),
  oauth_token: secretText(
    "A UAA or IAM access token that was fetched already (`bx iam oauth-tokens`), with or without the word `bearer`.",
  ),
  oauth_token_env: environmentName("access token"),
  organization: text("The organization by name.", ["BLUEMIX_ORG"]),
  organization_guid: text("The organization by GUID."),
  account_id: text("The account, where the login is an IAM token rather than a UAA one."),
  ca_certificate: {
    ...text("The CA (PEM) of the endpoints, where the system's roots don't know it."),
    check: checkCertificateText,
  },
} as const;

/** The provider itself. */
export const provider = {
  name: "registry",
  kind: "provider",
  description:
    "Registry tokens, pull secrets and ServiceAccount patches, with no secret in a state or a plan. Nothing is contacted before it is needed: a plan without registry tokens never logs in.",
  attributes: {
    owner: {
      type: "string",
      presence: "required",
      description:
        "Who writes: stands in an annotation on everything it makes, so that two stacks never take each other's. An owner belongs to exactly one state: what another resource of the same owner wrote is taken up, and its older registry tokens are revoked, as what a killed run left (docs/ownership.md). The constructs set the project and the stack.",
      check: checkOwner,
    },
    kubernetes: {
      nesting: "single",
      presence: "optional",
      description: "The cluster; attribute and environment names as hashicorp/kubernetes has them.",
      attributes: kubernetes,
    },
    cluster_uid: {
      type: "string",
      presence: "optional",
      description:
        "The cluster that this configuration is for, by the UID of its kube-system namespace (`kubectl get namespace kube-system -o jsonpath='{.metadata.uid}'`). Where `kubernetes` leads to another one, nothing is read or written there, also by the first apply, when no state tells yet, and by a saved plan. Where the UID can't be read, that is a warning, and nothing is refused.",
      whenUnset: "the first apply takes the cluster that it finds, and the state remembers it",
      check: checkClusterUid,
    },
    on_other_cluster: {
      type: "string",
      presence: "optional",
      description:
        'What to do where the state is about another cluster than the one behind `kubernetes` (told by the UID of kube-system). `"error"`: nothing is read or written. `"recreate"`, for a cluster that was rebuilt: what was written to the old one is forgotten and left as it is there, and an apply writes everything anew, in place; a destroy only forgets. Take it out when that is done.',
      whenUnset: '`"error"`',
      check: checkOnOtherCluster,
    },
    on_missing_access: {
      type: "string",
      presence: "optional",
      description:
        'What a plan says where the cluster does not allow what is to be written, or a namespace is not there or being deleted. `"warn"`: a warning; an apply then stops at the first resource that it concerns. `"error"`, for pipelines where one identity plans and applies: the plan fails, also the one that `terraform apply` makes, so that nothing at all is issued or written. What is only known while a stack is applied is no part of it.',
      environment: ["REGISTRY_ACCESS_ON_MISSING_ACCESS"],
      whenUnset: '`"warn"`',
      check: checkOnMissingAccess,
    },
    pull_checks: {
      type: "string",
      presence: "optional",
      description:
        'What `registry_pull_check` does. `"wait"`: it waits for the Pods. `"skip"`, for a cluster whose nodes are away or still to come: nothing is looked at, and `status` is `not_checked`; without it, the next plan checks what was skipped.',
      environment: ["REGISTRY_ACCESS_PULL_CHECKS"],
      whenUnset: '`"wait"`',
      check: checkPullChecks,
    },
    issuers: {
      nesting: "map",
      presence: "optional",
      description: "Systems that hand out registry tokens, by a name of one's own. Each has exactly one kind.",
      attributes: {
        bluemix: {
          nesting: "single",
          presence: "optional",
          description:
            "IBM Cloud (Bluemix), Dedicated or public, registry token API v1. Logs in by exactly one of: user name and password, passcode, API key, access token; environment variables fill in where none is set.",
          attributes: bluemix,
        },
      },
    },
    request_timeout: {
      type: "string",
      presence: "optional",
      description:
        "How long a service may leave one request without an answer, such as `10s`. A read is then asked again, until a minute, or twice this time, is over for all its attempts; a write is looked up. The `timeouts` of a resource end all of it.",
      environment: ["REGISTRY_ACCESS_REQUEST_TIMEOUT"],
      whenUnset: "`30s`",
      check: checkDuration,
    },
  },
  rules: [clusterNeedsOneSource, issuersAreWhole],
} as const satisfies TypeSchema;
