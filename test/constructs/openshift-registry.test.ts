import { Cluster, Namespaces, OpenShiftRegistry, type OpenShiftRegistryProps, RegistryAccess } from "../../lib";
import { newStack, synthesize } from "./stack";

const cluster = Cluster.fromKubeconfig({ path: "/kubeconfig" });
/** As Terraform reads it. */
const reference = (to: string) => `\${${to}}`;
const make = (props: Partial<OpenShiftRegistryProps> = {}, stack = newStack()) => ({
  stack,
  registry: new OpenShiftRegistry(stack, "images", { cluster, project: "edge-images", ...props }),
});

function accessTo(registry: OpenShiftRegistry, on = cluster, stack = registry.node.scope as ReturnType<typeof newStack>) {
  return new RegistryAccess(stack, "access", { cluster: on, registries: [registry], namespaces: Namespaces.named("team-a") });
}

test("brings project, ServiceAccount, role, route and token, and one issuer", () => {
  const { stack, registry } = make();
  const access = accessTo(registry);
  access.samplePod("pod", { namespace: "team-a", image: registry.image("myservice_amd64:1.2.3") });
  const { provider, resource = {} } = synthesize(stack);
  const references = (text: unknown) => JSON.parse(JSON.stringify(text).replace(/_[0-9A-F]{8}\./g, "."));
  expect(provider?.registry).toMatchObject([{ issuers: { openshift: { openshift: {} } } }]);
  const own = ({ provider: _, ...values }: { readonly [name: string]: unknown }) => references(values);
  const only = (type: string) => Object.values(resource[type] ?? {}).map((values) => own(values as never));
  const project = reference("registry_openshift_project.images_project.name");
  const account = reference("kubernetes_service_account_v1.images_service-account.metadata[0].name");
  expect(only("registry_openshift_project")).toEqual([{ name: "edge-images" }]);
  expect(only("registry_openshift_route")).toEqual([{}]);
  expect(only("kubernetes_service_account_v1")).toEqual([
    {
      metadata: { name: "image-puller", namespace: project },
      lifecycle: { ignore_changes: ["image_pull_secret", "secret", "metadata[0].annotations"] },
    },
  ]);
  expect(only("kubernetes_role_binding_v1")).toMatchObject([
    {
      metadata: { name: "image-puller-registry", namespace: project },
      role_ref: { kind: "ClusterRole", name: "system:image-puller" },
      subject: [{ kind: "ServiceAccount", name: account, namespace: project }],
    },
  ]);
  expect(only("registry_openshift_token")).toMatchObject([
    {
      issuer: "openshift",
      name: "pull",
      project,
      service_account: account,
      depends_on: [expect.stringMatching(/^kubernetes_role_binding_v1\.images_role-binding/)],
      lifecycle: { create_before_destroy: true },
    },
  ]);
  const route = "${registry_openshift_route.openshift-route";
  expect(only("registry_pull_secret")).toMatchObject([
    {
      registries: [{ hosts: `${route}.hosts}`, credential_id: expect.stringContaining("registry_openshift_token.images_token") }],
    },
  ]);
  expect(JSON.stringify(only("kubernetes_pod_v1"))).toContain(`${route}.host}/${project}/myservice_amd64:1.2.3`);
});

test("another cluster is told where the registry is, and pulls by its route alone", () => {
  const { stack, registry } = make();
  accessTo(registry, Cluster.fromKubeconfig({ path: "/edge", name: "edge" }), stack);
  const { provider, resource } = synthesize(stack);
  expect(Object.values(provider?.registry ?? {}).find(({ alias }) => String(alias) === "edge")).toMatchObject({
    issuers: { openshift: { openshift: { kubernetes: { config_path: "/kubeconfig" } } } },
  });
  expect(Object.values(resource?.registry_pull_secret ?? {})).toMatchObject([
    { registries: [{ hosts: [expect.stringMatching(/^\$\{registry_openshift_route\..*\.host\}$/)] }] },
  ]);
});

test("two registries of one cluster share the route, and each has its project", () => {
  const { stack } = make();
  new OpenShiftRegistry(stack, "base", { cluster, project: "base-images", role: "edit", token: { lifetimeSeconds: 3600 } });
  const { resource = {} } = synthesize(stack);
  expect(Object.keys(resource.registry_openshift_route ?? {})).toHaveLength(1);
  expect(Object.keys(resource.registry_openshift_project ?? {})).toHaveLength(2);
});

test("one ServiceAccount pulls from further projects: it gets the role there, before its token is issued", () => {
  const { stack, registry } = make({ role: "edit", pullFrom: ["base"] });
  accessTo(registry);
  expect(registry.image("base/java:17")).toContain("/base/java:17");
  const { resource = {} } = synthesize(stack);
  const bindings = Object.entries(resource.kubernetes_role_binding_v1 ?? {});
  const [own, further] = ["role-binding", "pull-from-base"].map((id) => bindings.find(([name]) => name.includes(id))?.[1]);
  expect(own).toMatchObject({ role_ref: { name: "edit" } });
  expect(further).toMatchObject({
    metadata: { name: "edge-images-image-puller-registry", namespace: "base" },
    role_ref: { kind: "ClusterRole", name: "system:image-puller" },
    subject: (own as { readonly subject: unknown }).subject,
  });
  expect(Object.values(resource.registry_openshift_token ?? {})).toMatchObject([
    { depends_on: [expect.stringContaining("role-binding"), expect.stringContaining("pull-from-base")] },
  ]);
});

test.each([
  ["its own cluster", cluster],
  ["another cluster", Cluster.fromKubeconfig({ path: "/edge", name: "edge" })],
])("fails when two projects of one registry are to be in one pull secret, of %s", (_, on) => {
  const { stack, registry } = make();
  const base = new OpenShiftRegistry(stack, "base", { cluster, project: "base" });
  new RegistryAccess(stack, "access", { cluster: on, registries: [registry, base], namespaces: Namespaces.named("team-a") });
  expect(() => synthesize(stack)).toThrow(
    /registries\[1\]: Two credentials for one registry host\. registries\[0\] is at the same host.*pullFrom: \["other"\]/,
  );
});

test("fails when a prop is missing, wrong or unknown", () => {
  const untyped = (props: object) => () => make(props as never);
  expect(untyped({ project: undefined })).toThrow(/project/);
  expect(untyped({ project: "Edge Images" })).toThrow(/\[stack\/images\] project/);
  expect(untyped({ serviceaccount: "x" })).toThrow(/serviceaccount/);
  expect(untyped({ pullFrom: ["Base"] })).toThrow(/\[stack\/images\] pullFrom/);
  expect(untyped({ pullFrom: ["base", "base"] })).toThrow(/pullFrom\[1\]: Named already\. "base" stands in it twice/);
  expect(untyped({ pullFrom: ["edge-images"] })).toThrow(/is the registry's own project/);
  expect(untyped({ token: { project: "other" } })).toThrow(/token\.project: Not the token's.*give project beside token/);
  expect(untyped({ token: { issuer: "other" } })).toThrow(/give name beside token/);
  expect(() => make().registry.image("")).toThrow(/is not an image/);
  expect(() => make().registry.image("a/b/c:1")).toThrow(/"a\/b\/c:1" is not an image of OpenShift's registry/);
});
