/** `npm start`: its exit codes, its table, and that nothing of it stays, however it ends. */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { createKubernetesClient } from "../../lib/clients/kubernetes/create-client";
import { toKubernetesSettings } from "../../lib/provider/configuration/kubernetes-settings";
import { fetchFromPod, hasCluster, readSandbox, type SandboxState } from "../../sandbox";
import type { Row } from "../../sandbox/main-job/cells";
import { openCluster } from "../../sandbox/main-job/open-cluster";
import { type Cluster, startCluster, until } from "./support/cluster";
import { onNode, whyNoTestNode } from "./support/node";
import { type NpmScript, remains, startNpm } from "./support/npm-start";
import type { PodObject } from "./support/pods";

jest.setTimeout(600_000);

const names: string[] = [];
/** A sandbox's name of this process's own, taken down at the end whatever happens. */
function sandbox(test: string): string {
  const name = `e2e-start-${test}-${process.pid}`;
  names.push(name);
  return name;
}
afterAll(async () => {
  for (const script of scripts) script.end();
  await Promise.all(scripts.map(({ done }) => done));
  // In a process of its own: a start that takes itself down at this moment asks whoever else is at work on the sandbox to end.
  for (const name of names) await startNpm("sandbox", ["down", "--name", name]).done;
});

const notRun = { state: "not_run", text: "not run (no node)" };

interface Report {
  readonly well: boolean;
  readonly rows: readonly Row[];
}
const scripts: NpmScript[] = [];
function start(...args: readonly string[]): NpmScript {
  const script = startNpm("start", args);
  scripts.push(script);
  return script;
}

/** Ends well, or throws what it said. */
async function well(script: NpmScript): Promise<string> {
  const { code, stdout } = await script.done;
  if (code !== 0) throw new Error(`exit code ${code}:\n${script.output()}`);
  return stdout;
}

/** Deploying has begun, and is far from its end. */
const deploying = (script: NpmScript) => script.printed(/: Creating\.\.\./);

describe("npm start: without a terminal", () => {
  it("two at once, with a node and without: each prints its table, exits 0 and leaves nothing", async () => {
    const [a, b] = [sandbox("a"), sandbox("b")];
    const [table, json] = await Promise.all([well(start("--name", a)), well(start("--name", b, "--no-node", "--json"))]);
    expect(table).toMatch(/│ namespace │ secret +│ registries +│ ServiceAccount │ samples +│ pull +│/);
    expect(table).toMatch(/│ team-a +│ ✓ registry-pull │ ✓ registry\.acme\.example\.com │ ✓ default/);
    if (whyNoTestNode() === undefined) {
      expect(table).toMatch(/│ team-a .*✓ ibmliberty-deployment 3\/3/);
      expect(table).toMatch(/✓ sample-pod Running/);
      expect(table).toMatch(/│ team-b .*✓ nginx-deployment 3\/3/);
    } else {
      expect(table.match(/not run \(no node\)/g)).toHaveLength(2);
    }
    expect(table).not.toContain("✗");
    const { well: allWell, rows } = JSON.parse(json) as Report;
    expect({ allWell, rows: rows.map(({ namespace, samples, pull }) => ({ namespace, samples, pull: pull.state })) }).toEqual({
      allWell: true,
      rows: [
        { namespace: "team-a", samples: notRun, pull: "well" },
        { namespace: "team-b", samples: notRun, pull: "well" },
      ],
    });
    expect([...remains(a), ...remains(b)]).toEqual([]);
  });

  it("fails when an image can't be pulled: exit code 1, and the cell says what is wrong", async () => {
    const cluster = await startCluster("e2e-start-bad");
    const { name } = cluster.state;
    names.push(name);
    await cluster.client.close();
    rmSync(join(cluster.state.folder, "registry-private/docker/registry/v2/repositories/partner/app"), { recursive: true });
    const { code, stdout, stderr } = await start("--name", name, "--json").done;
    expect(stderr).toContain(
      `No node: the sandbox "${name}" is up without one. Samples are deployed but do not run. npm run sandbox -- down --name ${name} makes way for one that has it.\n`,
    );
    const { well: allWell, rows } = JSON.parse(stdout) as Report;
    expect({ code, allWell, pulls: rows.map(({ pull }) => pull) }).toEqual({
      code: 1,
      allWell: false,
      pulls: [
        { state: "not_well", text: expect.stringContaining("\npartner/app:latest is not there") },
        { state: "not_well", text: expect.stringContaining("\npartner/app:latest is not there") },
      ],
    });
    expect(rows.map(({ secret, serviceAccount }) => [secret.state, serviceAccount.state])).toEqual([
      ["well", "well"],
      ["well", "well"],
    ]);
    // It was up before, and is not this run's to take down.
    expect(readSandbox(name)).toBeDefined();
  });

  it("fails when the command line is wrong: exit code 2", async () => {
    const { code, stderr } = await start("--nam", "x").done;
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("error: unknown option '--nam'") });
  });
});

