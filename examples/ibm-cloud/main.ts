/** System F: IBM Cloud Container Registry. A registry namespace and an API key that may only pull are made, and Pods pull from it with that. */
import { readFileSync } from "node:fs";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformStack } from "cdktf";
import { Cluster, IbmCloudRegistry, Namespaces, RegistryAccess, Secret } from "../../lib";

const { ICR_HOSTS, IBMCLOUD_CA_FILE } = process.env;
const app = new App();
const stack = new TerraformStack(app, "ibm-cloud");

const icr = new IbmCloudRegistry({
  regions: ["us-south", "eu-de"],
  hosts: ICR_HOSTS?.split(","),
  apiKey: Secret.env("IBMCLOUD_API_KEY"),
  iamEndpoint: process.env.IBMCLOUD_IAM_API_ENDPOINT,
  registryEndpoint: process.env.IBMCLOUD_CR_API_ENDPOINT,
  caCertificate: IBMCLOUD_CA_FILE === undefined ? undefined : readFileSync(IBMCLOUD_CA_FILE, "utf8"),
  key: { description: "ibm-cloud example" },
});
const teams = ["icr-team-a", "icr-team-b"].map((name) => new NamespaceV1(stack, name, { metadata: { name } }));

const access = new RegistryAccess(stack, "access", {
  cluster: Cluster.fromKubeconfig(),
  registries: [icr],
  namespaces: Namespaces.named(...teams),
});
// Pods pull from the registry namespace that is made here, once its image is pushed; the sandbox has it. Destroy deletes both.
const demo = icr.namespace(access.provider, "demo", { forceDestroy: true });
for (const [index, namespace] of teams.entries())
  access.samplePod(`sample-pod-${index + 1}`, { namespace, image: icr.image("demo/app") }).node.addDependency(demo);

app.synth();
