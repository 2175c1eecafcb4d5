/** What plays OpenShift in the sandbox, against the real API server: operators, project API, and the door of the image registry. */
import { readFileSync } from "node:fs";
import { type SandboxState, startSandbox, stopSandbox } from "../../sandbox";
import { restartProcess } from "../../sandbox/restart";
import { type ApiRequest, createApiRequest, type RawObject } from "./support/api-request";
import { until } from "./support/cluster";
import { openshiftOf } from "./support/openshift";
import { createDoor, type Door } from "./support/openshift-door";

jest.setTimeout(120_000);

const SANDBOX = `openshift-emulator-${process.pid}`;
const CONFIG = "/apis/imageregistry.operator.openshift.io/v1/configs/cluster";
const ROUTES = "/apis/route.openshift.io/v1/namespaces/openshift-image-registry/routes";
const PROJECTS = "/apis/project.openshift.io/v1/projects";
const REQUESTS = "/apis/project.openshift.io/v1/projectrequests";
const HOST = "default-route-openshift-image-registry.apps.sandbox.example.com";

let state: SandboxState;
let api: ApiRequest;
let door: Door;

beforeAll(async () => {
  ({ state } = await startSandbox({ name: SANDBOX, endsWithCaller: true, systems: ["openshift"] }));
  api = await createApiRequest(state);
  door = createDoor(openshiftOf(state).route);
});
afterAll(() => stopSandbox(SANDBOX));

const routeHost = async () => (await api("GET", `${ROUTES}/default-route`)).body.spec?.host;
const externalHosts = async () =>
  (await api("GET", "/apis/config.openshift.io/v1/images/cluster")).body.status?.externalRegistryHostnames;

describe("operator", () => {
  test("makes the default route, admitted, while defaultRoute says so, and says its host", async () => {
    expect((await api("GET", `${ROUTES}/default-route`)).status).toBe(404);
    expect((await api("GET", "/apis/config.openshift.io/v1/images/cluster")).body.status).toMatchObject({
      internalRegistryHostname: "image-registry.openshift-image-registry.svc:5000",
    });
    await api("PATCH", CONFIG, { spec: { defaultRoute: true } });
    await until(async () => JSON.stringify(await externalHosts()) === JSON.stringify([HOST]));
    expect((await api("GET", `${ROUTES}/default-route`)).body).toMatchObject({
      metadata: { ownerReferences: [{ kind: "Config", name: "cluster", controller: true }] },
      spec: { host: HOST, to: { kind: "Service", name: "image-registry", weight: 100 }, tls: { termination: "reencrypt" } },
      status: { ingress: [{ host: HOST, routerName: "default", conditions: [{ type: "Admitted", status: "True" }] }] },
    });
    // A route that somebody deletes is made anew; a host that somebody gives it stays, and is admitted.
    await api("DELETE", `${ROUTES}/default-route`);
    await until(async () => (await routeHost()) === HOST);
    await api("PATCH", `${ROUTES}/default-route`, { spec: { host: "images.acme.example.com" } });
    await until(async () => JSON.stringify(await externalHosts()) === JSON.stringify(["images.acme.example.com"]));
    await api("PATCH", CONFIG, { spec: { defaultRoute: false } });
    await until(async () => (await api("GET", `${ROUTES}/default-route`)).status === 404);
    await until(async () => JSON.stringify(await externalHosts()) === "[]");
  });

  test("keeps further routes with hosts of their own, and refuses a host that an older route has", async () => {
    const claimed = "claimed.apps.sandbox.example.com";
    const route = {
      apiVersion: "route.openshift.io/v1",
      kind: "Route",
      metadata: { name: "first" },
      spec: { host: claimed, to: { kind: "Service", name: "any" } },
    };
    await api("POST", "/apis/route.openshift.io/v1/namespaces/default/routes", route);
    // Ages are told in seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await api("PATCH", CONFIG, { spec: { routes: [{ name: "own", hostname: claimed }] } });
    const conditionOf = ({ status }: RawObject) =>
      (status?.ingress as { conditions: unknown[] }[] | undefined)?.[0]?.conditions[0];
    await until(async () => conditionOf((await api("GET", `${ROUTES}/own`)).body) !== undefined);
    expect(conditionOf((await api("GET", `${ROUTES}/own`)).body)).toMatchObject({
      status: "False",
      reason: "HostAlreadyClaimed",
    });
    await api("PATCH", CONFIG, { spec: { routes: null } });
    await until(async () => (await api("GET", `${ROUTES}/own`)).status === 404);
    await api("DELETE", "/apis/route.openshift.io/v1/namespaces/default/routes/first");
  });

  test("fails when the registry's configuration is none", async () => {
    expect(await api("PATCH", CONFIG, { spec: { defaultRoute: "yes" } })).toMatchObject({ status: 422 });
    expect(await api("PATCH", CONFIG, { spec: { managementState: "Sometimes" } })).toMatchObject({ status: 422 });
  });

  test("publishes the authorities of its certificates", async () => {
    const { route, service } = openshiftOf(state);
    const data = async (namespace: string, name: string) =>
      (await api("GET", `/api/v1/namespaces/${namespace}/configmaps/${name}`)).body.data;
    expect(await data("openshift-config-managed", "default-ingress-cert")).toEqual({
      "ca-bundle.crt": readFileSync(route.caFile, "utf8"),
    });
    expect(await data("default", "openshift-service-ca.crt")).toEqual({ "service-ca.crt": readFileSync(service.caFile, "utf8") });
  });
});

