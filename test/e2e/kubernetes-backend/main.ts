/** Two teams' namespaces, with the state in the cluster: docs/guides/team-state.md. */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformStack } from "cdktf";
import { BluemixRegistry, Cluster, Namespaces, RegistryAccess, Secret } from "../../../lib";

const { env } = process;
const app = new App();
const stack = new TerraformStack(app, "team-state");
stack.addOverride("terraform.backend", {
  local: undefined,
  kubernetes: { namespace: "terraform-state", secret_suffix: "cdktf" },
});

const namespaces = ["team-c", "team-d"].map((name) => new NamespaceV1(stack, name, { metadata: { name } }));
new RegistryAccess(stack, "access", {
  cluster: Cluster.fromKubeconfig(),
  registries: [
    BluemixRegistry.dedicated({
      name: "dedicated",
      domain: env.DEDICATED_DOMAIN ?? "acme.example.com",
      apiEndpoint: env.DEDICATED_API_ENDPOINT,
      registryEndpoint: env.DEDICATED_REGISTRY_ENDPOINT,
      organization: "acme",
      apiKey: Secret.env("BLUEMIX_DEDICATED_API_KEY"),
      token: { permanent: true },
    }),
  ],
  namespaces: Namespaces.named(...namespaces),
  secretName: "registry-pull",
});

app.synth();
