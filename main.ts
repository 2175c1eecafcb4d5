/** The smallest real use: two teams' namespaces pull from four registries. examples/README.md lists the environment variables. */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformStack } from "cdktf";
import { BluemixRegistry, Cluster, DockerHub, Namespaces, PrivateRegistry, RegistryAccess, Secret } from "./lib";

const env = process.env;
const app = new App();
const stack = new TerraformStack(app, "registry-access");
const cluster = Cluster.fromKubeconfig();

// A: a dedicated installation; a permanent token is issued for its organization.
const dedicated = BluemixRegistry.dedicated({
  name: "dedicated",
  domain: env.DEDICATED_DOMAIN ?? "acme.example.com",
  apiEndpoint: env.DEDICATED_API_ENDPOINT,
  registryEndpoint: env.DEDICATED_REGISTRY_ENDPOINT,
  organization: "acme",
  apiKey: Secret.env("BLUEMIX_DEDICATED_API_KEY"),
  token: { description: "pull secrets of the teams", permanent: true },
});

// B: a public region and the international registry; their token is there already and looked up.
const regional = BluemixRegistry.region("us-south", {
  apiEndpoint: env.REGIONAL_API_ENDPOINT,
  registryEndpoint: env.REGIONAL_REGISTRY_ENDPOINT,
  organization: "acme",
  apiKey: Secret.env("BLUEMIX_REGIONAL_API_KEY"),
  token: { description: "ci" },
});

// C: Docker Hub's public images need no secret. D: any other private registry.
const dockerHub = DockerHub.anonymous();
const partner = new PrivateRegistry(env.PARTNER_REGISTRY ?? "registry.partner.example:5000", {
  username: "acme",
  password: Secret.variable("partner_password"),
  email: "a@b.c",
});

// H: the namespaces, their pull secrets, the patched ServiceAccounts, and what pulls.
const teamA = new NamespaceV1(stack, "team-a", { metadata: { name: "team-a" } });
const teamB = new NamespaceV1(stack, "team-b", { metadata: { name: "team-b" } });

const access = new RegistryAccess(stack, "access", {
  cluster,
  registries: [dedicated, regional, dockerHub, partner],
  namespaces: Namespaces.named(teamA, teamB),
  serviceAccounts: ["default"],
  secretName: "registry-pull",
});

const liberty = regional.image("team/ibmliberty:latest");
access.sampleDeployment("ibmliberty-deployment", { namespace: teamA, image: liberty, replicas: 3, port: 9080 });
access.sampleDeployment("nginx-deployment", { namespace: teamB, image: dockerHub.image("nginx"), replicas: 3, port: 80 });
access.samplePod("sample-pod", { namespace: teamA, image: dedicated.image("acme/app") });

app.synth();
