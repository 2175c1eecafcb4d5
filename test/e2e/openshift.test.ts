/** System E: the document's walk as one deploy of examples/openshift, what becomes of it, and what can go wrong. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createUserKubeconfig, findEngine, silentProgress } from "../../sandbox";
import { stackFolder } from "../../sandbox/main-job/program";
import type { Project } from "../../sandbox/main-job/project";
import { prepareStack } from "../../sandbox/main-job/run-stack";
import { testCertificates } from "./openshift/certificates";
import { testSecretless } from "./openshift/secretless";
import { testSelfProvisioner } from "./openshift/self-provisioner";
import { type ApiRequest, createApiRequest } from "./support/api-request";
import { type Cluster, startCluster, until } from "./support/cluster";
import { applyYaml, environmentOf } from "./support/identities";
import { openshiftOf } from "./support/openshift";
import { createDoor, type Door } from "./support/openshift-door";
import { createStack, errorsOf, expectWell, openStack, removeStack, type Stack } from "./support/terraform";

jest.setTimeout(300_000);

const CONFIG = "/apis/imageregistry.operator.openshift.io/v1/configs/cluster";
const ROUTE = "/apis/route.openshift.io/v1/namespaces/openshift-image-registry/routes/default-route";
const BINDINGS = "/apis/rbac.authorization.k8s.io/v1/namespaces/edge/rolebindings";
const REQUESTS = "/apis/project.openshift.io/v1/projectrequests";
const HOST = "default-route-openshift-image-registry.apps.sandbox.example.com";
const INTERNAL = "image-registry.openshift-image-registry.svc:5000";
const { signal } = new AbortController();

let cluster: Cluster;
let api: ApiRequest;
let atRoute: Door;
let inCluster: Door;

beforeAll(async () => {
  cluster = await startCluster("e2e-openshift", { systems: ["openshift"] });
  api = await createApiRequest(cluster.state);
  atRoute = createDoor(openshiftOf(cluster.state).route);
  inCluster = createDoor(openshiftOf(cluster.state).service);
});
afterAll(() => cluster?.stop());

interface DockerConfig {
  readonly auths: { readonly [host: string]: { readonly username: string; readonly password: string } };
}

/** What a namespace's pull secret holds; throws where there is none. */
async function storedIn(namespace: string, name: string): Promise<DockerConfig["auths"]> {
  return ((await cluster.dockerConfig(namespace, name)) as DockerConfig).auths;
}

async function switchRoute(on: boolean): Promise<void> {
  await api("PATCH", CONFIG, { spec: { defaultRoute: on } });
  await until(async () => ((await api("GET", ROUTE)).status === 200) === on);
}

