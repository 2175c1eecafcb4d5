import {
  BluemixRegistry,
  Cluster,
  IbmCloudRegistry,
  type IbmCloudRegistryProps,
  Namespaces,
  type Registry,
  RegistryAccess,
  Secret,
} from "../../lib";
import { newStack, synthesize } from "./stack";

/** A resource group's id. */
const GROUP = "c2047a7bf1bc4d09a0f0a8e7d1b3c4e5";

const cluster = Cluster.fromKubeconfig({ path: "/kubeconfig" });
/** As Terraform reads it. */
const reference = (to: string) => `\${${to}}`;
const apiKey = Secret.env("IBMCLOUD_API_KEY");
const icr = (props: Partial<IbmCloudRegistryProps> = {}) =>
  new IbmCloudRegistry({ regions: ["us-south", "eu-de"], apiKey, ...props });
function accessTo(...registries: readonly Registry[]) {
  const stack = newStack();
  const access = new RegistryAccess(stack, "access", { cluster, registries, namespaces: Namespaces.named("team-a", "team-b") });
  return { stack, access };
}

test("one key and one entry for all regions, in every namespace", () => {
  const registry = icr({ key: { description: "ci", lifetimeSeconds: 86_400 } });
  const { stack } = accessTo(registry);
  const { provider, resource } = synthesize(stack);
  expect(provider?.registry).toMatchObject([{ issuers: { icr: { ibmcloud: { api_key_env: "IBMCLOUD_API_KEY" } } } }]);
  expect(Object.values(resource?.registry_ibmcloud_api_key ?? {})).toMatchObject([
    { issuer: "icr", name: "pull", description: "ci", lifetime_seconds: 86_400, lifecycle: { create_before_destroy: true } },
  ]);
  expect(Object.values(resource?.registry_pull_secret ?? {})).toMatchObject([
    {
      namespaces: ["team-a", "team-b"],
      registries: [
        { hosts: ["us.icr.io", "de.icr.io"], credential_id: reference("registry_ibmcloud_api_key.icr-pull.credential_id") },
      ],
    },
  ]);
  expect(registry.image("acme/app:1")).toBe("us.icr.io/acme/app:1");
});

const hosts: Record<string, { props: Partial<IbmCloudRegistryProps>; expected: readonly string[] }> = {
  "two names of one host": { props: { regions: ["us-south", "us-east", "us"] }, expected: ["us.icr.io"] },
  "those of the private network too": {
    props: { regions: ["global", "jp-osa"], privateHosts: true },
    expected: ["icr.io", "jp2.icr.io", "private.icr.io", "private.jp2.icr.io"],
  },
  "others in their place": { props: { hosts: ["127.0.0.1:5000"] }, expected: ["127.0.0.1:5000"] },
};
test.each(Object.entries(hosts))("hosts: %s", (_, { props, expected }) => {
  expect(icr(props).hosts).toEqual(expected);
});

test("a user's own key is given, and nothing is made", () => {
  const { stack } = accessTo(icr({ userApiKey: Secret.variable("icr_key") }));
  const { provider, resource } = synthesize(stack);
  expect(resource?.registry_ibmcloud_api_key).toBeUndefined();
  expect(provider?.registry).not.toMatchObject([{ issuers: {} }]);
  expect(Object.values(resource?.registry_pull_secret ?? {})).toMatchObject([
    { registries: [{ username: "iamapikey", password_wo: reference("var.icr_key") }] },
  ]);
});

test("a registry namespace is made once, in the first region", () => {
  const registry = icr();
  const { stack, access } = accessTo(registry);
  const first = registry.namespace(access.provider, "acme-apps", { resourceGroup: GROUP });
  expect(registry.namespace(access.provider, "acme-apps", { resourceGroup: GROUP })).toBe(first);
  expect(Object.values(synthesize(stack).resource?.registry_ibmcloud_namespace ?? {})).toMatchObject([
    { issuer: "icr", name: "acme-apps", region: "us-south", resource_group: GROUP },
  ]);
});

test("a registry namespace at a registry_endpoint of one's own names no region", () => {
  const registry = icr({ registryEndpoint: "https://private.us.icr.io" });
  const { stack, access } = accessTo(registry);
  registry.namespace(access.provider, "acme-apps");
  const [made] = Object.values(synthesize(stack).resource?.registry_ibmcloud_namespace ?? {});
  expect(made).not.toHaveProperty("region");
});

test("moving from registry tokens: the same Secrets, another credential", () => {
  const before = synthesize(accessTo(BluemixRegistry.region("us-south", { organization: "acme", token: { issue: {} } })).stack);
  const after = synthesize(accessTo(icr()).stack);
  const secretOf = ({ resource }: ReturnType<typeof synthesize>) =>
    Object.entries(resource?.registry_pull_secret ?? {}).map(([id, values]) => [id, (values as { readonly name?: string }).name]);
  expect(secretOf(after)).toEqual(secretOf(before));
  // Kept in the state: the removed token is revoked after what used it has the new credential.
  expect(Object.values(before.resource?.registry_token ?? {})).toMatchObject([{ lifecycle: { create_before_destroy: true } }]);
});

describe("fails when", () => {
  const cases: Record<string, { props: object; said: RegExp }> = {
    "there is no region": { props: { regions: [] }, said: /regions: No region\. Give at least one of: global, us/ },
    "a region is none": { props: { regions: ["mars"] }, said: /"mars" is not a region of IBM Cloud Container Registry/ },
    "regions are left out": { props: { regions: undefined }, said: /regions: Missing prop/ },
    "a prop is unknown": { props: { region: "us" }, said: /region: Unknown prop/ },
    "there are two keys": { props: { key: {}, userApiKey: apiKey }, said: /userApiKey: Two API keys/ },
  };
  test.each(Object.entries(cases))("%s", (_, { props, said }) => {
    expect(() => icr(props as Partial<IbmCloudRegistryProps>)).toThrow(said);
  });
});
