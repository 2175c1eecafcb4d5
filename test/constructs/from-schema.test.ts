import { TerraformOutput, TerraformVariable, Testing, Token } from "cdktf";
import {
  Cluster,
  DataRegistryToken,
  EphemeralRegistryToken,
  PullSecret,
  RegistryProvider,
  RegistryToken,
  Secret,
  ServiceAccountPatch,
} from "../../lib";
import { toTerraformValues } from "../../lib/constructs/terraform-values";
import { type Attributes, isNested, toCamelCase, types } from "../../lib/schema";
import { newStack, synthesize } from "./stack";

Testing.setupJest();

/** A stack with a provider called `registry`. */
function withProvider() {
  const stack = newStack();
  const provider = new RegistryProvider(stack, "registry", {
    owner: "test",
    cluster: Cluster.fromKubeconfig({ path: "/kubeconfig" }),
  });
  return { stack, provider };
}

describe("importFrom", () => {
  const pull = () => {
    const { stack } = withProvider();
    const registries = [{ hosts: ["r.example.com"], credentialId: "d/1" }];
    return { stack, pullSecret: new PullSecret(stack, "pull", { name: "pull", namespaces: ["team-a"], registries }) };
  };

  test("writes an import block", () => {
    const { stack, pullSecret } = pull();
    pullSecret.importFrom("shop/production/pull@team-a");
    expect(synthesize(stack).import).toEqual([{ id: "shop/production/pull@team-a", to: "registry_pull_secret.pull" }]);
  });

  test("fails where the id has another form", () => {
    expect(() => pull().pullSecret.importFrom("pull")).toThrow(
      '[stack/pull] importFrom: Invalid import id. "pull" has another form. The id of a registry_pull_secret is <owner>/<name>@<namespace>,<namespace>,…, such as "shop/production/registry-pull@team-a,team-b".',
    );
  });
});

