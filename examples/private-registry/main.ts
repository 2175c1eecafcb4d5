/** System D: any other private registry, by user name, password and e-mail address. TF_VAR_partner_password is the password. */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformStack } from "cdktf";
import { Cluster, Namespaces, PrivateRegistry, RegistryAccess, Secret } from "../../lib";

const app = new App();
const stack = new TerraformStack(app, "private-registry");

const partner = new PrivateRegistry(process.env.PARTNER_REGISTRY ?? "registry.partner.example:5000", {
  username: "acme",
  password: Secret.variable("partner_password"), // Or, on every Terraform: Secret.env("REGISTRY_PARTNER_PASSWORD")
  email: "a@b.c",
});
const namespace = new NamespaceV1(stack, "namespace", { metadata: { name: "private-registry" } });

const access = new RegistryAccess(stack, "access", {
  cluster: Cluster.fromKubeconfig(),
  registries: [partner],
  namespaces: Namespaces.named(namespace),
});
access.samplePod("sample-pod", { namespace, image: partner.image("partner/app") });

app.synth();
