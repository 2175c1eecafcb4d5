/** System A: Bluemix Dedicated. A permanent registry token is issued, and a Pod pulls with it. */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformStack } from "cdktf";
import { BluemixRegistry, Cluster, Namespaces, RegistryAccess, Secret } from "../../lib";

const app = new App();
const stack = new TerraformStack(app, "bluemix-dedicated");

const dedicated = BluemixRegistry.dedicated({
  name: "dedicated",
  domain: process.env.DEDICATED_DOMAIN ?? "acme.example.com",
  apiEndpoint: process.env.DEDICATED_API_ENDPOINT,
  registryEndpoint: process.env.DEDICATED_REGISTRY_ENDPOINT,
  organization: "acme",
  apiKey: Secret.env("BLUEMIX_DEDICATED_API_KEY"),
  token: { description: "bluemix-dedicated example", permanent: true },
});
const namespace = new NamespaceV1(stack, "namespace", { metadata: { name: "bluemix-dedicated" } });

const access = new RegistryAccess(stack, "access", {
  cluster: Cluster.fromKubeconfig(),
  registries: [dedicated],
  namespaces: Namespaces.named(namespace),
});
access.samplePod("sample-pod", { namespace, image: dedicated.image("acme/app") });

app.synth();
