/** System C: Docker Hub's public images. No secret is needed, and none is made. */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformStack } from "cdktf";
import { Cluster, DockerHub, Namespaces, RegistryAccess } from "../../lib";

const app = new App();
const stack = new TerraformStack(app, "docker-hub");
const dockerHub = DockerHub.anonymous();
const namespace = new NamespaceV1(stack, "namespace", { metadata: { name: "docker-hub" } });

const access = new RegistryAccess(stack, "access", {
  cluster: Cluster.fromKubeconfig(),
  registries: [dockerHub],
  namespaces: Namespaces.named(namespace),
});
access.sampleDeployment("nginx-deployment", { namespace, image: dockerHub.image("nginx"), replicas: 3, port: 80 });

app.synth();
