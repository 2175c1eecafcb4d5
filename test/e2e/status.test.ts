import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject, SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import { createUserKubeconfig } from "../../sandbox";
import { type CliRun, runCli } from "../cli/support/run";
import { dockerConfig, jwt, login } from "../domain/access-map/facts";
import { type Cluster, startCluster, until } from "./support/cluster";
import { applyObjects, untilAllowed } from "./support/identities";

/** `registry-access status` on a real cluster. */
const NOW = new Date("2026-11-23T00:00:00Z");
const MARKER = "marker-of-a-password";
const HOST = "registry.acme.example";
const ends = (hours: number) => jwt({ exp: NOW.getTime() / 1000 + hours * 3600, of: MARKER });

let cluster: Cluster;
let limited: string;

beforeAll(async () => {
  cluster = await startCluster("status");
  const teams = ["team-a", "team-b", "team-c", "team-d", "team-e", "odd"];
  for (const team of teams) {
    await cluster.createNamespace(team);
    await secret(team, "registry-pull", {
      [HOST]: login(ends(24 * 30)),
      "us.icr.io": login(MARKER),
    });
    // A Pod that is older than the entry.
    await link(team);
    if (team === "odd") await pod("odd", "older", "default");
    await link(team, "registry-pull");
  }
  await secret("odd", "half", { [HOST]: { auth: MARKER } });
  await secret("odd", "idle", { [HOST]: login(ends(-1)) });
  await secret("odd", "not-for-pulling", {}, "Opaque");
  await secret("odd", "soon", { "partner.example:5000": login(ends(49)) });
  await cluster.create("serviceaccounts", {
    metadata: { namespace: "odd", name: "build" },
    imagePullSecrets: ["soon", "gone", "not-for-pulling"].map((name) => ({
      name,
    })),
  } as ServiceAccountObject);
  await pod("odd", "own", "default", ["soon"]);
  await pod("team-a", "new", "default");
  await link("odd", "registry-pull", "half");
  limited = await createUserKubeconfig(cluster.state, {
    name: "status-limited",
  });
  await allow("status-limited", [
    {
      apiGroups: [""],
      resources: ["serviceaccounts", "namespaces"],
      verbs: ["get", "list"],
    },
    {
      apiGroups: [""],
      resources: ["secrets"],
      resourceNames: ["registry-pull"],
      verbs: ["get", "list"],
    },
  ]);
  await untilAllowed(limited, "list", "secrets", "registry-pull", "team-a");
});

afterAll(() => cluster?.stop());

const run = (...args: readonly string[]): Promise<CliRun> => status(cluster.state.kubeconfig, ...args);

function status(kubeconfig: string, ...args: readonly string[]): Promise<CliRun> {
  return runCli(["status", "--kubeconfig", kubeconfig, ...args], {}, { now: () => NOW });
}

const TEAMS = ["team-a", "team-b", "team-c", "team-d", "team-e"].flatMap((team) => ["--namespace", team]);

test("status: basic", async () => {
  const { code, stdout, stderr } = await run(...TEAMS);
  expect(stderr).toBe("");
  expect(withoutAddress(stdout)).toMatchInlineSnapshot(`
    "https://CLUSTER (context sandbox): 5 namespaces, 5 pull secrets, nothing found to be wrong

    NAMESPACES                            SERVICEACCOUNT  PULL SECRET                      REGISTRY               EXPIRES                            PODS
    5: team-a, team-b, team-c and 2 more  default         registry-pull (shop/production)  registry.acme.example  2026-12-23T00:00:00Z (in 30 days)  1
                                                                                           us.icr.io              unknown
    "
  `);
  expect(code).toBe(0);
});

