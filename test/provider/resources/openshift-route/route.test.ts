import { ClientError } from "../../../../lib/clients/client-error";
import type { KubernetesObject } from "../../../../lib/clients/kubernetes/client";
import type { Diagnostic } from "../../../../lib/provider/framework/diagnostic";
import { DiagnosticError } from "../../../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../../../lib/provider/framework/value";
import { openshiftRouteResource } from "../../../../lib/provider/resources/openshift-route";
import { createAuthority, issueCertificate } from "../../../../sandbox/certificates";
import { createFakeCluster, type FakeCluster } from "../fake-cluster";

const NAMESPACE = "openshift-image-registry";
const HOST = "default-route.apps.example.com";
const INTERNAL = "image-registry.openshift-image-registry.svc:5000";
const PLANNED: ObjectValue = { timeouts: { create: "2s", read: "2s", delete: "2s" } };

const route = (host = HOST, more: object = {}) => ({
  metadata: { name: "default-route", namespace: NAMESPACE, ownerReferences: [{ kind: "Config", name: "cluster" }] },
  spec: { host },
  status: { ingress: [{ host, conditions: [{ type: "Admitted", status: "True" }] }] },
  ...more,
});

/** An OpenShift cluster, whose operator makes and removes the route. */
function world({ on = false, operator = true, state = "Managed" } = {}) {
  const cluster = createFakeCluster();
  const put = (resource: string, object: object) => cluster.put(resource, object as KubernetesObject);
  put("configs", { metadata: { name: "cluster" }, spec: { managementState: state, defaultRoute: on, replicas: 2 } });
  put("images", { metadata: { name: "cluster" }, status: { internalRegistryHostname: INTERNAL } });
  if (on) put("routes", route());
  const { patch } = cluster.client;
  const said: Diagnostic[] = [];
  const client: FakeCluster["client"] = {
    ...cluster.client,
    async patch(at, change, signal) {
      const changed = await patch(at, change, signal);
      const { defaultRoute } = (changed as { readonly spec?: { readonly defaultRoute?: boolean } }).spec ?? {};
      if (operator && defaultRoute === true) put("routes", route());
      if (operator && defaultRoute === false) await cluster.client.delete(ROUTE, {}, signal);
      return changed as never;
    },
  };
  const contextOf = (owner: string, own: FakeCluster["client"] = client) => {
    const context = cluster.context(owner);
    const provider = { ...context.provider, cluster: { ...context.provider.cluster, client: async () => own } };
    return { ...context, provider, report: (diagnostic: Diagnostic) => void said.push(diagnostic) };
  };
  const config = () => cluster.at("configs", "", "cluster") as KubernetesObject & { readonly spec: object };
  const create = (owner = "shop", own = client) =>
    openshiftRouteResource.create({ planned: PLANNED, config: PLANNED, privateData: null }, contextOf(owner, own));
  const read = (value: ObjectValue) => openshiftRouteResource.read({ state: value, privateData: null }, contextOf("shop"));
  const destroy = (value: ObjectValue) => openshiftRouteResource.delete({ prior: value, privateData: null }, contextOf("shop"));
  return { cluster, client, put, config, create, read, destroy, said };
}

