/** Systems A to F in one pull secret. */
import { readFileSync } from "node:fs";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformStack } from "cdktf";
import {
  BluemixRegistry,
  Cluster,
  DockerHub,
  IbmCloudRegistry,
  Namespaces,
  OpenShiftRegistry,
  PrivateRegistry,
  RegistryAccess,
  Secret,
} from "../../../lib";

const { env } = process;
const app = new App();
const stack = new TerraformStack(app, "all-systems");
const cluster = Cluster.fromKubeconfig();
const namespace = new NamespaceV1(stack, "everything", {
  metadata: { name: "everything" },
  lifecycle: { ignoreChanges: ["metadata[0].annotations"] },
});

new RegistryAccess(stack, "access", {
  cluster,
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
    BluemixRegistry.region("us-south", {
      apiEndpoint: env.REGIONAL_API_ENDPOINT,
      registryEndpoint: env.REGIONAL_REGISTRY_ENDPOINT,
      organization: "acme",
      apiKey: Secret.env("BLUEMIX_REGIONAL_API_KEY"),
      token: { description: "ci" },
    }),
    DockerHub.anonymous(),
    new PrivateRegistry(env.PARTNER_REGISTRY ?? "", { username: "acme", password: Secret.variable("partner_password") }),
    new OpenShiftRegistry(stack, "images", { cluster, project: "edge", serviceAccount: "edge-puller" }),
    new IbmCloudRegistry({
      regions: ["us-south", "eu-de"],
      hosts: env.ICR_HOSTS?.split(","),
      apiKey: Secret.env("IBMCLOUD_API_KEY"),
      iamEndpoint: env.IBMCLOUD_IAM_API_ENDPOINT,
      registryEndpoint: env.IBMCLOUD_CR_API_ENDPOINT,
      caCertificate: readFileSync(env.IBMCLOUD_CA_FILE ?? "", "utf8"),
      key: { description: "all systems" },
    }),
  ],
  namespaces: Namespaces.named(namespace),
});

app.synth();
