/**
 * One sample in a namespace that the access serves, pinned by digest; and two that stand on their own, in a namespace that it may leave out.
 * SERVED names the namespaces, CHECK_TIMEOUT how long these two are waited for.
 */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformStack } from "cdktf";
import { BluemixRegistry, Cluster, Namespaces, RegistryAccess, SampleDeployment, SamplePod, Secret } from "../../../lib";

const env = process.env;
const app = new App();
const stack = new TerraformStack(app, "left-out");
const cluster = Cluster.fromKubeconfig();
const registry = BluemixRegistry.region("us-south", {
  apiEndpoint: env.REGIONAL_API_ENDPOINT,
  registryEndpoint: env.REGIONAL_REGISTRY_ENDPOINT,
  organization: "acme",
  apiKey: Secret.env("BLUEMIX_REGIONAL_API_KEY"),
  token: { description: "ci" },
});
const image = registry.image("team/ibmliberty:latest");

const provider = cluster.kubernetes(stack);
const made = ["team-a", "team-b"].map((name) => [name, new NamespaceV1(stack, name, { provider, metadata: { name } })] as const);
const [[, teamA], [, teamB]] = made as [(typeof made)[0], (typeof made)[0]];
const served = (env.SERVED ?? "").split(",");

const access = new RegistryAccess(stack, "access", {
  cluster,
  registries: [registry],
  namespaces: Namespaces.named(...made.filter(([name]) => served.includes(name)).map(([, namespace]) => namespace)),
  secretName: "registry-pull",
});
access.sampleDeployment("pinned", { namespace: teamA, image, pinDigest: true });
const alone = { namespace: teamB, image, provider, check: { timeout: env.CHECK_TIMEOUT } };
new SampleDeployment(stack, "liberty", { ...alone, replicas: 3, port: 9080 });
new SamplePod(stack, "lone-pod", alone);

app.synth();
