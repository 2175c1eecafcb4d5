import { Fn } from "cdktf";
import {
  Cluster,
  DockerHub,
  HorizonPattern,
  HorizonService,
  IbmCloudRegistry,
  OpenShiftRegistry,
  PrivateRegistry,
  Secret,
} from "../../lib";
import { newStack, synthesize, validationOf } from "./stack";

const SERVICE = "registry_horizon_service";
const AUTH = "registry_horizon_registry_auth";
const HOST = "registry.partner.example:5000";
const partner = () => new PrivateRegistry(HOST, { username: "acme", password: Secret.env("REGISTRY_PARTNER"), email: "a@b.c" });
const definition = (image: string) => ({
  label: "GPS",
  url: "gps",
  version: "1.0.0",
  arch: "$ARCH",
  sharable: "multiple",
  deployment: { services: { gps: { image } } },
});
const registriesOf = (stack: ReturnType<typeof newStack>) => {
  const auths = Object.values(synthesize(stack).resource?.[AUTH] ?? {}) as unknown as { registry: string }[];
  return auths.map(({ registry }) => registry).sort();
};
const settings = { variables: { ARCH: "amd64" }, signingKey: { file: "service.private.key" } };

it("a service has one credential, for the registry that its image names, and no e-mail address", () => {
  const stack = newStack();
  new HorizonService(stack, "gps", { ...settings, definition: definition(`${HOST}/gps:1`), registries: [partner()] });
  const { resource } = synthesize(stack);
  const [service] = Object.values(resource?.[SERVICE] ?? {});
  const auths = Object.values(resource?.[AUTH] ?? {});
  const [serviceName] = Object.keys(resource?.[SERVICE] ?? {});
  expect(service).toMatchObject({
    registries: [{ hosts: [HOST], username: "acme", password_env: "REGISTRY_PARTNER" }],
    signing_key_file: "service.private.key",
    lifecycle: { create_before_destroy: true },
  });
  expect(JSON.stringify(resource)).not.toContain("a@b.c");
  expect(auths).toMatchObject([
    {
      registry: HOST,
      username: "acme",
      password_env: "REGISTRY_PARTNER",
      service: `\${${SERVICE}.${serviceName}.service_id}`,
    },
  ]);
});

it("a key from a variable is write-only", () => {
  const stack = newStack();
  new HorizonService(stack, "gps", { ...settings, definition: definition("gps"), signingKey: Secret.variable("signing_key") });
  const [service] = Object.values(synthesize(stack).resource?.[SERVICE] ?? {});
  expect(service).toMatchObject({ signing_key_wo: `$${"{var.signing_key}"}` });
  expect(validationOf(stack)).toEqual([]);
});

it("of a registry of many hosts those count that images name", () => {
  const stack = newStack();
  const icr = new IbmCloudRegistry({ regions: ["us-south", "eu-de"] });
  const hosts = icr.hosts.slice(0, 2);
  const images = Object.fromEntries(hosts.map((host, index) => [`c${index}`, { image: `${host}/team/app:1` }]));
  const said = { ...definition("x"), deployment: { services: images } };
  new HorizonService(stack, "gps", { ...settings, definition: said, registries: [icr] });
  expect(registriesOf(stack)).toEqual([...hosts].sort());
});

it("a host counts also where Terraform completes the image; and all hosts where it alone knows the definition", () => {
  const icr = new IbmCloudRegistry({ regions: ["us-south", "eu-de"] });
  const [, host = ""] = icr.hosts;
  const stack = newStack();
  const image = `${host}/$${"{registry_ibmcloud_namespace.n.name}"}/app:1`;
  new HorizonService(stack, "gps", { ...settings, definition: definition(image), registries: [icr] });
  expect(registriesOf(stack)).toEqual([host]);
  const other = newStack();
  const text = Fn.file("service.definition.json");
  new HorizonService(other, "gps", { ...settings, definition: text, registries: [icr] });
  expect(registriesOf(other)).toEqual([...icr.hosts].sort());
});

