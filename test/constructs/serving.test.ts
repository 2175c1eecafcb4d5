/** Samples that stand on their own, beside what serves their namespace. */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import {
  Cluster,
  DockerHub,
  Namespaces,
  PrivateRegistry,
  RegistryAccess,
  type RegistryAccessProps,
  SampleDeployment,
  SamplePod,
  Secret,
} from "../../lib";
import { newStack, synthesize } from "./stack";

const partner = new PrivateRegistry("registry.partner.example:5000", {
  username: "acme",
  password: Secret.variable("partner_password"),
});
const cluster = Cluster.fromKubeconfig({ path: "/kubeconfig" });
const image = partner.image("acme/app");
const id = `\${registry_service_account_patch.access.id}`;

/** The template's annotations of a Deployment and the lifecycle of a Pod, made before an access and after it. */
function linksOf(props: Partial<RegistryAccessProps>, serviceAccount?: string) {
  const stack = newStack();
  cluster.kubernetes(stack);
  const place = { namespace: "team-b", image, serviceAccount, check: false };
  new SampleDeployment(stack, "before", place);
  new RegistryAccess(stack, "access", { cluster, registries: [partner], namespaces: Namespaces.named("team-a"), ...props });
  new SampleDeployment(stack, "after", place);
  new SamplePod(stack, "pod", place);
  new SamplePod(stack, "own", { ...place, pullSecrets: ["own"] });
  const { kubernetes_deployment_v1: deployments = {}, kubernetes_pod_v1: pods = {} } = synthesize(stack).resource ?? {};
  const { before, after } = Object.fromEntries(
    Object.entries(deployments).map(([name, { spec }]) => [name, spec?.template?.metadata?.annotations]),
  );
  expect({ after, own: pods.own?.lifecycle }).toEqual({ after: before, own: undefined });
  return { annotations: before, lifecycle: pods.pod?.lifecycle };
}

const linked = {
  annotations: { "registry-access/linked-by": id },
  lifecycle: { replace_triggered_by: ["registry_service_account_patch.access"] },
};
const none = { annotations: undefined, lifecycle: undefined };

test.each<[string, Partial<RegistryAccessProps>, string | undefined, object]>([
  ["its namespace is left out", {}, undefined, none],
  ["its namespace is served", { namespaces: Namespaces.named("team-a", "team-b") }, undefined, linked],
  ["its ServiceAccount is not patched", { namespaces: Namespaces.named("team-b") }, "robot", none],
  ["its ServiceAccount is patched", { namespaces: Namespaces.named("team-b"), serviceAccounts: ["robot"] }, "robot", linked],
  ["no ServiceAccount is patched", { namespaces: Namespaces.named("team-b"), serviceAccounts: [] }, undefined, none],
  ["all is public", { namespaces: Namespaces.named("team-b"), registries: [DockerHub.anonymous()] }, undefined, none],
  [
    "its cluster is another one",
    { namespaces: Namespaces.named("team-b"), cluster: Cluster.fromKubeconfig({ path: "/kubeconfig", name: "east" }) },
    undefined,
    none,
  ],
])("%s", (_, props, serviceAccount, expected) => {
  expect(linksOf(props, serviceAccount)).toEqual(expected);
});

test("names every patch that serves it: by the construct that makes the namespace, and by its name", () => {
  const stack = newStack();
  const team = new NamespaceV1(stack, "team", { metadata: { name: "team-a" } });
  const sample = new SampleDeployment(stack, "sample", { namespace: team, image, check: false });
  for (const [name, namespace] of [
    ["access", team],
    ["more", "team-a"],
    ["other", "team-b"],
  ] as const)
    new RegistryAccess(stack, name, { cluster, registries: [partner], namespaces: Namespaces.named(namespace) });
  const { spec } = synthesize(stack).resource?.kubernetes_deployment_v1?.[stack.getLogicalId(sample.node)] ?? {};
  expect(spec?.template?.metadata?.annotations).toEqual({
    "registry-access/linked-by": `${id},\${registry_service_account_patch.more.id}`,
  });
});
