/**
 * What IBM's documents do by hand: the pull secret `all-icr-io` of the namespace `default` is copied into other namespaces. A copy is
 * written in the deploy that changes its source. TF_VAR_partner_password is the password.
 */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformStack } from "cdktf";
import { Cluster, Namespaces, PrivateRegistry, PullSecretCopy, RegistryAccess, Secret } from "../../lib";

const app = new App();
const stack = new TerraformStack(app, "image-pull-secret-copy");
const cluster = Cluster.fromKubeconfig();
const host = process.env.PARTNER_REGISTRY ?? "registry.partner.example:5000";

// Stands in for IBM Cloud, whose `ibmcloud ks cluster pull-secret apply` writes this Secret with an API key for every icr.io host. Leave it out
// there, and name that Secret below.
const source = new RegistryAccess(stack, "source", {
  cluster,
  registries: [new PrivateRegistry(host, { username: "acme", password: Secret.variable("partner_password") })],
  namespaces: Namespaces.named("default"),
  secretName: "all-icr-io",
});

// In IBM Cloud: new PullSecretCopy({ namespace: "default", name: "all-icr-io" }).
const copy = PullSecretCopy.of(source, {
  namespace: "default",
  hosts: [host], // Leave it out to copy all hosts of the source.
});
const namespaces = ["copy-team-a", "copy-team-b"].map((name) => new NamespaceV1(stack, name, { metadata: { name } }));

const access = new RegistryAccess(stack, "access", { cluster, registries: [copy], namespaces: Namespaces.named(...namespaces) });
for (const [index, namespace] of namespaces.entries())
  access.samplePod(`sample-pod-${index + 1}`, { namespace, image: copy.image("partner/app") });

app.synth();