describe("a construct made from a schema", () => {
  test("leaves keys of maps as they are", () => {
    const { stack, provider } = withProvider();
    provider.addIssuer("usSouth", {
      bluemix: { apiEndpoint: "https://api.example.com", hosts: ["r.example.com"], accountId: "a" },
    });
    new PullSecret(stack, "pull", {
      name: "pull",
      namespaces: ["team-a"],
      registries: [{ hosts: ["r.example.com"], credentialId: "usSouth/1" }],
      labels: { costCenter: "A1", "example.com/partOf": "x" },
    });
    const { provider: providers, resource } = synthesize(stack);
    expect({ issuers: providers?.registry?.[0]?.issuers, labels: resource?.registry_pull_secret?.pull?.labels }).toEqual({
      issuers: {
        usSouth: { bluemix: { api_endpoint: "https://api.example.com", hosts: ["r.example.com"], account_id: "a" } },
      },
      labels: { costCenter: "A1", "example.com/partOf": "x" },
    });
  });

  test("refers to every attribute by a token", () => {
    const { stack, provider } = withProvider();
    const token = new RegistryToken(stack, "issued", { issuer: "ci", name: "pull", provider });
    const found = new DataRegistryToken(stack, "found", { issuer: "ci", description: "ci", provider });
    new PullSecret(stack, "pull", {
      name: "pull",
      namespaces: ["team-a"],
      registries: [
        { hosts: token.hosts, credentialId: token.credentialId },
        { hosts: ["r.example.com"], credentialId: found.credentialId },
      ],
    });
    new TerraformOutput(stack, "number", { value: token.number });
    new TerraformOutput(stack, "permanent", { value: token.permanent });
    const { resource, output } = synthesize(stack);
    expect({ registries: resource?.registry_pull_secret?.pull?.registries, output }).toEqual({
      registries: [
        { hosts: `\${registry_token.issued.hosts}`, credential_id: `\${registry_token.issued.credential_id}` },
        { hosts: ["r.example.com"], credential_id: `\${data.registry_token.found.credential_id}` },
      ],
      output: {
        number: { value: `\${registry_token.issued.number}` },
        permanent: { value: `\${registry_token.issued.permanent}` },
      },
    });
  });

  test("lets pass what only Terraform will know", () => {
    const { stack, provider } = withProvider();
    const text = new TerraformVariable(stack, "text", { type: "string" });
    new RegistryToken(stack, "token", {
      provider,
      issuer: text.stringValue,
      name: Token.asString(text.value),
      permanent: text.booleanValue,
      renewBeforeSeconds: text.numberValue,
    });
    new PullSecret(stack, "pull", {
      name: `\${var.text}`,
      namespaces: Token.asList(text.value),
      registries: [{ hosts: [`${text.stringValue}.example.com`], credentialId: text.stringValue }],
    });
    new ServiceAccountPatch(stack, "patch", {
      namespaces: [text.stringValue, text.stringValue],
      pullSecrets: text.listValue,
    });
    expect(() => synthesize(stack)).not.toThrow();
  });

  test("emits an ephemeral block, whose value other constructs take as a secret", () => {
    const { stack, provider } = withProvider();
    const token = new EphemeralRegistryToken(stack, "token", {
      issuer: "ci",
      description: "ci",
      provider,
      dependsOn: [provider],
    });
    new PullSecret(stack, "pull", {
      name: "pull",
      namespaces: ["team-a"],
      registries: [{ hosts: ["r.example.com"], username: token.username, passwordWo: Secret.from(token.value) }],
    });
    const { ephemeral, resource } = synthesize(stack);
    expect({ ephemeral, registries: resource?.registry_pull_secret?.pull?.registries }).toEqual({
      ephemeral: {
        registry_token: { token: { issuer: "ci", description: "ci", provider: "registry", depends_on: ["registry"] } },
      },
      registries: [
        {
          hosts: ["r.example.com"],
          username: `\${ephemeral.registry_token.token.username}`,
          password_wo: `\${ephemeral.registry_token.token.value}`,
        },
      ],
    });
  });

  test("takes an environment name in place of a value", () => {
    const { stack } = withProvider();
    new PullSecret(stack, "pull", {
      name: "pull",
      namespaces: ["team-a"],
      registries: [{ hosts: ["r.example.com"], username: "a", passwordWo: Secret.env("REGISTRY_PASSWORD") }],
    });
    expect(Testing.synth(stack, true)).toHaveResourceWithProperties(PullSecret, {
      registries: [{ hosts: ["r.example.com"], username: "a", password_env: "REGISTRY_PASSWORD" }],
    });
  });

  test("sets create_before_destroy on a token, and leaves it to the user to say otherwise", () => {
    const { stack } = withProvider();
    new RegistryToken(stack, "default", { issuer: "ci", name: "a", lifecycle: { preventDestroy: true } });
    new RegistryToken(stack, "otherwise", { issuer: "ci", name: "b", lifecycle: { createBeforeDestroy: false } });
    expect(synthesize(stack).resource?.registry_token).toMatchObject({
      default: { lifecycle: { create_before_destroy: true, prevent_destroy: true } },
      otherwise: { lifecycle: { create_before_destroy: false } },
    });
  });

  test("declares a secret variable once, however many constructs use it", () => {
    const { stack } = withProvider();
    for (const name of ["one", "two"]) {
      new PullSecret(stack, name, {
        name,
        namespaces: ["team-a"],
        registries: [{ hosts: ["r.example.com"], username: "a", passwordWo: Secret.variable("password") }],
      });
    }
    expect(synthesize(stack).variable).toEqual({
      password: { type: "string", sensitive: true, nullable: false, ephemeral: true },
    });
  });
});

