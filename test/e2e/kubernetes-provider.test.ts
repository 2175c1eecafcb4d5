/**
 * The stand-in for hashicorp/kubernetes, with a real engine against a real API server, held against what the real one recorded. Where
 * there is a real one it is held against the same, and each takes over the other's state.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesClient } from "../../lib/clients/kubernetes/client";
import { createKubernetesClient } from "../../lib/clients/kubernetes/create-client";
import { findEngine, startSandbox, stopSandbox } from "../../sandbox";
import type { Manifest } from "../../sandbox/kubernetes-provider/object-kind";
import { readConfiguration } from "../../sandbox/kubernetes-provider/settings";
import { writeCliConfig } from "../../sandbox/provider-mirror";
import { describeWithRealProvider, providerFile } from "./support/kubernetes-provider";

jest.setTimeout(300_000);

const SANDBOX = `kubernetes-provider-${process.pid}`;
const schemas = JSON.parse(
  readFileSync(join(__dirname, "../../sandbox/kubernetes-provider/schema-2.38.0.json"), "utf8"),
) as ProviderSchemas;
const recording = readFileSync(join(__dirname, "../fixtures/kubernetes-2.38.0.state.json"), "utf8");
const signal = new AbortController().signal;

interface Attributes {
  readonly [name: string]: unknown;
}
interface ProviderSchemas {
  readonly provider: unknown;
  readonly resource_schemas: { readonly [type: string]: unknown };
}
type Resources = { readonly [type: string]: { readonly [name: string]: Attributes } };

let folder: string;
let engine: string;
let env: NodeJS.ProcessEnv;
let client: KubernetesClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kubernetes-provider-"));
  const [{ state }, found] = await Promise.all([startSandbox({ name: SANDBOX, endsWithCaller: true }), findEngine()]);
  engine = found.path;
  env = { ...process.env, KUBE_CONFIG_PATH: state.kubeconfig, TF_IN_AUTOMATION: "1" };
  const { cluster } = readConfiguration({}, env);
  if (cluster === undefined) throw new Error("the cluster is not known");
  client = await createKubernetesClient(cluster);
});
afterAll(async () => {
  await client?.close();
  await stopSandbox(SANDBOX);
  rmSync(folder, { recursive: true, force: true });
});

type Which = "stand-in" | "real";

/** One configuration in its own folder. */
function stack(which: Which, name: string) {
  const at = mkdtempSync(join(folder, `${name}-`));
  let cliConfig: string | undefined;
  const run = (...args: readonly string[]): Promise<{ code: number; output: string }> =>
    new Promise((resolve) => {
      const done = (error: Error | null, stdout: string, stderr: string): void =>
        resolve({ code: error === null ? 0 : Number((error as { code?: number }).code), output: `${stdout}${stderr}` });
      execFile(engine, [...args], { cwd: at, env: { ...env, TF_CLI_CONFIG_FILE: cliConfig }, maxBuffer: 1 << 26 }, done);
    });
  /** Has either provider run it from now on, whatever the lock file says. */
  const initialise = async (by: Which): Promise<void> => {
    cliConfig = writeCliConfig({ folder: join(folder, `cli-${by}`), kubernetesProviderBinary: await providerFile(by) });
    for (const path of [".terraform", ".terraform.lock.hcl"]) rmSync(join(at, path), { recursive: true, force: true });
    const { code, output } = await run("init", "-no-color");
    if (code !== 0) throw new Error(output);
  };
  return {
    initialise,
    async write(resource: Resources, isNew = false): Promise<void> {
      const kubernetes = { source: "hashicorp/kubernetes", version: "2.38.0" };
      writeFileSync(join(at, "main.tf.json"), JSON.stringify({ terraform: { required_providers: { kubernetes } }, resource }));
      if (isNew) await initialise(which);
    },
    async apply(...args: readonly string[]): Promise<string> {
      const { code, output } = await run("apply", "-auto-approve", "-no-color", ...args);
      expect({ code, output }).toMatchObject({ code: 0 });
      return output;
    },
    plan: (...args: readonly string[]) => run("plan", "-no-color", "-detailed-exitcode", ...args),
    run,
    /** As the engine has read them. */
    async schemas(): Promise<ProviderSchemas> {
      const { output } = await run("providers", "schema", "-json");
      const [read] = Object.values(
        (JSON.parse(output) as { provider_schemas: Record<string, ProviderSchemas> }).provider_schemas,
      );
      if (read === undefined) throw new Error(output);
      return read;
    },
    state(type: string): Attributes {
      const state = JSON.parse(readFileSync(join(at, "terraform.tfstate"), "utf8")) as {
        readonly resources: readonly {
          readonly type: string;
          readonly instances: readonly { readonly attributes: Attributes }[];
        }[];
      };
      return state.resources.find((resource) => resource.type === type)?.instances[0]?.attributes ?? {};
    },
  };
}