test("status: all that can be wrong", async () => {
  const { code, stdout } = await run("--namespace", "odd");
  expect(withoutAddress(stdout)).toMatchInlineSnapshot(`
    "https://CLUSTER (context sandbox): 1 namespace, 4 pull secrets, 6 findings

    NAMESPACES  SERVICEACCOUNT                           PULL SECRET                      REGISTRY                                 EXPIRES                            PODS
    odd         default                                  registry-pull (shop/production)  registry.acme.example (blocked by half)  2026-12-23T00:00:00Z (in 30 days)  0
                                                                                          us.icr.io (blocked by half)              unknown
                                                         half                             breaks every pull
    odd         build                                    soon                             partner.example:5000                     2026-11-25T01:00:00Z (in 2 days)   0
                                                         gone                             not there
                                                         not-for-pulling                  passed over by the kubelet
    odd         default (Pods with a list of their own)  none                             public images alone                                                         1
    odd         default (Pods with a list of their own)  soon                             partner.example:5000                     2026-11-25T01:00:00Z (in 2 days)   1

    Findings

      ✗ Secret half in namespace odd has an \`auth\` that is not base64 of \`user:password\`: Pods with it in their list can't pull anything, also not from elsewhere. Named by ServiceAccount default.
      ✗ Secret gone in namespace odd is not there: Pods pull without it. Named by ServiceAccount build.
      ✗ Secret not-for-pulling in namespace odd is of type "Opaque", which is no pull secret's: Pods pull without it. Named by ServiceAccount build.
      ! Secret idle in namespace odd has for registry.acme.example a credential that ended at 2026-11-22T23:00:00Z: the registry refuses it.
      ! Secret soon in namespace odd has for partner.example:5000 a credential that ends at 2026-11-25T01:00:00Z. Named by ServiceAccount build, 1 Pod of ServiceAccount default.
      - Secret idle in namespace odd is used by nothing in its namespace.
    "
  `);
  expect(code).toBe(2);
});

test("status: markdown", async () => {
  const { stdout } = await run("--namespace", "odd", "--format", "markdown");
  expect(withoutAddress(stdout)).toMatchInlineSnapshot(`
    "## ❌ https://CLUSTER (context sandbox): 1 namespace, 4 pull secrets, 6 findings

    | Namespaces | ServiceAccount | Pull secret | Registry | Expires | Pods |
    | --- | --- | --- | --- | --- | --- |
    | ❌ odd | default | registry-pull (shop/production) | ❌ registry.acme.example (blocked by half) | 2026-12-23T00:00:00Z (in 30 days) | 0 |
    |  |  |  | ❌ us.icr.io (blocked by half) | unknown |  |
    |  |  | ❌ half | ❌ breaks every pull |  |  |
    | odd | build | soon | partner.example:5000 | ⚠️ 2026-11-25T01:00:00Z (in 2 days) | 0 |
    |  |  | ❌ gone | ❌ not there |  |  |
    |  |  | ❌ not-for-pulling | ❌ passed over by the kubelet |  |  |
    | odd | default (Pods with a list of their own) | none | public images alone |  | 1 |
    | odd | default (Pods with a list of their own) | soon | partner.example:5000 | ⚠️ 2026-11-25T01:00:00Z (in 2 days) | 1 |

    ### Findings

    - ❌ Secret half in namespace odd has an \\\`auth\\\` that is not base64 of \\\`user:password\\\`: Pods with it in their list can't pull anything, also not from elsewhere. Named by ServiceAccount default.
    - ❌ Secret gone in namespace odd is not there: Pods pull without it. Named by ServiceAccount build.
    - ❌ Secret not-for-pulling in namespace odd is of type "Opaque", which is no pull secret's: Pods pull without it. Named by ServiceAccount build.
    - ⚠️ Secret idle in namespace odd has for registry.acme.example a credential that ended at 2026-11-22T23:00:00Z: the registry refuses it.
    - ⚠️ Secret soon in namespace odd has for partner.example:5000 a credential that ends at 2026-11-25T01:00:00Z. Named by ServiceAccount build, 1 Pod of ServiceAccount default.
    - Secret idle in namespace odd is used by nothing in its namespace.
    "
  `);
});