describe("a cluster", () => {
  const token = Secret.variable("cluster_token");
  const clusters = {
    "of a kubeconfig": {
      cluster: () => Cluster.fromKubeconfig({ path: "/kubeconfig", context: "prod" }),
      registry: { config_path: "/kubeconfig", config_context: "prod" },
      kubernetes: { config_path: "/kubeconfig", config_context: "prod" },
    },
    "of the environment": { cluster: () => Cluster.fromEnvironment(), registry: {}, kubernetes: {} },
    "of an endpoint": {
      cluster: () =>
        Cluster.fromEndpoint({ host: "https://k.example.com", clusterCaCertificate: "-----BEGIN CERTIFICATE-----", token }),
      registry: {
        host: "https://k.example.com",
        cluster_ca_certificate: "-----BEGIN CERTIFICATE-----",
        token: `\${var.cluster_token}`,
      },
      kubernetes: {
        host: "https://k.example.com",
        cluster_ca_certificate: "-----BEGIN CERTIFICATE-----",
        token: `\${var.cluster_token}`,
      },
    },
    "with a credential plugin, which hashicorp/kubernetes has as a block": {
      cluster: () =>
        Cluster.fromEndpoint({
          host: "https://k.example.com",
          exec: { apiVersion: "client.authentication.k8s.io/v1", command: "get-token", args: ["--now"], env: { someName: "x" } },
        }),
      registry: {
        host: "https://k.example.com",
        exec: {
          api_version: "client.authentication.k8s.io/v1",
          command: "get-token",
          args: ["--now"],
          env: { someName: "x" },
        },
      },
      kubernetes: {
        host: "https://k.example.com",
        exec: [
          {
            api_version: "client.authentication.k8s.io/v1",
            command: "get-token",
            args: ["--now"],
            env: { someName: "x" },
          },
        ],
      },
    },
  };

  test.each(Object.entries(clusters))("%s configures both providers", (_, { cluster, registry, kubernetes }) => {
    const stack = newStack();
    new RegistryProvider(stack, "registry", { cluster: cluster(), owner: "test" });
    cluster().kubernetes(stack);
    expect(synthesize(stack).provider).toEqual({
      registry: [{ owner: "test", kubernetes: registry }],
      kubernetes: [kubernetes],
    });
  });

  test("a relative kubeconfig path starts where synth runs, since Terraform runs elsewhere", () => {
    expect(Cluster.fromKubeconfig({ path: "kubeconfig" }).settings.configPath).toBe(`${process.cwd()}/kubeconfig`);
  });

  test("made by the same stack is known by references alone", () => {
    const stack = newStack();
    const made = new TerraformVariable(stack, "made", { type: "string" });
    const cluster = () => Cluster.fromEndpoint({ host: made.stringValue, insecure: made.booleanValue });
    expect(cluster().kubernetes(stack)).toBe(cluster().kubernetes(stack));
    new RegistryProvider(stack, "registry", { cluster: cluster(), owner: "test" });
    expect(synthesize(stack).provider).toEqual({
      kubernetes: [{ host: `\${var.made}`, insecure: `\${var.made}` }],
      registry: [{ owner: "test", kubernetes: { host: `\${var.made}`, insecure: `\${var.made}` } }],
    });
  });

  test("fails when its name can be no alias", () => {
    expect(() => Cluster.fromEnvironment({ name: "my cluster" })).toThrow(
      "\"my cluster\" is not a cluster's name: it becomes a Terraform alias, of letters, digits, '_' and '-', starting with a letter.",
    );
  });
});

describe("the schema is the only list of attributes", () => {
  /** A prop for everything that a user may set. */
  function everyProp(attributes: Attributes): { [name: string]: unknown } {
    const settable = Object.entries(attributes).filter(([, attribute]) => attribute.presence !== "computed");
    return Object.fromEntries(
      settable.map(([name, attribute]) => {
        const prop = toCamelCase(name);
        if (attribute.sensitive) return [prop, Secret.variable("secret")];
        if (!isNested(attribute)) return [prop, "value"];
        const inner = everyProp(attribute.attributes);
        return [prop, attribute.nesting === "single" ? inner : attribute.nesting === "list" ? [inner] : { someKey: inner }];
      }),
    );
  }

  /** The names that must come out. */
  function everyName(attributes: Attributes): unknown {
    const settable = Object.entries(attributes).filter(([, attribute]) => attribute.presence !== "computed");
    return Object.fromEntries(
      settable.map(([name, attribute]) => {
        if (!isNested(attribute)) return [name, expect.any(String)];
        const inner = everyName(attribute.attributes);
        return [name, attribute.nesting === "single" ? inner : attribute.nesting === "list" ? [inner] : { someKey: inner }];
      }),
    );
  }

  test.each(types.map((type) => [`${type.kind} ${type.name}`, type.attributes as Attributes] as const))("%s", (_, attributes) => {
    const { values } = toTerraformValues(attributes, everyProp(attributes), newStack());
    expect(values).toEqual(everyName(attributes));
  });
});