const ROUTE = { apiVersion: "route.openshift.io/v1", resource: "routes", namespace: NAMESPACE, name: "default-route" };
const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof DiagnosticError
    ? error.diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`).join("\n")
    : error;
};

test("a route that is off is switched on, and off again by destroy; the rest of the configuration stays", async () => {
  const { create, destroy, config, cluster } = world();
  const { state } = await create();
  expect(state).toMatchObject({
    id: "openshift-image-registry/default-route",
    host: HOST,
    internal_host: INTERNAL,
    hosts: [HOST, INTERNAL],
    ca_certificate: null,
    switched_on: true,
    owner: "shop",
    cluster: "cluster-uid",
  });
  expect(config()).toMatchObject({
    metadata: { annotations: { "registry-access/owner": "shop", "registry-access/instance": state.instance } },
    spec: { managementState: "Managed", defaultRoute: true, replicas: 2 },
  });
  await destroy(state);
  expect(config()).toMatchObject({ metadata: { annotations: {} }, spec: { defaultRoute: false, replicas: 2 } });
  expect(cluster.at("routes", NAMESPACE, "default-route")).toBeUndefined();
});

test("a route that is there is found, and stays", async () => {
  const { create, destroy, config, cluster } = world({ on: true });
  const before = config();
  const { state } = await create();
  expect(state).toMatchObject({ host: HOST, switched_on: false });
  await destroy(state);
  expect(config()).toEqual(before);
  expect(cluster.at("routes", NAMESPACE, "default-route")).toBeDefined();
});

test("what a killed run of this owner switched on is taken up; another owner's is not", async () => {
  const { create, destroy, config } = world();
  const { state: first } = await create();
  expect((await create("other")).state.switched_on).toBe(false);
  const { state: second } = await create();
  expect(second.switched_on).toBe(true);
  await destroy(first);
  expect(config().spec).toMatchObject({ defaultRoute: true });
  await destroy(second);
  expect(config().spec).toMatchObject({ defaultRoute: false });
});

test("a refresh sees another host, a route that nobody serves, and one that is gone", async () => {
  const { create, read, put, said, client, config, destroy } = world();
  const { state } = await create();
  put("routes", route("images.example.com"));
  expect((await read(state))?.state).toMatchObject({ host: "images.example.com", hosts: ["images.example.com", INTERNAL] });
  const refused = { type: "Admitted", status: "False", reason: "HostAlreadyClaimed", message: "route x has it" };
  put("routes", route(HOST, { status: { ingress: [{ host: HOST, conditions: [refused] }] } }));
  expect((await read(state))?.state.host).toBe(HOST);
  expect(said.at(-1)).toMatchObject({
    severity: "warning",
    detail: expect.stringContaining("HostAlreadyClaimed: route x has it"),
  });
  await client.delete(ROUTE, {}, AbortSignal.timeout(1000));
  // What this resource switched on is still to be switched off, whatever serves it.
  for (const managementState of ["Managed", "Unmanaged", "Removed"]) {
    put("configs", { ...config(), spec: { ...config().spec, managementState } });
    expect((await read(state))?.state).toEqual(state);
    expect(said.at(-1)).toMatchObject({ severity: "warning", summary: "The default route is not there" });
  }
  await destroy(state);
  expect(config().spec).toMatchObject({ defaultRoute: false });
  expect(await read(state)).toBeNull();
});

test("the CA is what the cluster publishes; who may not read it gets a warning, and all the rest", async () => {
  const { create, put, client, said } = world({ on: true });
  const closed: FakeCluster["client"] = {
    ...client,
    get: async (at, signal) => {
      if (at.resource === "configmaps") throw new ClientError("forbidden", "GET …: 403 Forbidden", { status: 403 });
      return client.get(at, signal);
    },
  };
  expect((await create("shop", closed)).state.ca_certificate).toBeNull();
  expect(said).toMatchObject([{ severity: "warning", summary: "The routes' CA is not known" }]);
  const metadata = { name: "default-ingress-cert", namespace: "openshift-config-managed" };
  put("configmaps", { metadata, data: { "ca-bundle.crt": "no certificate" } });
  expect((await create()).state.ca_certificate).toBeNull();
  expect(said).toHaveLength(2);
});

describe("the CA", () => {
  const metadata = { name: "default-ingress-cert", namespace: "openshift-config-managed" };
  const pem = (text: string) => `${text.trim()}\n`;
  const withTls = (tls: object) => ({ spec: { host: HOST, tls } });

  test("is certificates alone: neither a key nor a text beside them reaches state or messages", async () => {
    const { create, put, said } = world({ on: true });
    const { certificate, key } = await createAuthority("ingress");
    put("configmaps", { metadata, data: { "ca-bundle.crt": `# hunter2\n${certificate}\n${key}\n` } });
    expect((await create()).state.ca_certificate).toBe(pem(certificate));
    expect(said).toMatchObject([{ severity: "warning", detail: expect.stringContaining("such as a private key") }]);
    for (const text of [key, "-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----", "hunter2"]) {
      put("configmaps", { metadata, data: { "ca-bundle.crt": text } });
      expect((await create()).state.ca_certificate).toBeNull();
    }
    expect(said).toHaveLength(4);
    expect(JSON.stringify(said)).not.toMatch(/hunter2|PRIVATE KEY/);
  });

  test("warns at a refresh where it ends soon, and where it has ended", async () => {
    const { create, read, put, said } = world({ on: true });
    const days = (count: number) => new Date(Date.now() + count * 24 * 3600 * 1000);
    const authority = (name: string, validTo: Date) => createAuthority(name, { validFrom: days(-30), validTo });
    const all = [await authority("well", days(60)), await authority("ending", days(3)), await authority("over", days(-1))];
    const { state } = await create();
    put("configmaps", { metadata, data: { "ca-bundle.crt": all.map(({ certificate }) => certificate).join("\n") } });
    await read(state);
    expect(said).toMatchObject([
      { severity: "warning", path: ["ca_certificate"], detail: expect.stringMatching(/"CN=ending".* expires at /) },
      { severity: "warning", path: ["ca_certificate"], detail: expect.stringMatching(/"CN=over".* expired at /) },
    ]);
  });

  test("of a route with a certificate of its own is the one beside it, or itself, and never the routers'", async () => {
    const { create, put, said } = world({ on: true });
    const [ingress, own] = [await createAuthority("ingress"), await createAuthority("own")];
    const leaf = await issueCertificate(own, { commonName: HOST, hosts: [HOST] });
    put("configmaps", { metadata, data: { "ca-bundle.crt": ingress.certificate } });
    const caWith = async (tls: object) => {
      put("routes", route(HOST, withTls(tls)));
      return (await create()).state.ca_certificate;
    };
    expect(await caWith({ termination: "reencrypt", destinationCACertificate: own.certificate })).toBe(pem(ingress.certificate));
    expect(await caWith({ termination: "edge", certificate: leaf.certificate, caCertificate: own.certificate })).toBe(
      pem(own.certificate),
    );
    expect(await caWith({ termination: "reencrypt", certificate: own.certificate })).toBe(pem(own.certificate));
    expect(await caWith({ termination: "reencrypt", certificate: leaf.certificate })).toBeNull();
    expect(await caWith({ termination: "passthrough" })).toBeNull();
    expect(await caWith({ termination: "edge", externalCertificate: { name: "own" } })).toBeNull();
    expect(said).toEqual([]);
  });
});

