import { isPlainlyRefused } from "../../../lib/clients/client-error";
import type { KubernetesClient } from "../../../lib/clients/kubernetes/client";
import { createKubernetesClient } from "../../../lib/clients/kubernetes/create-client";
import { requestToken, serviceAccountAt } from "../../../lib/clients/kubernetes/service-accounts";
import { getRegistryHosts } from "../../../lib/clients/openshift/image-config";
import { getIngressCertificate } from "../../../lib/clients/openshift/ingress-certificate";
import { deleteProject, getProject, requestProject } from "../../../lib/clients/openshift/projects";
import { getRegistryConfig, patchRegistryConfig } from "../../../lib/clients/openshift/registry-config";
import { admittedHost, getDefaultRoute, type Route, refusalOf } from "../../../lib/clients/openshift/routes";
import { NO_SETTINGS } from "../kubernetes/settings";
import { type Answer, type Received, startTestServer, type TestServer } from "../test-server";

const signal = AbortSignal.timeout(60_000);
let server: TestServer | undefined;
let client: KubernetesClient | undefined;
afterEach(async () => {
  await client?.close();
  await server?.close();
});

async function start(answer: (request: Received, count: number) => Answer) {
  server = await startTestServer(answer);
  client = await createKubernetesClient(
    { ...NO_SETTINGS, host: server.url, token: "t0ken" },
    { env: {}, sleep: async () => undefined },
  );
  return { client, received: server.received, url: server.url };
}

/** What an API server says of a path that it does not serve. */
const NO_SUCH_API: Answer = { status: 404, text: "404 page not found\n" };
const status = (code: number, reason: string, message: string): Answer => ({
  status: code,
  json: { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message },
});
const config = { metadata: { name: "cluster", resourceVersion: "7" }, spec: { managementState: "Managed", defaultRoute: false } };

test("the registry's configuration is patched by merge patch, guarded by what was read", async () => {
  const { client, received } = await start(() => ({ json: { ...config, spec: { defaultRoute: true } } }));
  const annotations = { "registry-access/owner": "shop", "registry-access/instance": null };
  await patchRegistryConfig(client, config, { defaultRoute: true, annotations }, signal);
  expect(received.map(({ method, url, headers, body }) => [method, url, headers["content-type"], JSON.parse(body)])).toEqual([
    [
      "PATCH",
      "/apis/imageregistry.operator.openshift.io/v1/configs/cluster?fieldManager=registry-access",
      "application/merge-patch+json",
      { metadata: { annotations, resourceVersion: "7" }, spec: { defaultRoute: true } },
    ],
  ]);
});

test("a guarded patch is sent again after a lost answer, and a conflict is told as one", async () => {
  const { client, received } = await start((_, count) =>
    count === 1 ? (response) => void response.destroy() : status(409, "Conflict", "the object has been modified"),
  );
  const patch = patchRegistryConfig(client, config, { defaultRoute: true, annotations: {} }, signal);
  await expect(patch).rejects.toMatchObject({ code: "conflict" });
  expect(received).toHaveLength(2);
});

test.each([
  ["a project", (api: KubernetesClient) => getProject(api, "shop", signal)],
  ["the registry's configuration", (api: KubernetesClient) => getRegistryConfig(api, signal)],
  ["the default route", (api: KubernetesClient) => getDefaultRoute(api, signal)],
])("one wrong 404 is not enough to take %s for gone, two are", async (_, get) => {
  const missing = status(404, "NotFound", "not found");
  const once = await start((_request, count) => (count === 1 ? missing : { json: config }));
  expect(await get(once.client)).toMatchObject({ metadata: { name: "cluster" } });
  await once.client.close();
  await server?.close();
  const twice = await start(() => missing);
  expect(await get(twice.client)).toBeUndefined();
  expect(twice.received).toHaveLength(2);
});

test.each([
  ["imageregistry.operator.openshift.io/v1", getRegistryConfig],
  ["route.openshift.io/v1", getDefaultRoute],
  ["config.openshift.io/v1", getRegistryHosts],
  ["project.openshift.io/v1", (api: KubernetesClient, at: AbortSignal) => getProject(api, "shop", at)],
  [
    "project.openshift.io/v1",
    (api: KubernetesClient, at: AbortSignal) => requestProject(api, { name: "shop", displayName: null, description: "" }, at),
  ],
  ["project.openshift.io/v1", (api: KubernetesClient, at: AbortSignal) => deleteProject(api, "shop", "u", at)],
])("fails when a cluster does not serve %s", async (group, ask) => {
  const { client, url } = await start(() => NO_SUCH_API);
  await expect(ask(client, signal)).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining(`The cluster at ${url} does not serve ${group}: it is no OpenShift cluster`),
  });
});