test("status: json, of the whole cluster", async () => {
  const { code, stdout } = await run("--json");
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({
    server: cluster.client.server,
    looked_at: NOW.toISOString(),
    not_looked: [],
  });
  expect(report.access.map(({ namespaces, service_account, through }: never) => [namespaces, service_account, through])).toEqual([
    [["odd"], "default", "service_account"],
    [["team-a", "team-b", "team-c", "team-d", "team-e"], "default", "service_account"],
    [["odd"], "build", "service_account"],
    [["odd"], "default", "pods"],
    [["odd"], "default", "pods"],
  ]);
  expect(report.without_pull_secret.namespaces).toEqual(expect.arrayContaining(["default", "kube-system"]));
  expect(code).toBe(2);
});

test("status: what may not be read is said", async () => {
  const { code, stdout } = await status(limited, "--secret", "registry-pull", ...TEAMS.slice(0, 2));
  expect(withoutAddress(stdout)).toMatchInlineSnapshot(`
    "https://CLUSTER (context sandbox): 1 namespace, 1 pull secret, nothing found to be wrong, not all could be looked at

    NAMESPACES  SERVICEACCOUNT  PULL SECRET                      REGISTRY               EXPIRES                            PODS
    team-a      default         registry-pull (shop/production)  registry.acme.example  2026-12-23T00:00:00Z (in 30 days)  not looked
                                                                 us.icr.io              unknown

    Not looked at

      ! Pods in 1 namespace (team-a): GET https://CLUSTER/api/v1/namespaces/team-a/pods: 403 Forbidden: pods is forbidden: User "status-limited" cannot list resource "pods" in API group "" in the namespace "team-a".
      ! workloads in 1 namespace (team-a): GET https://CLUSTER/apis/apps/v1/namespaces/team-a/deployments: 403 Forbidden: deployments.apps is forbidden: User "status-limited" cannot list resource "deployments" in API group "apps" in the namespace "team-a".
      - Secrets of other names than registry-pull: left out by --secret.
    "
  `);
  expect(code).toBe(1);
  const all = await status(limited);
  expect(withoutAddress(all.stdout)).toMatchInlineSnapshot(`
    "https://CLUSTER (context sandbox): 10 namespaces, pull secrets not looked at, nothing found to be wrong, not all could be looked at

    NAMESPACES                            SERVICEACCOUNT  PULL SECRET      REGISTRY    EXPIRES     PODS
    5: team-a, team-b, team-c and 2 more  default         registry-pull    not looked  not looked  not looked
    odd                                   build           soon             not looked  not looked  not looked
                                                          gone             not looked  not looked
                                                          not-for-pulling  not looked  not looked
    odd                                   default         registry-pull    not looked  not looked  not looked
                                                          half             not looked  not looked

    Without a pull secret: N ServiceAccounts in 4 namespaces (default, kube-node-lease, kube-public, kube-system).

    Not looked at

      ! Pods: GET https://CLUSTER/api/v1/pods: 403 Forbidden: pods is forbidden: User "status-limited" cannot list resource "pods" in API group "" at the cluster scope.
      ! workloads: GET https://CLUSTER/apis/apps/v1/deployments: 403 Forbidden: deployments.apps is forbidden: User "status-limited" cannot list resource "deployments" in API group "apps" at the cluster scope.
      ! Secrets: GET https://CLUSTER/api/v1/secrets: 403 Forbidden: secrets is forbidden: User "status-limited" cannot list resource "secrets" in API group "" at the cluster scope. Where only Secrets of certain names may be read, name them with --secret.
    "
  `);
  expect(all.code).toBe(1);
});

