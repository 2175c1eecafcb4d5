import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Testing } from "cdktf";
import {
  BluemixRegistry,
  Cluster,
  DockerHub,
  Namespaces,
  PrivateRegistry,
  PullSecret,
  RegistryAccess,
  RegistryProvider,
  RegistryToken,
  Secret,
  ServiceAccountPatch,
} from "../../lib";
import { accessTo, newStack, synthesize, validationOf } from "./stack";

Testing.setupJest();

const dedicated = (token = {}) =>
  BluemixRegistry.dedicated({
    name: "dedicated",
    domain: "acme.example.com",
    organization: "acme",
    apiKey: Secret.env("BLUEMIX_DEDICATED_API_KEY"),
    token,
  });
const regional = BluemixRegistry.region("us-south", {
  organization: "acme",
  apiKey: Secret.env("BLUEMIX_REGIONAL_API_KEY"),
  token: { description: "ci" },
});
const partner = new PrivateRegistry("registry.partner.example:5000", {
  username: "acme",
  password: Secret.variable("partner_password"),
  email: "a@b.c",
});

describe("RegistryAccess", () => {
  test("hands adoptExisting on to pull secret and patch", () => {
    const { resource } = synthesize(accessTo([partner], { adoptExisting: true }));
    expect(resource).toMatchObject({
      registry_pull_secret: { access: { adopt_existing: true } },
      registry_service_account_patch: { access: { adopt_existing: true } },
    });
  });

  test("hands recreateWaitingPods on to the patch", () => {
    const { resource } = synthesize(accessTo([partner], { recreateWaitingPods: true }));
    expect(resource?.registry_service_account_patch).toMatchObject({ access: { recreate_waiting_pods: true } });
    expect(resource?.registry_pull_secret?.access).not.toHaveProperty("recreate_waiting_pods");
  });

  test("makes issuers, tokens, one pull secret and one service-account patch", () => {
    const { provider, resource, data, variable } = synthesize(accessTo([dedicated(), regional, partner, DockerHub.anonymous()]));
    expect({ provider, resource, data, variable }).toEqual({
      provider: {
        registry: [
          {
            owner: "cdktf-registry-access/stack",
            kubernetes: { config_path: "/kubeconfig" },
            issuers: {
              dedicated: {
                bluemix: {
                  api_endpoint: "https://api.acme.example.com",
                  api_key_env: "BLUEMIX_DEDICATED_API_KEY",
                  hosts: ["registry.acme.example.com"],
                  organization: "acme",
                },
              },
              "us-south": {
                bluemix: {
                  api_endpoint: "https://api.ng.bluemix.net",
                  api_key_env: "BLUEMIX_REGIONAL_API_KEY",
                  hosts: ["registry.ng.bluemix.net", "registry.bluemix.net"],
                  organization: "acme",
                },
              },
            },
          },
        ],
      },
      resource: {
        registry_token: {
          "dedicated-pull": {
            issuer: "dedicated",
            name: "pull",
            provider: "registry",
            lifecycle: { create_before_destroy: true },
          },
        },
        registry_pull_secret: {
          access: {
            provider: "registry",
            name: "registry-pull-access",
            namespaces: ["team-a", "team-b"],
            registries: [
              { hosts: ["registry.acme.example.com"], credential_id: `\${registry_token.dedicated-pull.credential_id}` },
              {
                hosts: ["registry.ng.bluemix.net", "registry.bluemix.net"],
                credential_id: `\${data.registry_token.us-south-ci.credential_id}`,
              },
              {
                hosts: ["registry.partner.example:5000"],
                username: "acme",
                password_wo: `\${var.partner_password}`,
                email: "a@b.c",
              },
            ],
          },
        },
        registry_service_account_patch: {
          access: {
            provider: "registry",
            namespaces: ["team-a", "team-b"],
            service_accounts: ["default"],
            pull_secrets: [`\${registry_pull_secret.access.name}`],
          },
        },
      },
      data: { registry_token: { "us-south-ci": { provider: "registry", issuer: "us-south", description: "ci" } } },
      variable: { partner_password: { type: "string", sensitive: true, nullable: false, ephemeral: true } },
    });
  });

  test("makes no secret and no patch where all registries are public", () => {
    const synthesized = Testing.synth(accessTo([DockerHub.anonymous()]), true);
    expect(synthesized).not.toHaveResource(PullSecret);
    expect(synthesized).not.toHaveResource(ServiceAccountPatch);
    expect(synthesized).toHaveProvider(RegistryProvider);
  });

  test("patches nothing where no ServiceAccount is named", () => {
    const synthesized = Testing.synth(accessTo([partner], { serviceAccounts: [] }), true);
    expect(synthesized).toHaveResource(PullSecret);
    expect(synthesized).not.toHaveResource(ServiceAccountPatch);
  });

  test("takes namespaces that the stack makes by reference, so that the order follows", () => {
    const stack = newStack();
    const namespace = new NamespaceV1(stack, "team-a", { metadata: { name: "team-a" } });
    new RegistryAccess(stack, "access", {
      cluster: Cluster.fromEnvironment(),
      registries: [partner],
      namespaces: Namespaces.named(namespace, "team-b"),
    });
    const name = `\${kubernetes_namespace_v1.team-a.metadata[0].name}`;
    const { resource, provider } = synthesize(stack);
    expect(provider?.kubernetes).toEqual([{}]);
    expect(resource?.registry_pull_secret?.access?.namespaces).toEqual([name, "team-b"]);
    expect(resource?.registry_service_account_patch?.access?.namespaces).toEqual([name, "team-b"]);
  });

  test("shares provider, issuer and token with another of the same stack", () => {
    const stack = accessTo([dedicated()]);
    new RegistryAccess(stack, "other", {
      cluster: Cluster.fromKubeconfig({ path: "/kubeconfig" }),
      registries: [dedicated(), partner],
      namespaces: Namespaces.named("team-c"),
    });
    const { provider, resource } = synthesize(stack);
    expect(provider?.registry).toHaveLength(1);
    expect(Object.keys(resource?.registry_token ?? {})).toEqual(["dedicated-pull"]);
    expect(Object.keys(resource?.registry_pull_secret ?? {})).toEqual(["access", "other"]);
  });

  test("gives each of two clusters an alias of both providers, and both one token", () => {
    const stack = newStack();
    for (const name of ["east", "west"]) {
      const access = new RegistryAccess(stack, `access-${name}`, {
        cluster: Cluster.fromKubeconfig({ path: "/kubeconfig", context: name, name }),
        registries: [dedicated()],
        namespaces: Namespaces.named("team-a"),
      });
      access.samplePod("pod", { namespace: "team-a", image: "nginx" });
    }
    const { provider, resource } = synthesize(stack);
    expect(provider?.kubernetes).toEqual([
      { alias: "east", config_path: "/kubeconfig", config_context: "east" },
      { alias: "west", config_path: "/kubeconfig", config_context: "west" },
    ]);
    expect(provider?.registry).toMatchObject([
      { alias: "east", kubernetes: { config_context: "east" } },
      { alias: "west", kubernetes: { config_context: "west" } },
    ]);
    expect(resource?.registry_pull_secret).toMatchObject({
      "access-east": { provider: "registry.east" },
      "access-west": { provider: "registry.west" },
    });
    expect(Object.keys(resource?.registry_token ?? {})).toEqual(["dedicated-pull"]);
  });

  test("issues an expiring token where asked to, also in a region without the international registry", () => {
    const registry = BluemixRegistry.region("eu-gb", {
      organization: "acme",
      international: false,
      token: { issue: { name: "ci", permanent: false, renewBeforeSeconds: 3600 } },
    });
    const synthesized = Testing.synth(accessTo([registry]), true);
    expect(synthesized).toHaveResourceWithProperties(RegistryToken, {
      issuer: "eu-gb",
      name: "ci",
      permanent: false,
      renew_before_seconds: 3600,
    });
    expect(registry.hosts).toEqual(["registry.eu-gb.bluemix.net"]);
  });

  test("has samples come after the patch, name the pull secret, and not wait", () => {
    const stack = newStack();
    const access = new RegistryAccess(stack, "access", {
      cluster: Cluster.fromEnvironment(),
      registries: [partner],
      namespaces: Namespaces.named("team-a"),
    });
    access.sampleDeployment("liberty", { namespace: "team-a", image: partner.image("acme/liberty"), replicas: 3, port: 9080 });
    access.samplePod("pod", { namespace: "team-a", image: partner.image("acme/app:1") });
    const { resource } = synthesize(stack);
    const [deployment] = Object.values(resource?.kubernetes_deployment_v1 ?? {});
    const [pod] = Object.values(resource?.kubernetes_pod_v1 ?? {});
    expect({ deployment, pod }).toEqual({
      deployment: {
        provider: "kubernetes",
        depends_on: ["registry_service_account_patch.access"],
        wait_for_rollout: false,
        metadata: { name: "liberty", namespace: "team-a", labels: { app: "liberty" } },
        spec: {
          replicas: "3",
          selector: { match_labels: { app: "liberty" } },
          template: {
            metadata: { labels: { app: "liberty" } },
            spec: {
              container: [
                { name: "liberty", image: "registry.partner.example:5000/acme/liberty", port: [{ container_port: 9080 }] },
              ],
            },
          },
        },
      },
      pod: {
        provider: "kubernetes",
        depends_on: ["registry_service_account_patch.access"],
        target_state: ["Pending", "Running"],
        metadata: { name: "pod", namespace: "team-a", labels: { app: "pod" } },
        spec: {
          image_pull_secrets: [{ name: `\${registry_pull_secret.access.name}` }],
          container: [{ name: "pod", image: "registry.partner.example:5000/acme/app:1" }],
        },
      },
    });
  });

  test("has samples checked: by the cluster's provider, and anew when workload, pull secret or patch change", () => {
    const stack = newStack();
    const access = new RegistryAccess(stack, "access", {
      cluster: Cluster.fromKubeconfig({ path: "/kubeconfig", name: "east" }),
      registries: [partner],
      namespaces: Namespaces.named("team-a"),
    });
    const { image } = { image: partner.image("acme/liberty") };
    access.sampleDeployment("liberty", { namespace: "team-a", image, replicas: 3 });
    access.samplePod("pod", { namespace: "team-a", image, check: { timeout: "90s" } });
    access.samplePod("unchecked", { namespace: "team-a", image, check: false });
    const { resource } = synthesize(stack);
    const change = (workload: string) => [workload, "registry_pull_secret.access", "registry_service_account_patch.access"];
    const [deployment, pod] = ["kubernetes_deployment_v1", "kubernetes_pod_v1"].map((type) => {
      const [name] = Object.keys(resource?.[type] ?? {});
      return { name: name ?? "", address: `${type}.${name}` };
    });
    expect(resource?.registry_pull_check).toEqual({
      [deployment?.name ?? ""]: {
        provider: "registry.east",
        namespace: "team-a",
        match_labels: { app: "liberty" },
        pods: 3,
        triggers: { workload: `\${${deployment?.address}.id}` },
        depends_on: change(deployment?.address ?? ""),
        lifecycle: { replace_triggered_by: change(deployment?.address ?? "") },
      },
      [pod?.name ?? ""]: {
        provider: "registry.east",
        namespace: "team-a",
        match_labels: { app: "pod" },
        pods: 1,
        triggers: { workload: `\${${pod?.address}.id}` },
        timeouts: { create: "90s", update: "90s" },
        depends_on: change(pod?.address ?? ""),
        lifecycle: { replace_triggered_by: change(pod?.address ?? "") },
      },
    });
  });

  test("fails when a sample's check is none", () => {
    const access = new RegistryAccess(newStack(), "access", {
      cluster: Cluster.fromEnvironment(),
      registries: [partner],
      namespaces: Namespaces.named("team-a"),
    });
    const props = { namespace: "team-a", image: "nginx" };
    for (const [index, check] of ["no", { timeout: "soon" }, { wait: "1m" }].entries())
      expect(() => access.samplePod(`pod-${index}`, { ...props, check: check as { timeout: string } })).toThrow(
        "was given where false for none, or how it is checked: { timeout, provider, triggeredBy } belongs.",
      );
  });

  test("pins a sample's image with the credential of its registry", () => {
    const stack = newStack();
    const team = new NamespaceV1(stack, "team", { metadata: { name: "team-a" } });
    const access = new RegistryAccess(stack, "access", {
      cluster: Cluster.fromKubeconfig({ path: "/kubeconfig" }),
      registries: [dedicated(), DockerHub.anonymous(), partner],
      namespaces: Namespaces.named(team),
    });
    const images = {
      issued: dedicated().image("acme/app"),
      own: partner.image("acme/app"),
      hub: "nginx",
      other: "elsewhere.example/app",
    };
    for (const [name, image] of Object.entries(images))
      access.sampleDeployment(name, { namespace: team, image, pinDigest: true });
    access.samplePod("chosen", { namespace: team, image: "nginx", pinDigest: { platform: "linux/amd64", credentialId: "x/1" } });
    access.samplePod("unpinned", { namespace: team, image: "nginx", pinDigest: false });

    const { data, resource } = synthesize(stack);
    const idOf = (name: string) => stack.getLogicalId(access.node.findChild(name).node);
    const provider = "registry";
    expect(data?.registry_image).toEqual({
      [idOf("issued")]: {
        image: "registry.acme.example.com/acme/app",
        credential_id: `\${registry_token.dedicated-pull.credential_id}`,
        provider,
      },
      [idOf("own")]: {
        image: "registry.partner.example:5000/acme/app",
        pull_secret: {
          namespace: `\${kubernetes_namespace_v1.team.metadata[0].name}`,
          name: `\${registry_pull_secret.access.name}`,
        },
        depends_on: ["registry_pull_secret.access"],
        provider,
      },
      [idOf("hub")]: { image: "nginx", provider },
      [idOf("other")]: { image: "elsewhere.example/app", provider },
      [idOf("chosen")]: { image: "nginx", platform: "linux/amd64", credential_id: "x/1" },
    });
    const { spec } = resource?.kubernetes_deployment_v1?.[idOf("hub")] ?? {};
    expect(spec).toMatchObject({
      template: { spec: { container: [{ image: `\${data.registry_image.${idOf("hub")}.pinned_image}` }] } },
    });
    expect(resource?.kubernetes_pod_v1?.[idOf("unpinned")]).toMatchObject({ spec: { container: [{ image: "nginx" }] } });
  });

  test("fails when two registries of one stack share a name and not their settings", () => {
    const other = BluemixRegistry.dedicated({ name: "dedicated", domain: "other.example.com", organization: "acme" });
    expect(() => accessTo([dedicated(), other])).toThrow(
      '[stack/registry-provider] Two issuers are called "dedicated", with different settings. Give one of them a name of its own, such as { name: "dedicated-2" }.',
    );
  });

  test("fails when a token of one name is asked for in two ways", () => {
    expect(() => accessTo([dedicated({ permanent: true }), dedicated({ permanent: false })])).toThrow(
      'The stack "stack" has registry token pull of dedicated already, with other settings: token.issue.permanent. Give one of the two a name of its own.',
    );
  });

  test("fails when a construct would use a provider without configuration", () => {
    const stack = accessTo([partner], { cluster: Cluster.fromKubeconfig({ path: "/kubeconfig", name: "prod" }) });
    Cluster.fromKubeconfig({ path: "/kubeconfig", name: "prod" }).kubernetes(stack);
    new NamespaceV1(stack, "stray", { metadata: { name: "stray" } });
    expect(validationOf(stack)).toEqual([
      '[stack/registry-provider-prod] stack/stray has no provider, and every kubernetes provider of the stack has an alias ("prod"): it would use one without configuration. Set its provider prop, such as provider: cluster.kubernetes(stack).',
    ]);
  });

  test("fails when there is no such region", () => {
    expect(() => BluemixRegistry.region("mars" as "us-south", { token: { id: "x" } })).toThrow(
      '"mars" is not a region of IBM Cloud\'s registry. Regions are: us-south, us-east, eu-gb, eu-de, au-syd.',
    );
  });
});
