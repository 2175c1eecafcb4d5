import { TerraformVariable } from "cdktf";
import {
  type BluemixDedicatedProps,
  type BluemixRegionProps,
  BluemixRegistry,
  Cluster,
  Namespaces,
  RegistryAccess,
  type RegistryAccessProps,
  Secret,
} from "../../lib";
import { accessTo, newStack, synthesize } from "./stack";

const account = { organization: "acme", apiKey: Secret.env("BLUEMIX_API_KEY") };
const dedicated = (props: Partial<BluemixDedicatedProps> = {}) =>
  BluemixRegistry.dedicated({ ...account, domain: "acme.example.com", ...props });
const usSouth = (props: Partial<BluemixRegionProps> = {}) =>
  BluemixRegistry.region("us-south", { ...account, token: { description: "ci" }, ...props });
/** What somebody without types, or with a cast, may write. */
const untyped = (value: unknown) => value as never;

/** Two accesses in one stack, to a registry each. */
function twoAccesses(first: Partial<RegistryAccessProps>, second: Partial<RegistryAccessProps>) {
  const stack = newStack();
  for (const [id, props] of Object.entries({ first, second })) {
    new RegistryAccess(stack, id, {
      cluster: Cluster.fromKubeconfig({ path: "/kubeconfig" }),
      registries: [dedicated()],
      namespaces: Namespaces.named("team-a"),
      ...props,
    });
  }
  return stack;
}

const onCluster = (name: string, registry: BluemixRegistry) => ({
  cluster: Cluster.fromKubeconfig({ path: "/kubeconfig", name }),
  registries: [registry],
});

describe("tokens that are looked up", () => {
  test("stay apart where their names look alike", () => {
    const stack = twoAccesses({ registries: [usSouth()] }, { registries: [usSouth({ token: { id: "ci" } })] });
    const tokens = Object.values(synthesize(stack).data?.registry_token ?? {});
    expect(tokens).toEqual([
      { provider: "registry", issuer: "us-south", description: "ci" },
      { provider: "registry", issuer: "us-south", id: "ci" },
    ]);
  });

  test("stay apart where only Terraform knows which they are", () => {
    const stack = newStack();
    for (const id of ["one", "two"]) {
      const description = new TerraformVariable(stack, id, {}).stringValue;
      new RegistryAccess(stack, `access-${id}`, {
        cluster: Cluster.fromKubeconfig({ path: "/kubeconfig" }),
        registries: [usSouth({ token: { description } })],
        namespaces: Namespaces.named(id),
      });
    }
    expect(Object.values(synthesize(stack).data?.registry_token ?? {})).toMatchObject([
      { description: `\${var.one}` },
      { description: `\${var.two}` },
    ]);
  });

  test("stay apart from one that is issued under the same name", () => {
    const stack = twoAccesses({ registries: [dedicated({ name: "us-south", token: { name: "ci" } })] }, {});
    new RegistryAccess(stack, "third", {
      cluster: Cluster.fromKubeconfig({ path: "/kubeconfig" }),
      registries: [usSouth({ name: "us", token: { description: "south-ci" } })],
      namespaces: Namespaces.named("team-b"),
    });
    expect(Object.keys(synthesize(stack).data?.registry_token ?? {})).toEqual([
      expect.stringMatching(/^us-south-ci-[0-9a-f]{8}$/),
    ]);
  });
});

describe("fails when", () => {
  const mistakes: { readonly [name: string]: { readonly make: () => unknown; readonly says: string } } = {
    "issuers of two clusters share a name and not their settings": {
      make: () =>
        twoAccesses(
          onCluster("east", dedicated({ name: "bx", domain: "one.example.com" })),
          onCluster("west", dedicated({ name: "bx", domain: "two.example.com" })),
        ),
      says: '[stack/registry-provider-west] The stack "stack" has registry token pull of bx already, with other settings: issuer.apiEndpoint, issuer.hosts. Give one of the two a name of its own.',
    },
    "a region's token is not chosen": {
      make: () => BluemixRegistry.region("us-south", untyped({})),
      says: '[BluemixRegistry.region] token: Which registry token? Give exactly one of: { description: "…" } or { id: "…" } for a token that exists, { issue: {} } for one to issue.',
    },
    "a region has no props": {
      make: () => BluemixRegistry.region("us-south", untyped(undefined)),
      says: "[BluemixRegistry.region] Missing props. Give an object of props.",
    },
    "a token's name is not known": {
      make: () => dedicated({ token: { name: `\${var.name}` } }),
      says: "[BluemixRegistry.dedicated] token.name: Not known at synth. The token's name names a resource, so Terraform can't be the one to know it. Give it as text, or leave it out.",
    },
    "a domain is a URL": {
      make: () => dedicated({ domain: "https://acme.example.com/" }),
      says: '[BluemixRegistry.dedicated] domain: Invalid domain. "https://acme.example.com/" was given. Give the installation\'s domain alone, without scheme, port and path, such as "acme.example.com": its registry is registry.acme.example.com.',
    },
    "a domain is missing": {
      make: () => dedicated({ domain: untyped(undefined) }),
      says: '[BluemixRegistry.dedicated] domain: Invalid domain. It was not given. Give the installation\'s domain alone, without scheme, port and path, such as "acme.example.com": its registry is registry.acme.example.com.',
    },
    "a domain is not known, and there is no name": {
      make: () => accessTo([dedicated({ domain: `\${var.domain}` })]),
      says: "BluemixRegistry.dedicated: the domain is not known at synth, so the issuer can't be named by it. Give a name.",
    },
  };
  test.each(Object.entries(mistakes))("%s", (_, { make, says }) => {
    expect(make).toThrow(new Error(says));
  });
});