describe("project API", () => {
  test("answers a request with the project that it made: a namespace whose administrator is the requester", async () => {
    const requested = await api("POST", REQUESTS, {
      apiVersion: "project.openshift.io/v1",
      kind: "ProjectRequest",
      metadata: { name: "made" },
      displayName: "Made",
      description: "for a test",
    });
    expect(requested).toMatchObject({
      status: 201,
      body: {
        kind: "Project",
        apiVersion: "project.openshift.io/v1",
        metadata: {
          name: "made",
          annotations: {
            "openshift.io/description": "for a test",
            "openshift.io/display-name": "Made",
            "openshift.io/requester": "sandbox-admin",
          },
        },
        spec: { finalizers: ["kubernetes"] },
        status: { phase: "Active" },
      },
    });
    const namespace = (await api("GET", "/api/v1/namespaces/made")).body;
    expect(requested.body.metadata.uid).toBe(namespace.metadata.uid);
    expect((await api("GET", `${PROJECTS}/made`)).body.metadata.uid).toBe(namespace.metadata.uid);
    expect((await api("GET", "/apis/rbac.authorization.k8s.io/v1/namespaces/made/rolebindings/admin")).body).toMatchObject({
      subjects: [{ kind: "User", name: "sandbox-admin" }],
      roleRef: { kind: "ClusterRole", name: "admin" },
    });
    const { items } = (await api("GET", PROJECTS)).body as unknown as { readonly items: readonly RawObject[] };
    expect(items.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(["default", "made"]));
  });

  test("changes descriptions and nothing else, and deletes the namespace with the project", async () => {
    await api("POST", REQUESTS, { metadata: { name: "changed" } });
    const annotate = (annotations: object) => api("PATCH", `${PROJECTS}/changed`, { metadata: { annotations } });
    expect(await annotate({ "openshift.io/description": "other" })).toMatchObject({
      status: 200,
      body: { kind: "Project", metadata: { annotations: { "openshift.io/description": "other" } } },
    });
    expect(await annotate({ mine: "1" })).toMatchObject({ status: 422, body: { reason: "Invalid" } });
    const wrong = { kind: "DeleteOptions", apiVersion: "v1", preconditions: { uid: "another" } };
    expect(await api("DELETE", `${PROJECTS}/changed`, wrong)).toMatchObject({ status: 409 });
    expect(await api("DELETE", `${PROJECTS}/changed`)).toMatchObject({ status: 200 });
    await until(async () => (await api("GET", "/api/v1/namespaces/changed")).status === 404);
    expect(await api("GET", `${PROJECTS}/changed`)).toMatchObject({ status: 404, body: { reason: "NotFound" } });
  });

  test.each([
    ["is taken", "default", 409, "AlreadyExists", 'project.project.openshift.io "default" already exists'],
    ["is the cluster's own", "openshift", 403, "Forbidden", 'cannot request a project with the name "openshift"'],
    ["begins like the cluster's own", "kube-mine", 403, "Forbidden", 'cannot request a project starting with "kube-"'],
    ["is none", "Not A Name", 422, "Invalid", "Not A Name"],
  ])("fails when the name %s", async (_why, name, status, reason, message) => {
    const refused = await api("POST", REQUESTS, { metadata: { name } });
    expect(refused).toMatchObject({ status, body: { kind: "Status", reason, message: expect.stringContaining(message) } });
  });

  test("fails when the caller may not ask for projects", async () => {
    const token = await door.tokenOf(api, "default", "default");
    expect(await api("POST", REQUESTS, { metadata: { name: "not-for-me" } }, token)).toMatchObject({ status: 403 });
  });
});

