/** The sandbox's node: Pods really run, by the pull secret that they have, and nothing of it stays, however it ends. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  addRegistryHost,
  fetchFromPod,
  pushTo,
  restartProcess,
  type SandboxState,
  sandboxStatus,
  silentProgress,
  stopProcess,
  stopSandbox,
  waitForNode,
} from "../../sandbox";
import { readAdministrator } from "../../sandbox/administrator";
import { sandboxFolder } from "../../sandbox/folders";
import { send } from "../../sandbox/http";
import { privateImages } from "../../sandbox/images/catalogue";
import { ensureNodePrograms } from "../../sandbox/node/programs";
import { readRecords } from "../../sandbox/process/records";
import { type Cluster, startCluster, until } from "./support/cluster";
import { openBluemix } from "./support/emulator";
import { lookAtHost, NodeTraces } from "./support/host";
import { describeOnNode } from "./support/node";
import { eventually, podsOf } from "./support/pods";

jest.setTimeout(600_000);

const LIBERTY = "registry.ng.bluemix.net/team/ibmliberty:latest";
const before = lookAtHost();

describeOnNode("a node", () => {
  let cluster: Cluster;
  let pods: ReturnType<typeof podsOf>;
  let traces: NodeTraces;
  const answer = async (pod: string, port: number, namespace = "linked") => {
    const { status, body } = await fetchFromPod(cluster.state, { namespace, pod, port });
    return { status, body: body.toString("utf8") };
  };

  beforeAll(async () => {
    cluster = await startCluster("e2e-node", { node: true });
    traces = new NodeTraces(cluster.state);
    await cluster.createNamespace("linked");
    await cluster.createNamespace("left-out");
    pods = podsOf(cluster, "linked");
    await linkPullSecret(cluster, "linked");
  });
  afterAll(() => cluster?.stop());

  it("runs a private image by the linked pull secret, three times, and each answers with its page", async () => {
    await pods.createDeployment("liberty", 3, { image: LIBERTY });
    const running = await pods.running("liberty", 3);
    const answers = await Promise.all(running.map(({ metadata }) => answer(metadata.name, 9080)));
    expect(answers).toEqual(Array(3).fill({ status: 200, body: "team/ibmliberty:latest\n" }));
  });

  it("runs nginx as it is written, without a secret", async () => {
    const others = podsOf(cluster, "left-out");
    await others.createDeployment("nginx", 1, { image: "nginx" });
    const [pod] = await others.running("nginx", 1);
    expect(pod?.spec.imagePullSecrets).toBeUndefined();
    // Where Debian's package can't be had, a small server stands in.
    const { nginx } = await ensureNodePrograms({ progress: silentProgress });
    const page = nginx === undefined ? "Welcome to nginx!" : "<title>Welcome to nginx!</title>";
    expect(await answer(pod?.metadata.name ?? "", 80, "left-out")).toEqual({ status: 200, body: expect.stringContaining(page) });
  });

  it("fails when no pull secret is linked: the event has the registry's refusal", async () => {
    const others = podsOf(cluster, "left-out");
    await others.createPod("liberty", { image: LIBERTY });
    expect(await others.pullFailure("liberty")).toMatch(
      /registry\.ng\.bluemix\.net\/team\/ibmliberty:latest.* (?:insufficient_scope|401 Unauthorized)/,
    );
  });

  it("fails when a tag is not there, the registry is down, or its certificate is unknown: each event says what", async () => {
    const failing = podsOf(cluster, "linked");
    await addRegistryHost(cluster.state, { host: "down.example.com", url: "http://127.0.0.1:9" });
    await addRegistryHost(cluster.state, { host: "stranger.example.com", url: cluster.state.apiServer });
    const images = {
      tag: "registry.ng.bluemix.net/team/ibmliberty:none",
      down: "down.example.com/app:1",
      stranger: "stranger.example.com/app:1",
    };
    for (const [name, image] of Object.entries(images)) await failing.createPod(name, { image });
    const messages = await Promise.all(Object.keys(images).map((name) => failing.pullFailure(name)));
    expect(messages).toEqual([
      expect.stringMatching(/team\/ibmliberty:none: not found/),
      expect.stringMatching(/connection re(?:fused|set)/),
      expect.stringMatching(/certificate signed by unknown authority/),
    ]);
  });

  it("a registry that is down is refused, and pulled from once it is up again", async () => {
    await stopProcess(cluster.state, "registry-private");
    await pods.createPod("patient", { image: "registry.ng.bluemix.net/team/ibmliberty:latest" });
    expect(await pods.pullFailure("patient")).toMatch(/connection re(?:fused|set)/);
    await restartProcess(cluster.state, "registry-private");
    // The kubelet tries again after ten seconds at first.
    await pods.running("patient", 1);
  });

  it("an image pushed later runs as well", async () => {
    const [{ image } = { image: undefined }] = privateImages();
    if (image === undefined) throw new Error("the catalogue is empty");
    await pushTo(cluster.state, "private", { repository: "team/data-only", tag: "2", image });
    await pods.createPod("later", { image: "registry.ng.bluemix.net/team/data-only:2" });
    const reason = await eventually(async () => {
      const [pod] = await pods.list("later");
      const found = pod?.status?.containerStatuses?.[0]?.state.waiting?.reason ?? "";
      return /^(?:RunContainerError|CreateContainerError|CrashLoopBackOff)$/.test(found) ? { found } : found;
    });
    // It was pulled, and there is nothing in it to run.
    expect(reason.found).toMatch(/Container/);
  });

  it("kubectl's way to the node works: logs", async () => {
    const [pod] = await pods.list("liberty");
    const url = `${cluster.state.apiServer}/api/v1/namespaces/linked/pods/${pod?.metadata.name}/log`;
    const { status, body } = await send(url, { tls: await readAdministrator(cluster.state) });
    expect({ status, log: body.toString("utf8") }).toEqual({
      status: 200,
      log: expect.stringContaining("serving /srv on :9080"),
    });
  });

  it("its Pods go on while containerd and the kubelet are killed and started again", async () => {
    const restarts = async () =>
      (await pods.list("liberty")).map(({ status }) => status?.containerStatuses?.map(({ restartCount }) => restartCount));
    for (const name of ["containerd", "kubelet"]) await restartProcess(cluster.state, name);
    await waitForNode(cluster.state);
    await pods.createDeployment("after", 1, { image: "nginx" });
    await pods.running("after", 1);
    expect(await restarts()).toEqual([[0], [0], [0]]);
    expect(sandboxStatus(cluster.state.name).status).toBe("up");
  });

  it("leaves the host as it was while it runs, and nothing once it is taken down", async () => {
    const { mounts, ...host } = lookAtHost();
    expect(host).toEqual({ ...before, mounts: undefined });
    expect(mounts.filter((mount) => !before.mounts.includes(mount))).toEqual([]);
    expect(traces.processes().some((line) => line.includes("static-web"))).toBe(true);
    expect(traces.cgroups()).not.toEqual([]);
    await cluster.stop();
    expectNothingLeft(cluster.state, traces);
  });
});

describeOnNode("a node whose owner was killed", () => {
  it.each([
    ["its guard takes it away", []],
    ["with containerd and the kubelet, its guard takes it away", ["containerd", "kubelet"]],
  ])("%s", async (_, killed) => {
    const { state, traces, kill } = await startElsewhere(true);
    for (const name of killed) killRecorded(state, name);
    kill();
    await until(async () => !existsSync(state.folder));
    expectNothingLeft(state, traces);
  });

  it("with everything that is recorded, down takes the rest away", async () => {
    const { state, traces, kill } = await startElsewhere(false);
    kill();
    for (const { name } of readRecords(state.folder)) killRecorded(state, name);
    expect(traces.cgroups()).not.toEqual([]);
    expect(await stopSandbox(state.name)).toBe(true);
    expectNothingLeft(state, traces);
  });
});

describeOnNode("a node whose start was killed", () => {
  it.each(["node-relay", "kubelet"])("down takes away what there was once %s had started", async (process) => {
    const { name, owner } = spawnElsewhere(false);
    const folder = sandboxFolder(name);
    await eventually(async () => readRecords(folder).find((record) => record.name === process) ?? `${process} has not started`);
    const traces = new NodeTraces({ folder });
    owner.kill("SIGKILL");
    expect(await stopSandbox(name)).toBe(true);
    expectNothingLeft({ folder }, traces);
  });
});

function expectNothingLeft(state: Pick<SandboxState, "folder">, traces: NodeTraces): void {
  expect({ processes: traces.processes(), cgroups: traces.cgroups(), folder: existsSync(state.folder) }).toEqual({
    processes: [],
    cgroups: [],
    folder: false,
  });
  expect(lookAtHost()).toEqual(before);
}

function killRecorded(state: SandboxState, name: string): void {
  const identity = readRecords(state.folder).find((record) => record.name === name)?.identity;
  // Only the process itself: what it started is left to others.
  if (identity !== undefined) process.kill(identity.pid, "SIGKILL");
}

/** Another process that starts a sandbox with a node, and runs a Pod on it. */
function spawnElsewhere(endsWithCaller: boolean) {
  const name = `e2e-node-killed-${process.pid}`;
  const starter = join(__dirname, "node", "main.ts");
  const owner = spawn(process.execPath, ["--require", "tsx/cjs", starter, name, String(endsWithCaller)], {
    cwd: join(__dirname, "../.."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { name, owner };
}

/** A sandbox with a node and a Pod on it, whose owner is another process. */
async function startElsewhere(endsWithCaller: boolean) {
  const { name, owner } = spawnElsewhere(endsWithCaller);
  const printed = await new Promise<string>((resolve, reject) => {
    let text = "";
    owner.stdout.on("data", (data) => {
      text += String(data);
      if (text.includes("\n")) resolve(text);
    });
    owner.once("exit", () => reject(new Error("The starter ended.")));
  });
  const state = JSON.parse(readFileSync(join(sandboxFolder(name), "state.json"), "utf8")) as SandboxState;
  expect(printed).toBe("Running\n");
  return { state, traces: new NodeTraces(state), kill: () => owner.kill("SIGKILL") };
}

/** A pull secret for the regional registry, linked to the namespace's ServiceAccount. */
async function linkPullSecret(cluster: Cluster, namespace: string): Promise<void> {
  const [token] = (await openBluemix(cluster.state).control.tokens()).filter(({ region }) => region === "us-south");
  const auths = { "registry.ng.bluemix.net": { username: "token", password: token?.value } };
  await cluster.create("secrets", {
    metadata: { name: "pull", namespace },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths })).toString("base64") },
  } as never);
  await until(async () => (await cluster.serviceAccount(namespace)) !== undefined);
  await cluster.edit("serviceaccounts", namespace, "default", (account) => ({
    ...account,
    imagePullSecrets: [{ name: "pull" }],
  }));
}
