import type { SecretObject } from "../../../lib/clients/kubernetes/client";
import { object, quoted } from "../support/hcl";
import { type Mistakes, PATCH, PROVIDER, PULL_SECRET, patch, provider, pullSecret } from "./mistake";

/** Reaching the cluster, being allowed to, and what is there already. */
export const clusterMistakes: Mistakes = {
  "403 at the API server, a pull secret": {
    found: "apply",
    hcl: (setting) => provider(setting, { kubernetes: object({ config_path: quoted(setting.nobody) }) }) + pullSecret(),
    says: (setting) => [
      {
        address: PULL_SECRET,
        line: 'namespaces = ["team-a","team-b"]',
        summary: "Not allowed",
        detail: `User "nobody" may not do this in the cluster at ${setting.cluster.state.apiServer}: get, create and delete secrets "pull" in team-a, team-b. Nothing was written: a pull secret is made in all its namespaces, or in none. The role registry-access-apply has all of it (docs/permissions.md; the construct AccessRoles): bind it for all namespaces, or in each of them.`,
      },
    ],
  },
  "403 at the API server, a patch": {
    found: "apply",
    hcl: (setting) => provider(setting, { kubernetes: object({ config_path: quoted(setting.nobody) }) }) + patch(),
    says: (setting) => [
      {
        address: PATCH,
        line: 'namespaces = ["team-a","team-b"]',
        summary: "Not allowed",
        detail: `User "nobody" may not do this in the cluster at ${setting.cluster.state.apiServer}: get and update serviceaccounts "default" in team-a, team-b. Nothing was patched. The role registry-access-apply has all of it (docs/permissions.md; the construct AccessRoles): bind it for all namespaces, or in each of them.`,
      },
    ],
  },
  "an API server that nobody listens at": {
    found: "apply",
    hcl: (setting) => provider(setting, { kubernetes: object({ host: quoted("https://127.0.0.1:9") }) }) + pullSecret(),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'namespaces = ["team-a","team-b"]',
        summary: "Unreachable",
        detail:
          "The cluster at https://127.0.0.1:9 could not be asked which one it is: GET https://127.0.0.1:9/api/v1/namespaces/kube-system: 127.0.0.1:9 refuses connections: nothing listens there (ECONNREFUSED). Check the address in the provider's configuration, and that this machine reaches it (network, VPN, HTTPS_PROXY).",
      },
    ],
  },
  "an API server with a wrong CA": {
    found: "apply",
    hcl: (setting) =>
      provider(setting, {
        kubernetes: object({ host: quoted(setting.cluster.state.apiServer), cluster_ca_certificate: quoted(setting.otherCa) }),
      }) + pullSecret(),
    says: (setting) => [
      {
        address: PULL_SECRET,
        line: 'namespaces = ["team-a","team-b"]',
        summary: "Certificate not trusted",
        detail: `The cluster at ${setting.cluster.state.apiServer} could not be asked which one it is: GET ${setting.cluster.state.apiServer}/api/v1/namespaces/kube-system: the certificate of ${setting.cluster.state.apiServer.slice(8)} is not signed by a CA that is trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE). Only the CA that is configured is trusted: correct cluster_ca_certificate.`,
      },
    ],
  },
  "an API server with an unknown CA": {
    found: "apply",
    hcl: (setting) => provider(setting, { kubernetes: object({ host: quoted(setting.cluster.state.apiServer) }) }) + pullSecret(),
    says: (setting) => [
      {
        address: PULL_SECRET,
        line: 'namespaces = ["team-a","team-b"]',
        summary: "Certificate not trusted",
        detail: `The cluster at ${setting.cluster.state.apiServer} could not be asked which one it is: GET ${setting.cluster.state.apiServer}/api/v1/namespaces/kube-system: the certificate of ${setting.cluster.state.apiServer.slice(8)} is not signed by a CA that is trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE). Give its CA certificate as PEM in cluster_ca_certificate, or name a file with it in the environment variable SSL_CERT_FILE.`,
      },
    ],
  },
  "an API server by plain HTTP": {
    found: "apply",
    hcl: (setting) => provider(setting, { kubernetes: object({ host: quoted("http://kubernetes.example.com") }) }) + pullSecret(),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'namespaces = ["team-a","team-b"]',
        summary: "Invalid configuration",
        detail:
          'The provider\'s cluster configuration: http://kubernetes.example.com is plain HTTP: credentials would cross the network readable by anyone. Use "https://kubernetes.example.com", or set insecure = true where that is really meant. Plain HTTP is allowed to this machine itself (127.0.0.1, localhost).',
      },
    ],
  },
  "a wrong bearer token": {
    found: "apply",
    hcl: (setting) =>
      provider(setting, {
        kubernetes: object({
          host: quoted(setting.cluster.state.apiServer),
          cluster_ca_certificate: quoted(setting.ca),
          token: "var.password",
        }),
      }) + pullSecret(),
    says: (setting) => [
      {
        address: PULL_SECRET,
        line: 'namespaces = ["team-a","team-b"]',
        summary: "Login refused",
        detail: `The cluster at ${setting.cluster.state.apiServer} could not be asked which one it is: GET ${setting.cluster.state.apiServer}/api/v1/namespaces/kube-system: 401 Unauthorized. The API server does not accept the credential of the provider's kubernetes attribute: it is wrong, or has expired.`,
      },
    ],
  },
  "no cluster": {
    found: "apply",
    hcl: (setting) => provider(setting, { kubernetes: undefined }) + pullSecret(),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'namespaces = ["team-a","team-b"]',
        summary: "Invalid configuration",
        detail:
          "The provider's cluster configuration: No Kubernetes cluster is configured. Set config_path (environment variable KUBE_CONFIG_PATH) to a kubeconfig, or host with a token or a client certificate.",
      },
    ],
  },
  "a kubeconfig that is not there": {
    found: "apply",
    hcl: (setting) => provider(setting, { kubernetes: object({ config_path: quoted("/nowhere/config") }) }) + pullSecret(),
    says: () => [
      {
        address: PULL_SECRET,
        line: 'namespaces = ["team-a","team-b"]',
        summary: "Invalid configuration",
        detail:
          "The provider's cluster configuration: The kubeconfig \"/nowhere/config\" can't be read (ENOENT). Name a file that exists in config_path or config_paths, or in the environment variable KUBE_CONFIG_PATH or KUBE_CONFIG_PATHS.",
      },
    ],
  },
  "a context that is not there": {
    found: "apply",
    hcl: (setting) =>
      provider(setting, {
        kubernetes: object({ config_path: quoted(setting.cluster.state.kubeconfig), config_context: quoted("prod") }),
      }) + pullSecret(),
    says: (setting) => [
      {
        address: PULL_SECRET,
        line: 'namespaces = ["team-a","team-b"]',
        summary: "Invalid configuration",
        detail: `The provider's cluster configuration: The kubeconfig "${setting.cluster.state.kubeconfig}" has no context "prod". It has: "${setting.cluster.state.context}". Set config_context to one of these, or name another file in config_path.`,
      },
    ],
  },
  "a kubeconfig and a host": {
    found: "validate",
    hcl: (setting) =>
      provider(setting, {
        kubernetes: object({ config_path: quoted("config"), host: quoted("https://kubernetes.example.com") }),
      }) + pullSecret(),
    says: () => [
      {
        address: PROVIDER,
        line: 'provider "registry" {',
        summary: "Two ways to reach the cluster",
        detail:
          'kubernetes.host: host is "https://kubernetes.example.com", and a kubeconfig is set as well. Set one of them, so that it is plain which cluster is meant.',
      },
    ],
  },
  "a namespace that does not exist, a pull secret": {
    found: "apply",
    hcl: (setting) => provider(setting) + pullSecret({ namespaces: quoted(["team-a", "team-c"]) }),
    says: (setting) => [
      {
        address: PULL_SECRET,
        line: 'namespaces = ["team-a","team-c"]',
        summary: "Namespace does not exist",
        detail: `Namespace "team-c" does not exist in the cluster at ${setting.cluster.state.apiServer}. Nothing was written: a pull secret is made in all its namespaces, or in none. Make it in the same stack (kubernetes_namespace_v1, NamespaceV1) and give its reference in namespaces, so that the order follows; or correct the name.`,
      },
    ],
  },
  "a namespace that does not exist, a patch": {
    found: "apply",
    hcl: (setting) => provider(setting) + patch({ namespaces: quoted(["team-a", "team-c"]) }),
    says: (setting) => [
      {
        address: PATCH,
        line: 'namespaces = ["team-a","team-c"]',
        summary: "Namespace does not exist",
        detail: `Namespace "team-c" does not exist in the cluster at ${setting.cluster.state.apiServer}. Nothing was patched. Make it in the same stack (kubernetes_namespace_v1, NamespaceV1) and give its reference in namespaces, so that the order follows; or correct the name.`,
      },
    ],
  },
  "a ServiceAccount that does not exist": {
    found: "apply",
    hcl: (setting) => provider(setting) + patch({ service_accounts: quoted(["default", "builder"]) }),
    says: (setting) => [
      {
        address: PATCH,
        line: 'service_accounts = ["default","builder"]',
        summary: "ServiceAccounts do not exist",
        detail: `The cluster at ${setting.cluster.state.apiServer} has no ServiceAccount "builder" in namespace "team-a", no ServiceAccount "builder" in namespace "team-b". Nothing was patched. Only "default" is made by Kubernetes itself: make the others first, in the same stack with depends_on, or by hand (kubectl create serviceaccount --namespace team-a builder).`,
      },
    ],
  },
  "a Secret that somebody made by hand": {
    found: "apply",
    hcl: (setting) => provider(setting) + pullSecret({ name: quoted("by-hand") }),
    before: async ({ cluster }) => {
      const metadata = { name: "by-hand", namespace: "team-b" };
      await cluster.create<SecretObject>("secrets", {
        type: "kubernetes.io/dockerconfigjson",
        metadata,
        data: { ".dockerconfigjson": "e30=" },
      });
    },
    says: () => [
      {
        address: PULL_SECRET,
        line: 'name = "by-hand"',
        summary: "Secret belongs to somebody else",
        detail:
          'Namespace "team-b" has a Secret "by-hand" already, and it names no owner: it was made by hand, or by another tool. It was left as it is. Set adopt_existing = true to take it over: the plan then says what would be lost. Or give this pull secret another name; or, if nobody needs that Secret, delete it (kubectl delete secret --namespace team-b by-hand) and apply again. Nothing was written: a pull secret is made in all its namespaces, or in none.',
      },
    ],
  },
  "a Secret of another stack": {
    found: "apply",
    hcl: (setting) => provider(setting) + pullSecret({ name: quoted("of-others") }),
    before: async ({ cluster }) => {
      const annotations = { "registry-access/owner": "shop/production", "registry-access/instance": "0123456789abcdef" };
      const metadata = { name: "of-others", namespace: "team-b", annotations };
      await cluster.create<SecretObject>("secrets", {
        type: "kubernetes.io/dockerconfigjson",
        metadata,
        data: { ".dockerconfigjson": "e30=" },
      });
    },
    says: () => [
      {
        address: PULL_SECRET,
        line: 'name = "of-others"',
        summary: "Secret belongs to somebody else",
        detail:
          'Namespace "team-b" has a Secret "of-others" already, and it belongs to owner "shop/production". It was left as it is. Set adopt_existing = true to take it over: the plan then says what would be lost. Or give this pull secret another name; or, if nobody needs that Secret, delete it (kubectl delete secret --namespace team-b of-others) and apply again. Nothing was written: a pull secret is made in all its namespaces, or in none.',
      },
    ],
  },
};
