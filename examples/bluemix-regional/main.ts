/** System B: a public region and the international registry, by one token that is there already. */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformStack } from "cdktf";
import { BluemixRegistry, Cluster, Namespaces, RegistryAccess, Secret } from "../../lib";

const app = new App();
const stack = new TerraformStack(app, "bluemix-regional");

const regional = BluemixRegistry.region("us-south", {
  apiEndpoint: process.env.REGIONAL_API_ENDPOINT,
  registryEndpoint: process.env.REGIONAL_REGISTRY_ENDPOINT,
  organization: "acme",
  apiKey: Secret.env("BLUEMIX_REGIONAL_API_KEY"),
  token: { description: "ci" }, // To issue one instead: token: { issue: { description: "ci" } }
});
const namespace = new NamespaceV1(stack, "namespace", { metadata: { name: "bluemix-regional" } });

const access = new RegistryAccess(stack, "access", {
  cluster: Cluster.fromKubeconfig(),
  registries: [regional],
  namespaces: Namespaces.named(namespace),
});
const image = regional.image("team/ibmliberty:latest");
access.sampleDeployment("ibmliberty-deployment", { namespace, image, replicas: 3, port: 9080 });

app.synth();
