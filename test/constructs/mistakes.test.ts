import { TerraformVariable, Testing } from "cdktf";
import {
  BluemixRegistry,
  Cluster,
  DataRegistryToken,
  EphemeralRegistryToken,
  PrivateRegistry,
  type PrivateRegistryProps,
  PullSecret,
  RegistryProvider,
  RegistryToken,
  Secret,
  ServiceAccountPatch,
} from "../../lib";
import { accessTo, newStack, validationOf } from "./stack";

const HOW =
  'Give Secret.variable("name") (an ephemeral Terraform variable, set as TF_VAR_name) or Secret.env("NAME") (an environment variable that the provider reads).';

const partner = (props: Partial<PrivateRegistryProps> = {}, server = "registry.example.com") =>
  accessTo([new PrivateRegistry(server, { username: "acme", password: Secret.variable("password"), ...props })]);

/** What somebody without types, or with a cast, may write. */
const untyped = <T = never>(value: unknown) => value as T;

/** A stack with one construct beside its provider. */
function withConstruct(make: (stack: ReturnType<typeof newStack>) => unknown) {
  const stack = newStack();
  new RegistryProvider(stack, "registry", { owner: "test" });
  make(stack);
  return stack;
}

const pullSecret = (props: object) =>
  withConstruct(
    (stack) =>
      new PullSecret(stack, "pull", {
        name: "pull",
        namespaces: ["team-a"],
        registries: [{ hosts: ["r.example.com"], credentialId: "ci/1" }],
        ...props,
      }),
  );