describe("fails when", () => {
  test("the registry is removed, not there, or its operator does nothing", async () => {
    expect(await failure(world({ state: "Removed" }).create())).toContain("No image registry: The image registry of the cluster");
    expect(await failure(world({ state: "Unmanaged" }).create())).toContain(
      "is switched off, and the registry's operator does nothing",
    );
    const none = world();
    await none.client.delete({ apiVersion: "x/v1", resource: "configs", name: "cluster" }, {}, AbortSignal.timeout(1000));
    expect(await failure(none.create())).toContain("its image registry is not installed");
  });

  test("it is not admitted in time: what was switched on is switched off, and the message says what was seen", async () => {
    const { create, config } = world({ operator: false });
    expect(await failure(create())).toMatch(
      /There is no route openshift-image-registry\/default-route yet.*create took longer than 2s/s,
    );
    expect(config().spec).toMatchObject({ defaultRoute: false });
  });

  test("the operator does not take the route away: a second destroy says so, too, and an operator that does nothing is a warning", async () => {
    const { create, destroy, put, config, said } = world();
    const { state } = await create();
    await destroy(state);
    put("routes", route());
    expect(await failure(destroy(state))).toContain(
      `The route openshift-image-registry/default-route (${HOST}) is switched off, and still there`,
    );
    put("configs", { ...config(), spec: { managementState: "Unmanaged", defaultRoute: false } });
    await destroy(state);
    expect(said).toMatchObject([{ summary: "The default route is still there", detail: expect.stringContaining(HOST) }]);
  });

  test("the cluster is no OpenShift cluster", async () => {
    const { create, client } = world();
    const plain = { ...client, get: () => Promise.reject(new ClientError("not_found", "404 page not found", { status: 404 })) };
    expect(await failure(create("shop", plain))).toMatch(
      /does not serve imageregistry.operator.openshift.io\/v1: it is no OpenShift cluster/,
    );
  });

  test("reading is refused: that is never 'gone'", async () => {
    const { create, client, said } = world();
    const closed = { ...client, get: () => Promise.reject(new ClientError("forbidden", "403 Forbidden", { status: 403 })) };
    expect(await failure(create("shop", closed))).toMatch(/Not allowed: .*It takes get on configs/);
    expect(said).toEqual([]);
  });

  test("switching it on is refused: nothing is left, and no warning says so; it is one where that can't be found out", async () => {
    const { client, create, said } = world();
    const refusing = (error: ClientError) => {
      let sent = false;
      return {
        ...client,
        patch: () => {
          sent = true;
          return Promise.reject(error);
        },
        get: (async (at, signal) => {
          if (sent) throw new ClientError("forbidden", "403 Forbidden", { status: 403 });
          return client.get(at, signal);
        }) as FakeCluster["client"]["get"],
      };
    };
    await failure(create("shop", refusing(new ClientError("forbidden", "403 Forbidden", { status: 403 }))));
    expect(said).toEqual([]);
    await failure(create("shop", refusing(new ClientError("malformed", "no answer"))));
    expect(said).toMatchObject([{ summary: "The default route may be left switched on" }]);
  });
});