test("what is missing in an OpenShift cluster is undefined, and 403 is an error", async () => {
  const { client } = await start(({ url }) =>
    url.includes("/projects/") ? status(403, "Forbidden", "no") : status(404, "NotFound", "not found"),
  );
  expect(await getRegistryConfig(client, signal)).toBeUndefined();
  expect(await getDefaultRoute(client, signal)).toBeUndefined();
  expect(await getRegistryHosts(client, signal)).toEqual({ internal: undefined, external: [] });
  expect(await getIngressCertificate(client, signal)).toBeUndefined();
  await expect(getProject(client, "shop", signal)).rejects.toMatchObject({ code: "forbidden" });
});

test("a request is answered with the project", async () => {
  const json = { kind: "Project", metadata: { name: "shop", uid: "uid-1" }, status: { phase: "Active" } };
  const { client, received } = await start(() => ({ status: 201, json }));
  expect(await requestProject(client, { name: "shop", displayName: "Shop", description: "d" }, signal)).toEqual(json);
  expect(JSON.parse(received[0]?.body ?? "")).toEqual({
    apiVersion: "project.openshift.io/v1",
    kind: "ProjectRequest",
    metadata: { name: "shop" },
    description: "d",
    displayName: "Shop",
  });
});

test("fails when a project is there already; after an answer that was lost, it may be this request's", async () => {
  const request = { name: "shop", displayName: null, description: "d" };
  const there = status(409, "AlreadyExists", 'project "shop" already exists');
  const refused = await start(() => there);
  const error = await requestProject(refused.client, request, signal).catch((thrown: unknown) => thrown);
  expect([error, isPlainlyRefused(error)]).toMatchObject([{ code: "conflict" }, true]);
  await server?.close();
  const lost = await start((_, count) => (count === 1 ? status(503, "Unavailable", "no") : there));
  const second = await requestProject(lost.client, request, signal).catch((thrown: unknown) => thrown);
  expect([second, isPlainlyRefused(second)]).toMatchObject([{ code: "conflict", options: { repeated: true } }, false]);
});

test("a project is deleted only where it is the one that was read", async () => {
  const { client, received } = await start(() => ({ json: { kind: "Status", status: "Success" } }));
  expect(await deleteProject(client, "shop", "uid-1", signal)).toBe(true);
  expect(JSON.parse(received[0]?.body ?? "").preconditions).toEqual({ uid: "uid-1" });
});

test("the registry's hosts are what the cluster publishes, each once", async () => {
  const json = {
    metadata: { name: "cluster" },
    spec: { externalRegistryHostnames: ["registry.example.com", "default.apps.example.com"] },
    status: {
      internalRegistryHostname: "image-registry.openshift-image-registry.svc:5000",
      externalRegistryHostnames: ["default.apps.example.com", ""],
    },
  };
  const { client } = await start(() => ({ json }));
  expect(await getRegistryHosts(client, signal)).toEqual({
    internal: "image-registry.openshift-image-registry.svc:5000",
    external: ["default.apps.example.com", "registry.example.com"],
  });
});

describe("a token is requested", () => {
  const at = serviceAccountAt("shop", "pull");
  const boundTo = { name: "pull-1", uid: "uid-1" };

  test("bound to a Secret, for the API server itself", async () => {
    const json = { metadata: { name: "pull" }, status: { token: "a.b.c", expirationTimestamp: "2026-11-22T20:00:00Z" } };
    const { client, received } = await start(() => ({ status: 201, json }));
    const { token, expiresAt } = await requestToken(client, at, { boundTo, lifetimeSeconds: 600 }, signal);
    expect([token.reveal(), expiresAt.toISOString()]).toEqual(["a.b.c", "2026-11-22T20:00:00.000Z"]);
    expect(received[0]?.url).toBe("/api/v1/namespaces/shop/serviceaccounts/pull/token?fieldManager=registry-access");
    expect(JSON.parse(received[0]?.body ?? "").spec).toEqual({
      expirationSeconds: 600,
      boundObjectRef: { kind: "Secret", apiVersion: "v1", name: "pull-1", uid: "uid-1" },
    });
  });

  test("fails when the answer holds none", async () => {
    const { client } = await start(() => ({ status: 201, json: { metadata: {}, status: {} } }));
    await expect(requestToken(client, at, { boundTo, lifetimeSeconds: 600 }, signal)).rejects.toMatchObject({
      code: "malformed",
    });
  });
});

test("a route's host is that of a router that admitted it", () => {
  const route = (admitted: string, host?: string): Route => ({
    metadata: { name: "default-route" },
    spec: { host: "wanted.example.com" },
    status: {
      ingress: [
        {
          ...(host === undefined ? {} : { host }),
          conditions: [{ type: "Admitted", status: admitted, reason: "HostAlreadyClaimed", message: "route x has it" }],
        },
      ],
    },
  });
  expect(admittedHost(route("True", "served.example.com"))).toBe("served.example.com");
  expect(admittedHost(route("True"))).toBe("wanted.example.com");
  expect(admittedHost(route("False", "served.example.com"))).toBeUndefined();
  expect(admittedHost({ metadata: { name: "default-route" }, spec: { host: "wanted.example.com" } })).toBeUndefined();
  expect(refusalOf(route("False"))).toBe("HostAlreadyClaimed: route x has it");
  expect(refusalOf(route("True"))).toBeUndefined();
});