describe("the example", () => {
  const SECRET = "registry-pull-access";
  let project: Project;
  let stack: Stack;

  beforeAll(async () => {
    const engine = await findEngine();
    const { state } = cluster;
    const place = { kubeconfig: state.kubeconfig, context: state.context };
    project = await prepareStack({
      source: "examples/openshift",
      state,
      cluster: place,
      engine,
      progress: silentProgress,
      signal,
    });
    await project.deploy(signal);
    const variables = { PATH: process.env.PATH, HOME: project.folder, TF_IN_AUTOMATION: "1", ...project.variables };
    stack = openStack(await stackFolder(project.folder), engine.path, variables);
  });

  const changesOf = async () => {
    const { changes } = expectWell(await stack.plan());
    return Object.fromEntries(Object.entries(changes).map(([address, actions]) => [address.split(".")[0], actions.join()]));
  };
  const stored = async () => {
    const auths = await storedIn("openshift-example", SECRET);
    return { hosts: Object.keys(auths), token: Object.values(auths)[0]?.password ?? "" };
  };
  const pulls = async () => {
    const { token } = await stored();
    return [
      (await atRoute.pull("edge/myservice_amd64", token)).status,
      (await inCluster.pull("edge/myservice_amd64", token)).status,
    ];
  };

  test("does the document's whole walk: what is stored pulls on the route and in the cluster, and a second plan is empty", async () => {
    expect((await stored()).hosts).toEqual([HOST, INTERNAL]);
    expect(Object.values(await storedIn("openshift-example", SECRET)).map(({ username }) => username)).toEqual([
      "edge-puller",
      "edge-puller",
    ]);
    expect(await pulls()).toEqual([200, 200]);
    expect(await changesOf()).toEqual({});
    const outputs = JSON.parse((await stack.run("output", "-json")).output) as Record<string, { readonly value: string }>;
    expect(outputs["registry-host"]?.value).toBe(HOST);
    const script = outputs["edge-node-trust"]?.value;
    expect(script).toContain(`\nhost='${HOST}'\n`);
    expect(script).toContain(readFileSync(openshiftOf(cluster.state).route.caFile, "utf8").trim());
  });

  test("keeps the token out of state and plan", async () => {
    const { token } = await stored();
    expect(token).toMatch(/^ey/);
    expectWell(await stack.plan());
    const shown = (await stack.run("show", "-json", "plan.bin")).output;
    const state = (await stack.run("state", "pull")).output;
    for (const text of [shown, state]) {
      expect(text.includes(token)).toBe(false);
      expect(text.includes(Buffer.from(token).toString("base64"))).toBe(false);
    }
  });

  test("beside what OpenShift writes into every ServiceAccount it converges, and what others throw out is mended", async () => {
    const listed = async (namespace: string, name: string) => {
      const { imagePullSecrets = [] } = (await api("GET", `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`)).body;
      return (imagePullSecrets as { name: string }[]).map((one) => one.name.replace(/-dockercfg-.*/, "-dockercfg")).sort();
    };
    await until(async () => (await listed("edge", "edge-puller")).includes("edge-puller-dockercfg"));
    expect(await listed("openshift-example", "default")).toEqual(["default-dockercfg", SECRET]);
    expect(await changesOf()).toEqual({});
    await api("PATCH", "/api/v1/namespaces/openshift-example/serviceaccounts/default", { imagePullSecrets: null });
    await until(async () => (await listed("openshift-example", "default")).includes("default-dockercfg"));
    expect(await changesOf()).toMatchObject({ registry_service_account_patch: "update" });
    expectWell(await stack.apply());
    await until(async () => (await listed("openshift-example", "default")).join() === `default-dockercfg,${SECRET}`);
    expect(await changesOf()).toEqual({});
  });

  test("drift: the RoleBinding gone stops the push, and with OpenShift's own gone the pull; the apply mends it", async () => {
    const { token } = await stored();
    const push = async () => (await atRoute.ask("/v2/edge/new/blobs/uploads/", `Bearer ${token}`, "POST")).status;
    expect(await push()).toBe(202);
    expect((await api("DELETE", `${BINDINGS}/edge-puller-registry`)).status).toBe(200);
    await until(async () => (await push()) === 401);
    // Every ServiceAccount of a project pulls its images.
    expect(await pulls()).toEqual([200, 200]);
    await api("PATCH", `${BINDINGS}/system:image-pullers`, { subjects: null });
    await until(async () => JSON.stringify(await pulls()) === "[401,401]");
    expect(await changesOf()).toEqual({ kubernetes_role_binding_v1: "create" });
    expectWell(await stack.apply());
    await until(async () => JSON.stringify(await pulls()) === "[200,200]");
    expect(await changesOf()).toEqual({});
  });

  test("drift: the token's Secret deleted is seen, and the new token reaches the pull secret", async () => {
    const { token } = await stored();
    const tokens = await api("GET", "/api/v1/namespaces/edge/secrets");
    const [secret] = (tokens.body.items as { type: string; metadata: { name: string } }[]).filter(({ type }) =>
      type.includes("service-account-token"),
    );
    await api("DELETE", `/api/v1/namespaces/edge/secrets/${secret?.metadata.name}`);
    expect(await changesOf()).toMatchObject({ registry_openshift_token: "create,delete", registry_pull_secret: "update" });
    expectWell(await stack.apply());
    expect((await stored()).token).not.toBe(token);
    expect(await pulls()).toEqual([200, 200]);
    expect(await changesOf()).toEqual({});
  });

  test("drift: the route switched off is switched on again; a host that changed reaches the pull secret", async () => {
    await switchRoute(false);
    expect(await changesOf()).toMatchObject({ registry_openshift_route: "create" });
    expectWell(await stack.apply());
    expect(await changesOf()).toEqual({});
    expect((await api("PATCH", ROUTE, { spec: { host: "images.acme.example.com" } })).status).toBe(200);
    await until(async () => JSON.stringify((await api("GET", ROUTE)).body.status).includes("images.acme"));
    expect(await changesOf()).toMatchObject({ registry_pull_secret: "update" });
    expectWell(await stack.apply());
    expect((await stored()).hosts).toEqual(["images.acme.example.com", INTERNAL]);
    expect(await changesOf()).toEqual({});
  });

  test("destroy leaves nothing", async () => {
    await project.destroy(signal);
    for (const path of ["/api/v1/namespaces/edge", "/api/v1/namespaces/openshift-example", ROUTE]) {
      expect({ path, status: (await api("GET", path)).status }).toEqual({ path, status: 404 });
    }
    const config = (await api("GET", CONFIG)).body;
    expect(config.spec?.defaultRoute).not.toBe(true);
    expect(config.metadata.annotations ?? {}).toEqual({});
  });
});

