/** How long `npm start` takes until all samples run, and what memory the whole sandbox has then. */
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "../lib/clients/kubernetes/client";
import { readSandbox, SandboxError, type SandboxState, stopSandbox, whyNoNode } from "../sandbox";
import { sandboxFolder } from "../sandbox/folders";
import { openCluster } from "../sandbox/main-job/open-cluster";
import { type NpmScript, startNpm } from "../test/e2e/support/npm-start";
import { median } from "./median";
import { type Memory, memoryOf } from "./memory";

const POLL_MS = 100;

/** Medians over the runs. */
export interface Pulls extends Memory {
  /** From `npm start` to the sandbox being up, its node ready. */
  readonly up_s: number;
  /** From `npm start` to the last sample's Pod running. */
  readonly running_s: number;
  /** From `npm start` to its table: each Pod has answered HTTP. */
  readonly proved_s: number;
  readonly pods: number;
  readonly runs: number;
}

type Run = Omit<Pulls, "runs">;

interface PodObject extends KubernetesObject {
  readonly status?: { readonly phase?: string };
}

/**
 * Measures. Each run is in a new sandbox; a run before all others builds what is not built yet, and warms the disk.
 *
 * @throws SandboxError where no node can run here, and where `npm start` fails; no sandbox is left
 */
export async function measurePulls(runs: number, signal: AbortSignal): Promise<Pulls> {
  const name = `bench-pulls-${process.pid}`;
  const why = whyNoNode(sandboxFolder(name));
  if (why !== undefined) throw new SandboxError(`No samples can run here: ${why}.`);
  const measured: Run[] = [];
  for (let run = -1; run < runs; run++) {
    const figures = await measureOne(name, signal);
    if (run >= 0) measured.push(figures);
  }
  const of = (figure: keyof Run): number => median(measured.map((run) => run[figure]));
  return {
    up_s: of("up_s"),
    running_s: of("running_s"),
    proved_s: of("proved_s"),
    pods: of("pods"),
    control_plane_mib: of("control_plane_mib"),
    registries_mib: of("registries_mib"),
    node_mib: of("node_mib"),
    pods_mib: of("pods_mib"),
    sandbox_mib: of("sandbox_mib"),
    runs,
  };
}

async function measureOne(name: string, signal: AbortSignal): Promise<Run> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const start = startNpm("start", ["--name", name, "--keep", "--json"]);
  try {
    const state = await untilUp(name, start, signal);
    const up_s = seconds();
    const runningSince = await watchPods(state, start, seconds, signal);
    const { code } = await start.done;
    const proved_s = seconds();
    if (code !== 0) throw failed(start);
    return { up_s, running_s: Math.max(...runningSince), proved_s, pods: runningSince.length, ...memoryOf(state) };
  } finally {
    start.end();
    await start.done;
    await stopSandbox(name);
  }
}

async function untilUp(name: string, start: NpmScript, signal: AbortSignal): Promise<SandboxState> {
  const ended = hasEnded(start);
  for (;;) {
    const state = readSandbox(name);
    if (state !== undefined) return state;
    if (ended()) throw failed(start);
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** Seconds until each Pod was first seen running, once `npm start` has ended. */
async function watchPods(state: SandboxState, start: NpmScript, seconds: () => number, signal: AbortSignal): Promise<number[]> {
  const ended = hasEnded(start);
  const since = new Map<string, number>();
  const client = await openCluster(state);
  try {
    while (!ended()) {
      for (const { metadata, status } of await client.list<PodObject>({ apiVersion: "v1", resource: "pods" }, {}, signal)) {
        const pod = `${metadata.namespace}/${metadata.name}`;
        if (status?.phase === "Running" && !since.has(pod)) since.set(pod, seconds());
      }
      await sleep(POLL_MS, undefined, { signal });
    }
  } finally {
    await client.close();
  }
  return [...since.values()];
}

function hasEnded({ done }: NpmScript): () => boolean {
  let ended = false;
  void done.then(() => {
    ended = true;
  });
  return () => ended;
}

const failed = (start: NpmScript): SandboxError => new SandboxError(`npm start failed:\n${start.output()}`);