describe("controllers", () => {
  const BINDINGS = "/apis/rbac.authorization.k8s.io/v1/namespaces/kept/rolebindings";
  const ACCOUNT = "/api/v1/namespaces/kept/serviceaccounts/app";
  const named = (body: RawObject, list: string) => ((body[list] ?? []) as { name: string }[]).map(({ name }) => name);
  const account = async () => (await api("GET", ACCOUNT)).body;
  const ownOf = (body: RawObject) => named(body, "imagePullSecrets").find((name) => name.startsWith("app-dockercfg-")) ?? "";

  beforeAll(async () => {
    await api("POST", REQUESTS, { metadata: { name: "kept" } });
    await api("POST", "/api/v1/namespaces/kept/serviceaccounts", { metadata: { name: "app" } });
    await until(async () => ownOf(await account()) !== "");
  });

  test("keep three RoleBindings in every project: one that is deleted comes back, and subjects that are taken out stay out", async () => {
    const puller = async () => (await api("GET", `${BINDINGS}/system:image-pullers`)).body;
    await until(async () => (await api("GET", `${BINDINGS}/system:deployers`)).status === 200);
    expect(await puller()).toMatchObject({
      roleRef: { kind: "ClusterRole", name: "system:image-puller" },
      subjects: [{ kind: "Group", name: "system:serviceaccounts:kept" }],
    });
    expect((await api("GET", `${BINDINGS}/system:image-builders`)).body).toMatchObject({
      roleRef: { kind: "ClusterRole", name: "system:image-builder" },
      subjects: [{ kind: "ServiceAccount", name: "builder", namespace: "kept" }],
    });
    await api("DELETE", `${BINDINGS}/system:image-pullers`);
    await until(async () => (await puller()).kind === "RoleBinding");
    await api("PATCH", `${BINDINGS}/system:image-pullers`, { subjects: null });
    await api("DELETE", `${BINDINGS}/system:deployers`);
    await until(async () => (await api("GET", `${BINDINGS}/system:deployers`)).status === 200);
    expect((await puller()).subjects).toBeUndefined();
  });

  test("give every ServiceAccount a pull secret of its own, whose token goes with it, beside what others list", async () => {
    const own = ownOf(await account());
    expect(named(await account(), "secrets")).toContain(own);
    const secret = async () => (await api("GET", `/api/v1/namespaces/kept/secrets/${own}`)).body;
    await until(
      async () => (await secret()).metadata?.annotations?.["openshift.io/internal-registry-auth-token.binding"] === "bound",
    );
    const { type, data } = (await secret()) as unknown as { readonly type: string; readonly data: { [key: string]: string } };
    expect(type).toBe("kubernetes.io/dockercfg");
    const config = JSON.parse(Buffer.from(data[".dockercfg"] ?? "", "base64").toString("utf8")) as {
      readonly [host: string]: { readonly auth: string };
    };
    expect(Object.keys(config)).toContain("image-registry.openshift-image-registry.svc:5000");
    const [user = "", token = ""] = Buffer.from(Object.values(config)[0]?.auth ?? "", "base64")
      .toString("utf8")
      .split(":");
    expect(user).toBe("<token>");
    expect(await door.ask("/v2/", `Bearer ${token}`)).toMatchObject({ status: 200 });
    await api("PATCH", ACCOUNT, { imagePullSecrets: [{ name: "mine" }], secrets: null });
    await until(async () => ownOf(await account()) === own);
    expect(named(await account(), "imagePullSecrets")).toEqual(["mine", own]);
    await until(async () => named(await account(), "secrets").includes(own));
    await api("DELETE", `/api/v1/namespaces/kept/secrets/${own}`);
    await until(async () => (await secret()).kind === "Secret");
  });

  test("let whom a RoleBinding names see, change and delete its project, a moment later and while it stands", async () => {
    const token = await door.tokenOf(api, "kept", "app");
    const see = async () => (await api("GET", `${PROJECTS}/kept`, undefined, token)).status;
    const bind = (roleRef: object) =>
      api("POST", BINDINGS, {
        metadata: { name: "seer" },
        subjects: [{ kind: "ServiceAccount", name: "app" }],
        roleRef,
      });
    expect(await see()).toBe(403);
    await bind({ apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" });
    expect(await see()).toBe(403);
    await until(async () => (await see()) === 200);
    const change = { metadata: { annotations: { "openshift.io/description": "changed" } } };
    expect(await api("PATCH", `${PROJECTS}/kept`, change, token)).toMatchObject({ status: 403 });
    expect(await api("GET", `${PROJECTS}/default`, undefined, token)).toMatchObject({ status: 403 });
    await api("DELETE", `${BINDINGS}/seer`);
    await until(async () => (await see()) === 403);
    await bind({ apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" });
    await until(async () => (await api("PATCH", `${PROJECTS}/kept`, change, token)).status === 200);
    expect(await api("DELETE", `${PROJECTS}/kept`, undefined, token)).toMatchObject({ status: 200 });
    // With the project went the right to see it.
    await until(async () => (await see()) !== 200);
  });
});

describe("image registry", () => {
  const bind = (role: string, namespace = "edge") =>
    api("POST", `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
      metadata: { name: role.replace(/:/g, "-") },
      subjects: [{ kind: "ServiceAccount", name: "puller", namespace: "elsewhere" }],
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    });
  const unbind = (role: string) =>
    api("DELETE", `/apis/rbac.authorization.k8s.io/v1/namespaces/edge/rolebindings/${role.replace(/:/g, "-")}`);
  let token: string;

  beforeAll(async () => {
    await api("POST", REQUESTS, { metadata: { name: "edge" } });
    // Of another project: those of this one pull already, by what OpenShift gives them.
    await api("POST", REQUESTS, { metadata: { name: "elsewhere" } });
    await api("POST", "/api/v1/namespaces/elsewhere/serviceaccounts", { metadata: { name: "puller" } });
    token = await door.tokenOf(api, "elsewhere", "puller");
  });

  test("lets every ServiceAccount of a project pull its images, and push none", async () => {
    await api("POST", "/api/v1/namespaces/edge/serviceaccounts", { metadata: { name: "inside" } });
    const own = await door.tokenOf(api, "edge", "inside");
    await until(async () => (await door.pull("edge/myservice_amd64", own)).status === 200);
    expect((await door.ask("/v2/edge/new/blobs/uploads/", `Bearer ${own}`, "POST")).status).toBe(401);
  });

  test("challenges as OpenShift does, and gives an API token back for itself, whoever the user", async () => {
    const { url } = openshiftOf(state).route;
    expect(await door.ask("/v2/")).toMatchObject({ status: 401, challenge: `Bearer realm="${url}/openshift/token"` });
    expect(await door.ask("/openshift/token", door.basic("anybody", token))).toMatchObject({
      status: 200,
      body: { token, access_token: token },
    });
    expect(await door.ask("/openshift/token")).toMatchObject({ status: 200, body: { token: "anonymous" } });
    expect(await door.ask("/openshift/token", door.basic("puller", "wrong"))).toMatchObject({ status: 401 });
    expect(await door.ask("/v2/", door.basic("anybody", token))).toMatchObject({ status: 200 });
    expect(await door.ask("/v2/", "Bearer wrong")).toMatchObject({
      status: 401,
      challenge: 'Basic realm=origin,error="access denied"',
    });
    expect(await door.ask("/v2/edge/deep/er/manifests/latest", `Bearer ${token}`)).toMatchObject({ status: 400 });
  });

  test.each(["system:image-puller", "registry-viewer", "registry-editor", "system:image-builder", "edit"])(
    "lets a ServiceAccount pull while its RoleBinding to %s stands, on the route and in the cluster",
    async (role) => {
      const inCluster = createDoor(openshiftOf(state).service);
      expect(await door.pull("edge/myservice_amd64", token)).toMatchObject({ status: 401 });
      await bind(role);
      await until(async () => (await door.pull("edge/myservice_amd64", token)).status === 200);
      expect((await door.pull("edge/myservice_amd64", token)).bytes).toBeGreaterThan(0);
      expect((await inCluster.pull("edge/myservice_amd64", token)).bytes).toBeGreaterThan(0);
      expect(await door.pull("team/app", token)).toMatchObject({ status: 401 });
      const mayPush = role !== "system:image-puller" && role !== "registry-viewer";
      expect((await door.ask("/v2/edge/new/blobs/uploads/", `Bearer ${token}`, "POST")).status).toBe(mayPush ? 202 : 401);
      await unbind(role);
      await until(async () => (await door.pull("edge/myservice_amd64", token)).status === 401);
      expect(await inCluster.pull("edge/myservice_amd64", token)).toMatchObject({ status: 401 });
    },
  );

  test("does not know the token of a ServiceAccount that is gone", async () => {
    await api("POST", "/api/v1/namespaces/edge/serviceaccounts", { metadata: { name: "leaver" } });
    const leaving = await door.tokenOf(api, "edge", "leaver");
    expect(await door.ask("/v2/", `Bearer ${leaving}`)).toMatchObject({ status: 200 });
    await api("DELETE", "/api/v1/namespaces/edge/serviceaccounts/leaver");
    await until(async () => (await door.ask("/v2/", `Bearer ${leaving}`)).status === 401);
  });

  test("takes faults on request, and logs no token", async () => {
    await door.control(state).addFault({ listener: "route", pathPrefix: "/v2/", status: 503, headers: { "retry-after": "1" } });
    expect(await door.ask("/v2/")).toMatchObject({ status: 503 });
    expect(await door.ask("/v2/")).toMatchObject({ status: 401 });
    const log = await door.control(state).requests();
    expect(log.filter(({ status }) => status === 503)).toHaveLength(1);
    expect(JSON.stringify(log)).not.toContain(token);
  });
});

test("both processes can be started anew, on the same ports", async () => {
  for (const name of ["openshift-operator", "openshift-registry"]) await restartProcess(state, name);
  await until(async () => (await api("GET", `${PROJECTS}/default`)).status === 200);
  await until(async () => (await door.ask("/v2/").catch(() => ({ status: 0 }))).status === 401);
});