describe("registry_openshift_*", () => {
  let stack: Stack;
  const provider = (kubernetes = cluster.kubernetes) => `
    provider "registry" {
      owner = "tests/openshift"
      kubernetes = ${kubernetes}
      issuers = { openshift = { openshift = {} } }
    }`;
  const token = (more = "", project = "plain") => `
    resource "registry_openshift_token" "t" {
      issuer          = "openshift"
      name            = "pull"
      project         = "${project}"
      service_account = "puller"
      ${more}
    }`;
  beforeEach(async () => {
    stack = await createStack("openshift", { REGISTRY_ACCESS_ENDPOINTS: "" });
  });
  afterEach(async () => {
    await stack.destroy();
    removeStack(stack);
  });
  const makeAccount = async () => {
    await api("POST", REQUESTS, { metadata: { name: "plain" } });
    await api("POST", "/api/v1/namespaces/plain/serviceaccounts", { metadata: { name: "puller" } });
  };
  const said = (errors: readonly { summary: string; detail: string }[]) =>
    errors.map(({ summary, detail }) => `${summary}: ${detail}`).join("\n");

  test("a route that was there before stays when it is destroyed", async () => {
    await switchRoute(true);
    stack.write(`${provider()}\nresource "registry_openshift_route" "r" {}`);
    expectWell(await stack.apply());
    expect(await stack.attributes("registry_openshift_route.r")).toMatchObject({ host: HOST, switched_on: false });
    expectWell(await stack.destroy());
    expect((await api("GET", ROUTE)).status).toBe(200);
    await switchRoute(false);
  });

  test("a bound token pulls, is gone with its Secret, and one whose time has come is replaced", async () => {
    await makeAccount();
    const bound = token("lifetime_seconds = 3600\nlifecycle { create_before_destroy = true }");
    stack.write(`${provider()}${bound}`);
    expectWell(await stack.apply());
    const { credential_id, expires_at } = (await stack.attributes<{ credential_id: string; expires_at: string }>(
      "registry_openshift_token.t",
    )) ?? { credential_id: "", expires_at: "" };
    expect(Date.parse(expires_at)).toBeGreaterThan(Date.now());
    const [, namespace = "", name = ""] = credential_id.split("/");
    const secret = await cluster.secret(namespace, name);
    const value = Buffer.from(secret?.data?.token ?? "", "base64").toString("utf8");
    expect((await atRoute.ask("/v2/", `Bearer ${value}`)).status).toBe(200);
    expect(expectWell(await stack.plan()).changes).toEqual({});
    // Due at once: nearly all of its life is asked for as the time before its end.
    stack.write(
      `${provider()}${token("lifetime_seconds = 3600\nrenew_before_seconds = 3599\nlifecycle { create_before_destroy = true }")}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(expectWell(await stack.plan()).changes).toEqual({ "registry_openshift_token.t": ["create", "delete"] });
    stack.write(`${provider()}${bound}`);
    await cluster.delete("secrets", namespace, name);
    expect(expectWell(await stack.plan()).changes).toEqual({ "registry_openshift_token.t": ["create", "delete"] });
    expectWell(await stack.destroy());
    await until(async () => (await atRoute.ask("/v2/", `Bearer ${value}`)).status === 401);
  });

  test("fails when the project is missing, and when the ServiceAccount is", async () => {
    stack.write(`${provider()}${token("", "nowhere")}`);
    expect(said(errorsOf(await stack.apply()))).toMatch(/There is no project "nowhere".*registry_openshift_project/s);
    await makeAccount();
    await api("DELETE", "/api/v1/namespaces/plain/serviceaccounts/puller");
    stack.write(`${provider()}${token()}`);
    expect(said(errorsOf(await stack.apply()))).toMatch(/There is no ServiceAccount "puller" in project "plain"/);
  });

  test("fails when a project of the name is there, and deletes none that it did not make", async () => {
    await makeAccount();
    stack.write(`${provider()}\nresource "registry_openshift_project" "p" { name = "plain" }`);
    expect(said(errorsOf(await stack.apply()))).toContain("plain");
    expectWell(await stack.destroy());
    expect((await api("GET", "/api/v1/namespaces/plain")).status).toBe(200);
  });

  test("fails when the registry is removed, and when nobody acts on what is asked for", async () => {
    await api("PATCH", CONFIG, { spec: { managementState: "Removed" } });
    stack.write(`${provider()}\nresource "registry_openshift_route" "r" { timeouts = { create = "3s" } }`);
    expect(said(errorsOf(await stack.apply()))).toMatch(/Removed/);
    await api("PATCH", CONFIG, { spec: { managementState: "Unmanaged" } });
    expect(said(errorsOf(await stack.apply()))).toMatch(/route/);
    await api("PATCH", CONFIG, { spec: { managementState: "Managed", defaultRoute: false } });
  });
});

const open = () => ({ cluster, api, atRoute });
testSelfProvisioner(open);
testCertificates(open);
testSecretless(open);

describe("the published roles", () => {
  const ROLES = join(__dirname, "../../docs/rbac");
  const HCL = `
    provider "registry" {
      owner   = "tests/openshift"
      issuers = { openshift = { openshift = {} } }
    }
    resource "registry_openshift_route" "r" {}
    resource "registry_openshift_project" "p" { name = "edge-images" }`;
  const PULL = `
    resource "registry_openshift_token" "t" {
      issuer          = "openshift"
      name            = "pull"
      project         = registry_openshift_project.p.name
      service_account = "puller"
    }
    resource "registry_pull_secret" "s" {
      name       = "registry-pull"
      namespaces = ["team-a"]
      registries = [{ hosts = registry_openshift_route.r.hosts, credential_id = registry_openshift_token.t.credential_id }]
    }`;

  test("are enough for the walk, and a plan by nobody in particular says what it lacks", async () => {
    await cluster.createNamespace("team-a");
    await cluster.createNamespace("edge-images");
    for (const file of ["cluster-wide.yaml", "openshift.yaml"]) {
      await applyYaml(cluster, readFileSync(join(ROLES, file), "utf8"));
    }
    // The project is requested, and not adopted: its Roles are given again once it is there.
    await cluster.deleteNamespace("edge-images");
    const [plan = "", apply = "", nobody = ""] = await Promise.all(
      ["registry-plan", "registry-apply", "nobody"].map((name) => createUserKubeconfig(cluster.state, { name })),
    );
    const identities = { plan, apply };
    const stack = await createStack("openshift-roles", { KUBE_CONFIG_PATH: apply }, undefined, (args) =>
      environmentOf(identities, args),
    );
    try {
      stack.write(HCL);
      expectWell(await stack.apply());
      await applyYaml(cluster, readFileSync(join(ROLES, "openshift.yaml"), "utf8"));
      await cluster.create("serviceaccounts", { metadata: { name: "puller", namespace: "edge-images" } });
      stack.write(`${HCL}${PULL}`);
      await until(async () => (await stack.plan()).code === 0);
      expectWell(await stack.apply());
      expect(Object.keys(await storedIn("team-a", "registry-pull"))).toEqual([HOST, INTERNAL]);
      expect(expectWell(await stack.plan()).changes).toEqual({});
      expectWell(await stack.destroy());
      expect((await api("GET", "/api/v1/namespaces/edge-images")).status).toBe(404);
    } finally {
      removeStack(stack);
    }
    const bare = await createStack("openshift-nobody", { KUBE_CONFIG_PATH: nobody });
    try {
      bare.write(HCL);
      const errors = errorsOf(await bare.apply());
      expect(errors.length).toBeGreaterThan(0);
      for (const { detail } of errors) expect(detail).toMatch(/403|not allowed|forbidden/i);
    } finally {
      removeStack(bare);
    }
  });
});

describe("a plain cluster", () => {
  test("fails when the cluster has none of OpenShift's APIs, saying that it is no OpenShift cluster", async () => {
    const plain = await startCluster("e2e-no-openshift");
    const stack = await createStack("no-openshift");
    try {
      stack.write(`
        provider "registry" {
          owner = "tests/openshift"
          kubernetes = ${plain.kubernetes}
        }
        resource "registry_openshift_route" "r" {}
        resource "registry_openshift_project" "p" { name = "edge" }`);
      const errors = errorsOf(await stack.apply());
      expect(errors.map(({ address }) => address).sort()).toEqual(["registry_openshift_project.p", "registry_openshift_route.r"]);
      for (const { detail } of errors) expect(detail).toMatch(/does not serve .*openshift\.io\/v1: it is no OpenShift cluster/);
    } finally {
      removeStack(stack);
      await plain.stop();
    }
  });
});