test("status: the rights that the guide names are enough", async () => {
  const guide = readFileSync(join(__dirname, "../../docs/guides/see-who-can-pull.md"), "utf8");
  const named = /All of it takes `list` on (.*?)\. Secrets/s.exec(guide)?.[1]?.match(/`[a-z]+`/g) ?? [];
  const resources = named.map((name) => name.slice(1, -1));
  await allow("status-reader", [{ apiGroups: ["", "apps", "batch"], resources, verbs: ["list"] }]);
  const reader = await createUserKubeconfig(cluster.state, { name: "status-reader" });
  await until(async () => (await status(reader, "--json")).code !== 1);
  const [mine, all] = await Promise.all([status(reader, "--json"), run("--json")]);
  // Which cluster it is takes a right of its own.
  expect({ ...JSON.parse(mine.stdout), cluster: null, context: null }).toEqual({
    ...JSON.parse(all.stdout),
    cluster: null,
    context: null,
  });
});

test("status: no credential is printed", async () => {
  const runs = await Promise.all([run(), run("--json"), run("--format", "markdown"), status(limited)]);
  const forms = [MARKER, Buffer.from(MARKER).toString("base64").slice(0, 20), "eyJ"];
  for (const { stdout, stderr } of runs) for (const form of forms) expect(stdout + stderr).not.toContain(form);
});

test("fails when there is nobody, no such namespace, or no such context", async () => {
  const nobody = await runCli(["status"], {
    KUBE_HOST: "https://127.0.0.1:1",
    KUBE_TOKEN: "t",
  });
  expect([nobody.code, nobody.stdout]).toEqual([1, ""]);
  expect(nobody.stderr).toMatch(/^Error: .*127\.0\.0\.1:1/);
  const noNamespace = await run("--namespace", "gone");
  expect([noNamespace.code, noNamespace.stdout, withoutAddress(noNamespace.stderr)]).toEqual([
    1,
    "",
    'Error: There is no namespace "gone" on https://CLUSTER. Name one that is there, or leave --namespace out to look at all.\n',
  ]);
  const noContext = await run("--context", "elsewhere");
  expect([noContext.code, noContext.stdout]).toEqual([1, ""]);
  expect(noContext.stderr).toContain('has no context "elsewhere"');
});

function withoutAddress(text: string): string {
  return (
    text
      .replaceAll(cluster.client.server, "https://CLUSTER")
      .replaceAll(cluster.client.server.replace("//", "\u200b//"), "https://CLUSTER")
      // Controllers make theirs when they first need them.
      .replace(/[0-9]+ ServiceAccounts in 4/, "N ServiceAccounts in 4")
      .replaceAll(`context ${cluster.state.context}`, "context sandbox")
  );
}

async function secret(namespace: string, name: string, auths: object, type = "kubernetes.io/dockerconfigjson"): Promise<void> {
  const annotations = name === "registry-pull" ? { "registry-access/owner": "shop/production" } : {};
  const data = dockerConfig(auths);
  await cluster.create<SecretObject>("secrets", {
    metadata: { namespace, name, annotations },
    type,
    data,
  });
}

async function link(namespace: string, ...names: readonly string[]): Promise<void> {
  await cluster.edit<ServiceAccountObject>("serviceaccounts", namespace, "default", (account) => ({
    ...account,
    imagePullSecrets: names.map((name) => ({ name })),
  }));
}

async function pod(namespace: string, name: string, serviceAccountName: string, own?: readonly string[]): Promise<void> {
  const list = own === undefined ? {} : { imagePullSecrets: own.map((secretName) => ({ name: secretName })) };
  const spec = {
    serviceAccountName,
    containers: [{ name: "app", image: `${HOST}/app` }],
    ...list,
  };
  await cluster.create("pods", {
    metadata: { namespace, name },
    spec,
  } as KubernetesObject);
}

async function allow(user: string, rules: readonly object[]): Promise<void> {
  const roleRef = {
    apiGroup: "rbac.authorization.k8s.io",
    kind: "ClusterRole",
    name: user,
  };
  const subjects = [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }];
  await applyObjects(cluster, [
    { kind: "ClusterRole", metadata: { name: user }, rules },
    { kind: "ClusterRoleBinding", metadata: { name: user }, roleRef, subjects },
  ]);
}