/** The recorded configuration and states, in a namespace of their own. */
function recorded(namespace: string): {
  readonly configuration: Resources;
  readonly state: readonly { readonly type: string; readonly attributes: Attributes }[];
} {
  return JSON.parse(recording.replaceAll("oracle-team", namespace)) as ReturnType<typeof recorded>;
}

/** A state without what is another one in every cluster. */
function comparable(attributes: Attributes): Attributes {
  return JSON.parse(JSON.stringify(attributes), (name, value: unknown) =>
    name === "uid" || name === "resource_version" ? typeof value : value,
  ) as Attributes;
}

function patched(resources: Resources, type: string, change: (body: Attributes) => Attributes): Resources {
  const bodies = Object.entries(resources[type] ?? {}).map(([name, body]) => [name, change(body)]);
  return { ...resources, [type]: Object.fromEntries(bodies) as Resources[string] };
}

/** A schema without its texts, which are not recorded. */
function withoutTexts(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema), (name, value: unknown) => (name.startsWith("description") ? undefined : value));
}

describe("the stand-in", () => behavesAsRecorded("stand-in"));
describeWithRealProvider("hashicorp/kubernetes itself", () => behavesAsRecorded("real"));

describeWithRealProvider("hashicorp/kubernetes itself and the stand-in", () => {
  test.each<[Which, Which]>([
    ["stand-in", "real"],
    ["real", "stand-in"],
  ])("what the %s has made the %s finds as it is", async (first, second) => {
    const { apply, initialise, plan, run, write } = stack(first, "handed-over");
    await write(recorded("handed-over").configuration, true);
    // A Pod is refused before the namespace has its default ServiceAccount.
    await apply("-target=kubernetes_deployment_v1.liberty");
    await apply();
    await initialise(second);
    expect(await plan()).toMatchObject({ code: 0, output: expect.stringContaining("No changes.") });
    await run("destroy", "-auto-approve");
  });
});