it.each(["acme/x:1", "docker.io/acme/x:1", "index.docker.io/acme/x:1"])("Docker Hub is named as %s is pinned", (image) => {
  const stack = newStack();
  const hub = new PrivateRegistry("index.docker.io", { username: "acme", password: Secret.env("REGISTRY_PARTNER") });
  new HorizonService(stack, "gps", { ...settings, definition: definition(image), registries: [hub] });
  expect(registriesOf(stack)).toEqual(["docker.io"]);
});

it("OpenShift's registry gives its route's host, which Terraform knows alone", () => {
  const stack = newStack();
  const openshift = new OpenShiftRegistry(stack, "openshift", {
    cluster: Cluster.fromKubeconfig({ path: "/k" }),
    project: "edge",
  });
  const image = openshift.image("gps_amd64:1.0.0");
  new HorizonService(stack, "gps", { ...settings, definition: definition(image), registries: [openshift] });
  const { resource } = synthesize(stack);
  const [auth] = Object.values(resource?.[AUTH] ?? {});
  const [service] = Object.values(resource?.[SERVICE] ?? {});
  expect(auth).toMatchObject({
    registry: expect.stringMatching(/^\$\{registry_openshift_route\..+\.host\}$/),
    credential_id: expect.stringMatching(/^\$\{registry_openshift_token\..+\.credential_id\}$/),
  });
  expect(String(service?.definition)).toMatch(
    /"image":"\$\{registry_openshift_route\..+\.host\}\/\$\{registry_openshift_project\./,
  );
});

it("a public registry needs no credential", () => {
  const stack = newStack();
  new HorizonService(stack, "gps", { ...settings, definition: definition("nginx"), registries: [DockerHub.anonymous()] });
  expect(synthesize(stack).resource?.[AUTH]).toBeUndefined();
});

it("hzn's own variables in braces reach the provider as they are", () => {
  const stack = newStack();
  const text = JSON.stringify(definition(`${HOST}/gps_$${"{ARCH}"}:1`));
  new HorizonService(stack, "gps", { ...settings, definition: text, registries: [partner()] });
  const { resource } = synthesize(stack);
  const [service] = Object.values(resource?.[SERVICE] ?? {});
  expect(String(service?.definition)).toContain(`gps_$$${"{ARCH}"}:1`);
  expect(Object.values(resource?.[AUTH] ?? {})).toHaveLength(1);
  expect(validationOf(stack)).toEqual([]);
});

describe("mistakes", () => {
  it("fails when the definition is not right, at synth", () => {
    const stack = newStack();
    new HorizonService(stack, "gps", { ...settings, definition: { ...definition("gps"), sharable: "all" } });
    expect(validationOf(stack)).toEqual([expect.stringMatching(/gps\/service\] definition: .*sharable is "all"/)]);
  });
  it.each(["registry.partner.example/gps:1", "gps"])("fails when no image is from a registry: %s", (image) => {
    const stack = newStack();
    new HorizonService(stack, "gps", { ...settings, definition: definition(image), registries: [partner()] });
    expect(validationOf(stack)).toEqual([expect.stringContaining(`registries: No image from ${HOST}. The images are from `)]);
  });
  it("fails when a variable has no value", () => {
    const stack = newStack();
    new HorizonService(stack, "gps", { ...settings, variables: {}, definition: definition("gps") });
    expect(validationOf(stack).join()).toContain("names the variable ARCH");
  });
  it("fails when a prop is unknown or missing", () => {
    const props = { ...settings, definition: definition("gps"), registry: partner() };
    expect(() => new HorizonService(newStack(), "gps", props)).toThrow('"registry" is not a prop');
    expect(() => new HorizonService(newStack(), "gps", { definition: {} } as never)).toThrow("signingKey");
  });
  it("fails when a pattern has no services", () => {
    const stack = newStack();
    new HorizonService(stack, "gps", { ...settings, definition: definition("gps") });
    new HorizonPattern(stack, "pattern", { name: "p", definition: { label: "l" }, signingKeyFile: "key" });
    expect(validationOf(stack).join()).toContain("services is missing");
  });
});