describe("npm start: cut off", () => {
  it("Ctrl-C during the deploy: exit code 130, and nothing is left", async () => {
    const name = sandbox("int");
    const script = start("--name", name);
    await deploying(script);
    const asked = Date.now();
    script.kill("SIGINT");
    const { code, stderr } = await script.done;
    expect({ code, said: stderr.includes("Interrupted.") }).toEqual({ code: 130, said: true });
    expect(Date.now() - asked).toBeLessThan(20_000);
    // A provider whose Terraform was ended sees it within a second, and leaves.
    await until(async () => remains(name).length === 0);
  });

  it("a kill of everything in sight during the deploy: down finds and ends the rest", async () => {
    const name = sandbox("kill");
    const script = start("--name", name);
    await deploying(script);
    script.kill("SIGKILL");
    await script.done;
    expect(remains(name)).not.toEqual([]);
    const down = await startNpm("sandbox", ["down", "--name", name, "--json"]).done;
    expect({ code: down.code, stdout: JSON.parse(down.stdout) }).toEqual({ code: 0, stdout: { removed: [name] } });
    await until(async () => remains(name).length === 0);
  });
});

describe("npm start: on a cluster of the user's own", () => {
  let theirs: Cluster;
  const own = sandbox("own");
  beforeAll(async () => {
    theirs = await startCluster("e2e-start-theirs");
    names.push(theirs.state.name);
  });
  afterAll(() => theirs?.client.close());
  const onTheirs = () => ["--kubeconfig", theirs.state.kubeconfig, "--context", theirs.state.context];
  const namespaces = async () => {
    const found = await theirs.client.list({ apiVersion: "v1", resource: "namespaces" }, {}, new AbortController().signal);
    return found.map(({ metadata }) => metadata.name).filter((name) => name.startsWith("team-"));
  };

  it("fails when nobody confirms it: the context is printed, and nothing is touched", async () => {
    const { code, stdout, stderr } = await start("--name", own, ...onTheirs()).done;
    expect({ code, stdout, stderr: stderr.split("\n") }).toEqual({
      code: 1,
      stdout: "",
      stderr: [
        `Cluster: context "${theirs.state.context}" of ${theirs.state.kubeconfig}. Namespaces team-a and team-b are made there, and removed at the end.`,
        "Nobody is there to confirm it: give --yes.",
        "",
      ],
    });
    expect(await namespaces()).toEqual([]);
    expect(remains(own)).toEqual([]);
  });

  it("fails when only one of --kubeconfig and --context is given", async () => {
    const { code, stderr } = await start("--kubeconfig", theirs.state.kubeconfig).done;
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "--kubeconfig FILE and --context NAME go together, so that it is plain which cluster is meant.\n",
    });
  });

  it("--yes: the context comes first, pulls are not run, everything is removed again and the cluster stays", async () => {
    const script = start("--name", own, ...onTheirs(), "--yes", "--json");
    const { rows, well: allWell } = JSON.parse(await well(script)) as Report;
    expect(script.output().split("\n")[0]).toContain(`Cluster: context "${theirs.state.context}"`);
    expect({ allWell, pulls: rows.map(({ namespace, pull }) => ({ namespace, ...pull })) }).toEqual({
      allWell: true,
      pulls: ["team-a", "team-b"].map((namespace) => ({ namespace, state: "not_run", text: "not run (registry is local)" })),
    });
    expect(rows.map(({ secret, serviceAccount, samples }) => [secret.state, serviceAccount.state, samples.state])).toEqual([
      ["well", "well", "well"],
      ["well", "well", "well"],
    ]);
    expect(await namespaces()).toEqual([]);
    expect(remains(own)).toEqual([]);
    expect(readSandbox(theirs.state.name)).toBeDefined();
  });
});

