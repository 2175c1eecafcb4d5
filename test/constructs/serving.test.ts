/** Samples that stand on their own, beside what serves their namespace. */
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import {
  Cluster,
  DockerHub,
  Namespaces,
  PrivateRegistry,
  RegistryAccess,
  type RegistryAccessProps,
  RegistryProvider,
  type SampleCheck,
  SampleDeployment,
  SamplePod,
  type SamplePodProps,
  Secret,
} from "../../lib";
import { newStack, synthesize, validationOf } from "./stack";

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

/** What a change of has these checked anew, beside the sample itself; the same is what each comes after. */
function changesOf(props: Partial<RegistryAccessProps>, more: Partial<SamplePodProps> = {}) {
  const stack = newStack();
  cluster.kubernetes(stack);
  const place = { namespace: "team-b", image, ...more };
  const { pullSecrets: _, ...deployment } = place;
  const before = new SamplePod(stack, "before", place);
  const access = new RegistryAccess(stack, "access", {
    cluster,
    registries: [partner],
    namespaces: Namespaces.named("team-b"),
    secretName: "registry-pull",
    ...props,
  });
  // Another one's, in a namespace of its own.
  new RegistryAccess(stack, "other", { cluster, registries: [partner], namespaces: Namespaces.named("team-a") });
  const after = new SamplePod(stack, "after", { ...place, pullSecrets: more.pullSecrets && [access.pullSecretName ?? ""] });
  const samples = { before, after, deployment: new SampleDeployment(stack, "deployment", deployment) };
  const checks = synthesize(stack).resource?.registry_pull_check ?? {};
  return Object.fromEntries(
    Object.entries(samples).map(([name, sample]) => {
      const { depends_on, lifecycle } = checks[stack.getLogicalId(sample.node)] ?? {};
      const [own, ...others] = Object.values(lifecycle?.replace_triggered_by ?? {});
      expect(depends_on).toEqual(lifecycle?.replace_triggered_by);
      expect(own).toBe(`${sample.resource.terraformResourceType}.${sample.resource.friendlyUniqueId}`);
      return [name, others];
    }),
  );
}

describe("is checked anew when what it pulls with changes, also where the access comes later:", () => {
  const [secret, patch] = ["registry_pull_secret.access", "registry_service_account_patch.access"];
  const all = (changes: readonly string[]) => ({ before: changes, after: changes, deployment: changes });

  test.each<[string, Partial<RegistryAccessProps>, Partial<SamplePodProps>, object]>([
    ["pull secret and patch", {}, {}, all([secret, patch])],
    ["nothing where its namespace is left out", { namespaces: Namespaces.named("team-c") }, {}, all([])],
    ["nothing where its ServiceAccount is not patched", {}, { serviceAccount: "robot" }, all([])],
    ["nothing where all is public", { registries: [DockerHub.anonymous()] }, {}, all([])],
    ["what it says itself", {}, { check: { triggeredBy: [] } }, all([])],
    [
      "the pull secret that a Pod names, by its name or by reference",
      { serviceAccounts: [] },
      { pullSecrets: ["registry-pull"] },
      { before: [secret], after: [secret], deployment: [] },
    ],
    [
      "not one that a Pod does not name",
      { secretName: "another" },
      { pullSecrets: ["registry-pull"] },
      { before: [], after: [secret], deployment: [secret, patch] },
    ],
  ])("%s", (_, props, more, expected) => {
    expect(changesOf(props, more)).toEqual(expected);
  });
});

describe("is checked by", () => {
  const [east, alone] = [Cluster.fromKubeconfig({ path: "/kubeconfig", name: "east" }), { namespace: "team-b", image }];

  /** A sample of a cluster, and providers of these clusters, of which one comes later. */
  function sampleOf(of: Cluster, clusters: readonly Cluster[], check?: SampleCheck | boolean) {
    const stack = newStack();
    new SampleDeployment(stack, "sample", { ...alone, provider: of.kubernetes(stack), check });
    for (const [index, one] of clusters.entries()) new RegistryProvider(stack, `registry-${index}`, { cluster: one });
    return stack;
  }

  test.each<[string, Cluster, readonly Cluster[], string | undefined]>([
    ["the default provider", cluster, [east, cluster], undefined],
    ["the provider of its cluster", east, [cluster, east], "registry.east"],
    ["the default provider where its cluster has none", east, [cluster], undefined],
  ])("%s", (_, of, clusters, provider) => {
    const stack = sampleOf(of, clusters);
    expect(validationOf(stack)).toEqual([]);
    expect(synthesize(stack).resource?.registry_pull_check?.sample?.provider).toBe(provider);
  });

  const advice =
    'Make one, such as new RegistryProvider(stack, "registry", { cluster }); name one that is there, as in check: { provider }; or leave the check out with check: false.';
  test.each<[string, Cluster, readonly Cluster[], string]>([
    ["no provider is there", cluster, [], "the stack has no default one."],
    ["only another cluster's provider is there", cluster, [east], "the stack has no default one."],
    [
      "its cluster has none, and there is no default one",
      east,
      [],
      'the stack has no default one, and none with the alias "east".',
    ],
  ])("fails when %s", (_, of, clusters, says) => {
    expect(validationOf(sampleOf(of, clusters))).toContain(
      `[stack/sample/PullCheck] check: No provider for the check. Whether the sample can pull is checked by a provider "registry", and ${says} ${advice}`,
    );
  });

  test("nothing where it is left out", () => {
    expect(validationOf(sampleOf(cluster, [], false))).toEqual([]);
  });
});
