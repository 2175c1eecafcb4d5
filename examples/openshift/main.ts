/**
 * System E: OpenShift's image registry, as IBM's document 004 walks through it. The route is found or switched on, a project is made with a
 * ServiceAccount and its role, and a Pod elsewhere in the cluster pulls by the route with the ServiceAccount's token.
 */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { Cluster, EdgeNodeTrust, Namespaces, OpenShiftRegistry, RegistryAccess } from "../../lib";

const app = new App();
const stack = new TerraformStack(app, "openshift");
const cluster = Cluster.fromKubeconfig();

const images = new OpenShiftRegistry(stack, "images", {
  cluster,
  project: "edge",
  description: "images of edge services",
  serviceAccount: "edge-puller",
  // The document's role, which may push as well. "system:image-puller" is enough to pull, and what is given by default.
  role: "edit",
});
const namespace = new NamespaceV1(stack, "namespace", {
  provider: cluster.kubernetes(stack),
  metadata: { name: "openshift-example" },
  // OpenShift annotates every namespace (openshift.io/sa.scc.…): that is no change of ours.
  lifecycle: { ignoreChanges: ["metadata[0].annotations"] },
});

const access = new RegistryAccess(stack, "access", {
  cluster,
  registries: [images],
  namespaces: Namespaces.named(namespace),
});
access.samplePod("sample-pod", { namespace, image: images.image("myservice_amd64") });

// What edge nodes need: the registry's host, and a script that has Docker there trust the route's CA (/etc/docker/certs.d/HOST/ca.crt):
// terraform output -raw edge-node-trust | ssh NODE sudo sh
new TerraformOutput(stack, "registry-host", { value: images.route.host });
new EdgeNodeTrust(stack, "edge-nodes", {
  host: images.route.host,
  caCertificate: images.caCertificate,
  output: "edge-node-trust",
});

app.synth();