describe("npm start: on a terminal", () => {
  const name = sandbox("tty");
  let script: NpmScript;
  beforeAll(async () => {
    script = startNpm("start", ["--name", name], { terminal: true });
    scripts.push(script);
    await script.printed("The sandbox stays up until Ctrl-C");
    await script.printed("npx cdktf diff");
  });

  onNode("the samples run on the node, and each Pod answers HTTP with what its image serves", async () => {
    const table = stripVTControlCharacters(script.output());
    expect(table).toMatch(/│ team-a .*✓ ibmliberty-deployment 3\/3/);
    expect(table).toMatch(/✓ sample-pod Running/);
    expect(table).toMatch(/│ team-b .*✓ nginx-deployment 3\/3/);
    const state = readSandbox(name);
    if (state === undefined || !hasCluster(state)) throw new Error("the sandbox is not up");
    const liberty = await answersOf(state, { namespace: "team-a", app: "ibmliberty-deployment", port: 9080 });
    expect(liberty).toEqual(Array(3).fill({ phase: "Running", status: 200, body: "team/ibmliberty:latest\n" }));
    const nginx = await answersOf(state, { namespace: "team-b", app: "nginx-deployment", port: 80 });
    const page = { phase: "Running", status: 200, body: expect.stringContaining("Welcome to nginx!") };
    expect(nginx).toEqual([page, page, page]);
    const pod = await answersOf(state, { namespace: "team-a", app: "sample-pod", port: 8080 });
    expect(pod).toEqual([{ phase: "Running", status: 200, body: "acme/app:latest\n" }]);
  });

  it("stays up until Ctrl-C, and the three things to try work", async () => {
    const [, kubeconfig] = /1\. look around +kubectl --kubeconfig (\S+) --context \S+ get/.exec(script.output()) ?? [];
    const [, namespace = "", command = ""] =
      /2\. make a drift +kubectl --kubeconfig \S+ --context \S+ delete secret registry-pull --namespace (\S+)\s+3\. see it in a plan +([^\r\n]+)/.exec(
        script.output(),
      ) ?? [];
    const state = readSandbox(name);
    expect(kubeconfig).toBe(state?.kubeconfig);

    // As kubectl would, which is not on every machine.
    await deleteSecret(kubeconfig ?? "", state?.context ?? "", namespace);
    const diff = await shell(command);
    expect(diff).toMatch(/~ "team-b" = \{\s+~ status = "missing" -> "in_sync"/);
    expect(diff).not.toMatch(/No changes/);

    script.type("\x03");
    // That is npm's own end, by the same Ctrl-C; it does not wait for what it runs.
    expect((await script.done).code).toBe(130);
    await until(async () => remains(name).length === 0);
  });
});

/** What each Pod of an app is, and says over HTTP. */
async function answersOf(state: SandboxState, { namespace, app, port }: Record<"namespace" | "app", string> & { port: number }) {
  const client = await openCluster(state);
  const of = { apiVersion: "v1", resource: "pods", namespace };
  const pods = await client.list<PodObject>(of, { labelSelector: `app=${app}` }, new AbortController().signal);
  await client.close();
  return await Promise.all(
    pods.map(async ({ metadata, status: { phase } = {} }) => {
      const { status, body } = await fetchFromPod(state, { namespace, pod: metadata.name, port });
      return { phase, status, body: body.toString("utf8") };
    }),
  );
}

async function deleteSecret(kubeconfig: string, context: string, namespace: string): Promise<void> {
  const client = await createKubernetesClient(toKubernetesSettings({ config_path: kubeconfig, config_context: context }, {}));
  await client.delete(
    { apiVersion: "v1", resource: "secrets", namespace, name: "registry-pull" },
    {},
    new AbortController().signal,
  );
  await client.close();
}

/** What a shell prints, without colours. */
function shell(command: string): Promise<string> {
  return new Promise((resolve) =>
    execFile("/bin/sh", ["-c", command], (_, stdout, stderr) => resolve(stripVTControlCharacters(`${stdout}${stderr}`))),
  );
}