function behavesAsRecorded(which: Which): void {
  test("the schemas, as the engine reads them, are the recorded ones", async () => {
    const { schemas: read, write } = stack(which, "schemas");
    await write(recorded("schemas").configuration, true);
    const { provider, resource_schemas } = await read();
    expect(withoutTexts(provider)).toEqual(schemas.provider);
    for (const [type, schema] of Object.entries(schemas.resource_schemas)) {
      expect({ [type]: withoutTexts(resource_schemas[type]) }).toEqual({ [type]: schema });
    }
  });

  test("the recorded configuration: the same state as the real provider's, and nothing to change afterwards", async () => {
    const { configuration, state } = recorded("recorded");
    const { apply, plan, run, state: stateOf, write } = stack(which, "recorded");
    await write(configuration, true);
    // The recorded run had made the Pod last: the others had been refreshed once, which turns null into empty.
    await apply("-target=kubernetes_deployment_v1.liberty", "-target=kubernetes_service_account_v1.ci");
    await apply();
    for (const { type, attributes } of state) {
      expect({ [type]: comparable(stateOf(type)) }).toEqual({ [type]: comparable(attributes) });
    }
    expect(await plan()).toMatchObject({ code: 0, output: expect.stringContaining("No changes.") });
    expect(await plan("-target=kubernetes_pod_v1.p")).toMatchObject({ code: 0 });

    await run("destroy", "-auto-approve");
    expect(await client.get({ apiVersion: "v1", resource: "namespaces", name: "recorded" }, signal)).toBeUndefined();
  });

  test("what else a Pod can have is written and read back: nothing to change afterwards", async () => {
    const configuration = JSON.parse(
      readFileSync(join(__dirname, "../fixtures/kubernetes-everything.json"), "utf8"),
    ) as Resources;
    const { apply, plan, run, write } = stack(which, "everything");
    await write(configuration, true);
    await apply();
    expect(await plan()).toMatchObject({ code: 0 });
    await run("destroy", "-auto-approve");
  });

  test("updates in place, replaces where it has to, sees drift, imports", async () => {
    const { configuration } = recorded("changes");
    const { apply, plan, run, state, write } = stack(which, "changes");
    const at = { apiVersion: "apps/v1", resource: "deployments", namespace: "changes", name: "ibmliberty-deployment" };
    await write(configuration, true);
    // A Pod is refused before the namespace has its default ServiceAccount.
    await apply("-target=kubernetes_deployment_v1.liberty");
    await apply();
    const before = await client.get<Manifest>(at, signal);

    const scaled = patched(configuration, "kubernetes_deployment_v1", (body) => {
      const spec = { ...(body.spec as Attributes), replicas: "1" };
      return { ...body, metadata: { ...(body.metadata as Attributes), labels: { app: "ibmliberty", tier: "web" } }, spec };
    });
    await write(scaled);
    expect((await plan()).output).toContain("Plan: 0 to add, 1 to change, 0 to destroy.");
    await apply();
    const after = await client.get<Manifest>(at, signal);
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
    expect(after?.metadata.labels).toEqual({ app: "ibmliberty", tier: "web" });
    expect(after?.metadata.annotations).toEqual({ "deployment.kubernetes.io/revision": "1" });
    expect(after?.spec?.replicas).toBe(1);
    expect(await plan()).toMatchObject({ code: 0 });

    const repinned = patched(scaled, "kubernetes_pod_v1", (body) => {
      const spec = {
        ...(body.spec as Attributes),
        container: [{ name: "c", image: "registry.dedicated.example.com/team/app:2" }],
      };
      return { ...body, spec };
    });
    await write(repinned);
    expect((await plan()).output).toContain("# kubernetes_pod_v1.p must be replaced");
    await apply();
    expect(await plan()).toMatchObject({ code: 0 });

    await client.delete({ apiVersion: "v1", resource: "pods", namespace: "changes", name: "sample-pod" }, {}, signal);
    if (after !== undefined) {
      const current = await client.get<Manifest>(at, signal);
      await client.replace(at, { ...after, ...current, spec: { ...current?.spec, replicas: 2 } } as Manifest, signal);
    }
    const drifted = (await plan()).output;
    expect(drifted).toContain("# kubernetes_pod_v1.p will be created");
    expect(drifted).toContain('~ replicas                  = "2" -> "1"');
    await apply();

    await run("state", "rm", "kubernetes_service_account_v1.ci", "kubernetes_namespace_v1.team");
    const nameless = await run("import", "-no-color", "kubernetes_service_account_v1.ci", "ci");
    expect(nameless).toMatchObject({ code: 1, output: expect.stringContaining('Unexpected ID format ("ci")') });
    expect(await run("import", "kubernetes_service_account_v1.ci", "changes/ci")).toMatchObject({ code: 0 });
    expect(await run("import", "kubernetes_namespace_v1.team", "changes")).toMatchObject({ code: 0 });
    expect(comparable(state("kubernetes_service_account_v1"))).toMatchObject({
      id: "changes/ci",
      image_pull_secret: [],
      secret: [],
    });
    await apply();
    expect(await plan()).toMatchObject({ code: 0 });
    await run("destroy", "-auto-approve");
  });

  test("a RoleBinding: bound, given another subject in place and another role anew, seen when it is gone, imported", async () => {
    const { apply, plan, run, state, write } = stack(which, "role-binding");
    const type = "kubernetes_role_binding_v1";
    const at = { apiVersion: "rbac.authorization.k8s.io/v1", resource: "rolebindings", namespace: "default", name: "pullers" };
    const binding = (role: string, account: string) =>
      ({
        [type]: {
          b: {
            metadata: { name: "pullers" },
            role_ref: { api_group: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
            subject: [{ kind: "ServiceAccount", name: account }],
          },
        },
      }) as Resources;
    await write(binding("view", "puller"), true);
    await apply();
    expect(await client.get(at, signal)).toMatchObject({
      roleRef: { kind: "ClusterRole", name: "view" },
      subjects: [{ kind: "ServiceAccount", name: "puller", namespace: "default" }],
    });
    expect(await plan()).toMatchObject({ code: 0 });
    await write(binding("view", "other"));
    expect((await plan()).output).toContain("Plan: 0 to add, 1 to change, 0 to destroy.");
    await apply();
    await write(binding("edit", "other"));
    expect((await plan()).output).toContain(`${type}.b must be replaced`);
    await apply();
    await client.delete(at, {}, signal);
    expect((await plan()).output).toContain(`${type}.b will be created`);
    await apply();
    await run("state", "rm", `${type}.b`);
    expect(await run("import", `${type}.b`, "default/pullers")).toMatchObject({ code: 0 });
    expect(state(type)).toMatchObject({ id: "default/pullers" });
    expect(await plan()).toMatchObject({ code: 0 });
    await run("destroy", "-auto-approve");
    expect(await client.get(at, signal)).toBeUndefined();
  });

  test("fails when the namespace does not exist, naming it", async () => {
    const { plan, run, write } = stack(which, "nowhere");
    const metadata = { name: "d", namespace: "nowhere" };
    const labels = { app: "d" };
    const template = { metadata: { labels }, spec: { container: [{ name: "c", image: "c" }] } };
    await write({ kubernetes_deployment_v1: { d: { metadata, spec: { selector: { match_labels: labels }, template } } } }, true);
    expect(await plan()).toMatchObject({ code: 2 });
    const { code, output } = await run("apply", "-auto-approve", "-no-color");
    expect(code).toBe(1);
    expect(output).toContain("Failed to create deployment");
    expect(output.replaceAll(/[│\s]+/g, " ")).toContain('namespaces "nowhere" not found');
  });

  test("fails when a rollout does not complete in time, and keeps what was made", async () => {
    const { run, state, write } = stack(which, "rollout");
    const metadata = { name: "d", namespace: "default" };
    const labels = { app: "d" };
    const template = { metadata: { labels }, spec: { container: [{ name: "c", image: "c" }] } };
    const timeouts = { create: "3s" };
    await write(
      {
        kubernetes_deployment_v1: { d: { metadata, timeouts, spec: { selector: { match_labels: labels }, template } } },
        kubernetes_pod_v1: { p: { metadata, timeouts, spec: { container: [{ name: "c", image: "c" }] } } },
      },
      true,
    );
    const { code, output } = await run("apply", "-auto-approve", "-no-color");
    expect(code).toBe(1);
    expect(output).toMatch(/Waiting for rollout to finish.*0 of 1 updated replicas are available/);
    expect(output).toContain("unexpected state 'Pending', wanted target 'Running'");
    expect(output).toMatch(/FailedScheduling/);
    expect(state("kubernetes_deployment_v1").id).toBe("default/d");
    expect(await run("destroy", "-auto-approve")).toMatchObject({ code: 0 });
  });
}
