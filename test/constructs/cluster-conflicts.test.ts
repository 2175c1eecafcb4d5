import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, type TerraformStack, TerraformVariable } from "cdktf";
import { Cluster, EphemeralRegistryToken, PullSecret, RegistryProvider, Secret } from "../../lib";
import { newStack, synthesize, validationOf } from "./stack";

/** What somebody without types, or with a cast, may write. */
const untyped = (value: unknown) => value as never;

const prod = Cluster.fromKubeconfig({ path: "/kubeconfig", context: "prod" });
const east = Cluster.fromKubeconfig({ path: "/east", name: "east" });
const west = Cluster.fromKubeconfig({ path: "/west", name: "west" });

function serve(stack: TerraformStack, cluster: Cluster, ...namespaces: string[]) {
  const id = cluster.alias ?? "registry";
  const provider = new RegistryProvider(stack, id, { cluster, owner: "test" });
  const registries = [{ hosts: ["r.example.com"], credentialId: "ci/1" }];
  new PullSecret(stack, `pull-${id}`, { name: "pull", namespaces, registries, provider });
}

const makeNamespace = (stack: TerraformStack, cluster: Cluster) =>
  new NamespaceV1(stack, "team-a", { metadata: { name: "team-a" }, provider: cluster.kubernetes(stack) });

describe("both providers reach one cluster:", () => {
  const cases: { [name: string]: { make: (stack: TerraformStack) => void; says: readonly string[] } } = {
    "a provider of one's own with the same settings": {
      make: (stack) => {
        serve(stack, prod, "team-a");
        new KubernetesProvider(stack, "mine", { configPath: "/kubeconfig", configContext: "prod" });
      },
      says: [],
    },
    "the cluster's own providers, with a credential plugin": {
      make: (stack) => {
        const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "login", args: ["a"], env: { SOME_name: "b" } };
        const cluster = Cluster.fromEndpoint({ host: "https://k.example.com", token: Secret.variable("token"), exec });
        serve(stack, cluster, makeNamespace(stack, cluster).metadata.name);
      },
      says: [],
    },
    "a namespace made in the same cluster": {
      make: (stack) => {
        serve(stack, east, makeNamespace(stack, east).metadata.name);
        serve(stack, west, "team-a");
      },
      says: [],
    },
    "fails when a provider of one's own has other settings": {
      make: (stack) => {
        serve(stack, prod, "team-a");
        new KubernetesProvider(stack, "mine", { configPath: "/kubeconfig", configContext: "staging" });
      },
      says: [
        "[stack/registry] stack/mine and stack/registry would reach two clusters: they differ in config_context. Use cluster.kubernetes(stack) in place of a KubernetesProvider of your own, or give it an alias.",
      ],
    },
    "fails when a namespace is made in another cluster": {
      make: (stack) => {
        serve(stack, east, makeNamespace(stack, west).metadata.name);
      },
      says: [
        '[stack/east] stack/pull-east serves the namespace stack/team-a, which is made in another cluster: the providers are "east" and "west". Set the namespace\'s provider to cluster.kubernetes(stack) of the same cluster.',
      ],
    },
    "fails when hashicorp/kubernetes alone is given an environment's secret": {
      make: (stack) => {
        Cluster.fromEndpoint({ host: "https://k.example.com", token: Secret.env("REGISTRY_X") }).kubernetes(stack);
      },
      says: [
        "[stack/kubernetes-provider] token: A secret that can't be named. Secret.env can't be used here. Give Secret.variable(\"name\"), or leave it out and set KUBE_TOKEN, which the provider reads by itself.",
      ],
    },
  };
  test.each(Object.entries(cases))("%s", (_, { make, says }) => {
    const stack = newStack();
    make(stack);
    expect(validationOf(stack)).toEqual(says);
  });
});

describe("options fail when", () => {
  const cases: { [name: string]: { make: () => unknown; says: string } } = {
    "they are the provider's": {
      make: () => Cluster.fromKubeconfig(untyped({ configContext: "prod" })),
      says: 'Cluster.fromKubeconfig has no option "configContext". Options are: path, context, name, onOtherCluster, uid.',
    },
    "they are a string": {
      make: () => Cluster.fromKubeconfig(untyped("prod")),
      says: "Cluster.fromKubeconfig was given a string. It takes an object with path, context, name, onOtherCluster, uid.",
    },
    "the kubeconfig's path is empty": {
      make: () => Cluster.fromKubeconfig({ path: "" }),
      says: 'Cluster.fromKubeconfig: path is an empty string. Name a file, such as "~/.kube/config", or leave path out.',
    },
    "the provider gets its cluster as in HCL": {
      make: () => new RegistryProvider(newStack(), "registry", untyped({ kubernetes: {} })),
      says: '[stack/registry] RegistryProvider has no option "kubernetes". Options are: cluster, issuers, owner, onOtherCluster, onMissingAccess, pullChecks, horizon, alias.',
    },
  };
  test.each(Object.entries(cases))("%s", (_, { make, says }) => {
    expect(make).toThrow(says);
  });
});

describe("addOverride", () => {
  test("leaves siblings alone", () => {
    const stack = newStack();
    const provider = new RegistryProvider(stack, "registry", { cluster: prod, owner: "test" });
    provider.addOverride("kubernetes.insecure", true);
    const token = new EphemeralRegistryToken(stack, "token", { issuer: "ci", id: "1" });
    token.addOverride("provider_meta.a", 1);
    const { provider: providers, ephemeral } = synthesize(stack);
    expect(providers).toEqual({
      registry: [{ owner: "test", kubernetes: { config_path: "/kubeconfig", config_context: "prod", insecure: true } }],
    });
    expect(ephemeral).toEqual({ registry_token: { token: { issuer: "ci", id: "1", provider_meta: { a: 1 } } } });
  });
});

test("a label's key may be known to Terraform alone", () => {
  const stack = newStack();
  const key = new TerraformVariable(stack, "key", { type: "string" });
  new RegistryProvider(stack, "registry", { owner: "test" });
  const registries = [{ hosts: ["r.example.com"], credentialId: "ci/1" }];
  new PullSecret(stack, "pull", { name: "pull", namespaces: ["a"], registries, labels: { [key.stringValue]: "b" } });
  expect(validationOf(stack)).toEqual([]);
});

test("fails when HCL is asked for", () => {
  const stack = newStack(new App({ hclOutput: true }));
  const provider = new RegistryProvider(stack, "registry", { owner: "test" });
  const says =
    "[stack/registry] The constructs of cdktf-registry-access synthesize to JSON alone. Leave --hcl (hclOutput) out; Terraform and OpenTofu read both.";
  expect(() => provider.toHclTerraform()).toThrow(says);
  expect(() => stack.toHclTerraform()).toThrow(says);
});