describe("fails when", () => {
  const mistakes = {
    "a password is a plain string": {
      stack: () => partner({ password: untyped("hunter2-in-the-clear") }),
      says: [
        `[stack/access/pull-secret] registries[0].passwordWo: A secret in the clear. A plain string was given where a secret belongs; it would stand in the synthesized files and in the plan. ${HOW}`,
      ],
    },
    "an API key is a plain string": {
      stack: () =>
        accessTo([BluemixRegistry.dedicated({ domain: "acme.example.com", apiKey: untyped("plain"), organization: "acme" })]),
      says: [
        `[stack/registry-provider] issuers["acme.example.com"].bluemix.apiKey: A secret in the clear. A plain string was given where a secret belongs; it would stand in the synthesized files and in the plan. ${HOW}`,
      ],
    },
    "a password is a number": {
      stack: () => partner({ password: untyped(42) }),
      says: [
        `[stack/access/pull-secret] registries[0].passwordWo: Not a secret. A number was given where a secret belongs. ${HOW}`,
      ],
    },
    "a password is an object": {
      stack: () => partner({ password: untyped({}) }),
      says: [
        `[stack/access/pull-secret] registries[0].passwordWo: Not a secret. An object was given where a secret belongs. ${HOW}`,
      ],
    },
    "a secret variable has a default": {
      stack: () => withVariable({ type: "string", sensitive: true, default: "hunter2" }, true),
      says: [
        '[stack/pull] registries[0].passwordWo: A secret with a default. The variable "mine" has a default, which would stand in the synthesized files. Leave the default out and set TF_VAR_mine.',
      ],
    },
    "a secret variable is not ephemeral": {
      stack: () => withVariable({ type: "string", sensitive: true }, false),
      says: [
        '[stack/pull] registries[0].passwordWo: A secret variable that is not ephemeral. The variable "mine" is not ephemeral, so its value would be written into the plan file. Declare it by Secret.variable("mine") alone, or call addOverride("ephemeral", true) on it.',
      ],
    },
    "a secret is a reference to what Terraform stores": {
      stack: () =>
        withConstruct(
          (stack) =>
            new PullSecret(stack, "pull", {
              name: "pull",
              namespaces: ["team-a"],
              registries: [
                { hosts: ["r.example.com"], username: "acme", passwordWo: Secret.from(`\${random_password.mine.result}`) },
              ],
            }),
        ),
      says: [
        `[stack/pull] registries[0].passwordWo: A secret that Terraform stores. \${random_password.mine.result} is neither an ephemeral variable nor an ephemeral resource, so its value stands in the plan or the state. ${HOW}`,
      ],
    },
    "an environment name stands where none can be named": {
      stack: () =>
        withConstruct(
          (stack) =>
            new RegistryProvider(stack, "other", {
              alias: "other",
              cluster: Cluster.fromEndpoint({
                host: "https://k.example.com",
                token: Secret.env("REGISTRY_TOKEN"),
                name: "other",
              }),
            }),
        ),
      says: [
        "[stack/other] kubernetes.token: A secret that can't be named. Secret.env can't be used here. Give Secret.variable(\"name\"), or leave it out and set KUBE_TOKEN, which the provider reads by itself.",
      ],
    },
    "an environment name is a password": {
      stack: () => partner({ password: Secret.env("pa$$word") }),
      says: [
        '[stack/access/pull-secret] registries[0].passwordEnv: Invalid environment variable name. Secret.env takes the name of an environment variable in upper case, such as Secret.env("REGISTRY_PASSWORD"). What was given is no such name; it is not shown, since it may be the secret itself.',
      ],
    },
    "a host has a scheme and a path": {
      stack: () => partner({}, "https://registry.example.com/v2/"),
      says: [
        '[stack/access/pull-secret] registries[0].hosts[0]: Invalid registry host. "https://registry.example.com/v2/" starts with a scheme: leave "https://" out, and the path too. A registry host is "host" or "host:port", as it stands at the front of an image reference, such as "registry.example.com" or "registry.example.com:5000".',
      ],
    },
    "two entries are for one host": {
      stack: () =>
        accessTo([
          new PrivateRegistry("r.example.com", { username: "a", password: Secret.variable("a") }),
          new PrivateRegistry("r.example.com", { username: "b", password: Secret.variable("b") }),
        ]),
      says: [
        '[stack/access/pull-secret] registries[1].hosts[0]: Two entries for one registry host. "r.example.com" stands in registries[0].hosts[0] already. A docker config JSON holds one credential per host: keep one of the two.',
      ],
    },
    "a user name is empty": {
      stack: () => partner({ username: "" }),
      says: [
        '[stack/access/pull-secret] registries[0].username: Invalid user name. "" is empty. Give the registry\'s user name, such as "token" or "iamapikey".',
      ],
    },
    "no registry is named": {
      stack: () => accessTo([]),
      says: [
        "[stack/access] registries: No registries. registries is an empty list. Name at least one, or leave the construct out.",
      ],
    },
    "no namespace is named": {
      stack: () => pullSecret({ namespaces: [] }),
      says: [
        "[stack/pull] namespaces: No namespaces. namespaces is an empty list, and namespaceSelector is not set. Name at least one namespace, select them, or leave the resource out.",
      ],
    },
    "an entry has a credential id and a password": {
      stack: () =>
        pullSecret({
          registries: [{ hosts: ["r.example.com"], credentialId: "ci/1", username: "a", passwordWo: Secret.variable("a") }],
        }),
      says: [
        "[stack/pull] registries[0].credentialId: Two credentials for one registry entry. credentialId stands beside username and passwordWo. Allowed are: credentialId alone; username with either passwordWo or passwordEnv; or none of them, for a public registry.",
      ],
    },
    "two logins are given": {
      stack: () =>
        accessTo([
          BluemixRegistry.dedicated({
            name: "dedicated",
            domain: "acme.example.com",
            organization: "acme",
            apiKey: Secret.env("BLUEMIX_API_KEY"),
            oauthToken: Secret.variable("oauth"),
          }),
        ]),
      says: [
        "[stack/registry-provider] issuers.dedicated.bluemix.oauthToken: Two ways to log in. Both apiKeyEnv and oauthToken are set. Set exactly one of password, passcode, apiKey, oauthToken (each also as …Env).",
      ],
    },
    "an endpoint is no URL": {
      stack: () =>
        accessTo([
          BluemixRegistry.dedicated({
            name: "dedicated",
            domain: "acme.example.com",
            organization: "acme",
            apiEndpoint: "api.acme.example.com",
          }),
        ]),
      says: [
        '[stack/registry-provider] issuers.dedicated.bluemix.apiEndpoint: Invalid endpoint. "api.acme.example.com" is not a URL. Give scheme and host, such as "https://api.example.com".',
      ],
    },
    "the owner is invalid": {
      stack: () => {
        const stack = newStack();
        new RegistryProvider(stack, "registry", { owner: "who are you" });
        return stack;
      },
      says: [
        "[stack/registry] owner: Invalid owner. \"who are you\" is not an owner: 1 to 100 letters, digits, '.', '_', '-' and '/', such as \"my-project/production\".",
      ],
    },
    "a token to look up is not chosen": {
      stack: () => withConstruct((stack) => new DataRegistryToken(stack, "token", { issuer: "ci" })),
      says: ["[stack/token] Which registry token? Neither id nor description is set. Set exactly one of them."],
    },
    "a token to open is chosen twice": {
      stack: () =>
        withConstruct((stack) => new EphemeralRegistryToken(stack, "token", { issuer: "ci", id: "1", description: "a" })),
      says: ["[stack/token] id: Two ways to choose one token. Both id and description are set. Set exactly one of them."],
    },
    "a permanent token is to be renewed": {
      stack: () =>
        withConstruct(
          (stack) => new RegistryToken(stack, "token", { issuer: "ci", name: "pull", renewBeforeSeconds: 60, permanent: true }),
        ),
      says: [
        "[stack/token] renewBeforeSeconds: A permanent token is never due for renewal. renewBeforeSeconds is 60, but the token is permanent. Set permanent: false for a token that expires, or leave renewBeforeSeconds out.",
      ],
    },
    "a timeout is no duration": {
      stack: () => pullSecret({ timeouts: { create: "soon" } }),
      says: [
        '[stack/pull] timeouts.create: Invalid duration. "soon" is not a duration above zero. Write hours, minutes and seconds in that order, such as "90s", "5m" or "1h30m".',
      ],
    },
    "a prop is unknown": {
      stack: () => pullSecret({ namespace: "team-a" }),
      says: [
        '[stack/pull] namespace: Unknown prop. "namespace" is not a prop. Props are: name, namespaces, namespaceSelector, registries, labels, annotations, adoptExisting, onRefused, timeouts.',
      ],
    },
    "a prop is written as in HCL": {
      stack: () => pullSecret({ secret_name: "a", registries: [{ hosts: ["r.example.com"], credential_id: "ci/1" }] }),
      says: [
        '[stack/pull] registries[0].credential_id: Unknown prop. "credential_id" is not a prop. Props are: hosts, credentialId, username, passwordWo, passwordWoVersion, passwordEnv, email, copyFrom.',
        '[stack/pull] secret_name: Unknown prop. "secret_name" is not a prop. Props are: name, namespaces, namespaceSelector, registries, labels, annotations, adoptExisting, onRefused, timeouts.',
      ],
    },
    "a secret stands in a plain prop": {
      stack: () => pullSecret({ name: Secret.env("REGISTRY_X"), namespaces: [Secret.env("REGISTRY_X")] }),
      says: ["name", "namespaces"].map(
        (prop) =>
          `[stack/pull] ${prop}: A secret where none belongs. This prop stands in the synthesized files and in the plan as it is, and takes no Secret. Give a plain value.`,
      ),
    },
    "an element of a list is null": {
      stack: () => pullSecret({ namespaces: ["team-a", null] }),
      says: ["[stack/pull] namespaces[1]: Wrong type. null was given where a string belongs."],
    },
    "an ephemeral resource is to be there several times": {
      stack: () =>
        withConstruct(
          (stack) => new EphemeralRegistryToken(stack, "token", { issuer: "ci", id: "1", ...untyped<object>({ count: 2 }) }),
        ),
      says: ['[stack/token] count: Unknown prop. "count" is not a prop. Props are: issuer, id, description.'],
    },
    "an ephemeral resource stands without a provider": {
      stack: () => {
        const stack = newStack();
        new EphemeralRegistryToken(stack, "token", { issuer: "ci", id: "1" });
        return stack;
      },
      says: [
        '[stack/token] The stack has no RegistryProvider. Make one, such as new RegistryProvider(stack, "registry", { issuers: { … } }).',
      ],
    },
    "a prop is missing, and another of the wrong type": {
      stack: () => withConstruct((stack) => new ServiceAccountPatch(stack, "patch", untyped({ namespaces: "team-a" }))),
      says: [
        '[stack/patch] namespaces: Wrong type. "team-a" was given where a list belongs.',
        "[stack/patch] pullSecrets: Missing prop. pullSecrets is required. Names of pull secrets to add, in this order, after what is there.",
      ],
    },
  };

  test.each(Object.entries(mistakes))("%s", (_, { stack, says }) => {
    expect(validationOf(stack())).toEqual(says);
  });

  test("a cluster's token is a plain string, which reaches no file even where nothing is validated", () => {
    const stack = newStack();
    const cluster = Cluster.fromEndpoint({ host: "https://k.example.com", token: untyped("hunter2") });
    new RegistryProvider(stack, "registry", { cluster, owner: "test" });
    cluster.kubernetes(stack);
    expect(Testing.synth(stack)).not.toContain("hunter2");
    expect(validationOf(stack)).toEqual([
      `[stack/registry] kubernetes.token: A secret in the clear. A plain string was given where a secret belongs; it would stand in the synthesized files and in the plan. ${HOW}`,
    ]);
  });
});

/** A pull secret whose password is a variable of one's own. */
function withVariable(config: ConstructorParameters<typeof TerraformVariable>[2], ephemeral: boolean) {
  return withConstruct((stack) => {
    const variable = new TerraformVariable(stack, "mine", config);
    if (ephemeral) variable.addOverride("ephemeral", true);
    new PullSecret(stack, "pull", {
      name: "pull",
      namespaces: ["team-a"],
      registries: [{ hosts: ["r.example.com"], username: "acme", passwordWo: Secret.from(variable) }],
    });
  });
}
