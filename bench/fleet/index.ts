/** How long a fleet of namespaces takes, beside what can't be undercut: `npm run bench -- fleet`. */
import { setMaxListeners } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { during, findEngine, type Progress, startSandbox, stopSandbox } from "../../sandbox";
import { checkKubernetesProvider } from "../../sandbox/provider-mirror";
import { openStack } from "../../test/e2e/support/terraform";
import { runTimed } from "./engine";
import { type FleetFigures, type FloorFigures, type Given, medianFigures, middle, type OurFigures } from "./figures";
import { measureRaw } from "./floor";
import { measureHashicorp } from "./hashicorp";
import { createNamespaces } from "./namespaces";
import { fleetNames } from "./objects";
import { measureOurs, PLANNER } from "./ours";
import { openRaw } from "./raw";
import { measureSynth } from "./synth";

/** Connections for what is not measured. */
const CONNECTIONS = 32;
const EMPTY_PLANS = 5;

/** What is measured. */
export interface FleetOptions {
  readonly namespaces: number;
  readonly by: Given;
  /** Figures are medians over them, but for hashicorp/kubernetes, which is measured once. */
  readonly runs: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Measures in a sandbox of its own, which is removed whatever happens.
 *
 * @throws where a command fails, or where one leaves the cluster in another state than it should
 */
export async function measureFleet({ namespaces: count, by, runs, progress, signal }: FleetOptions): Promise<FleetFigures> {
  // Each request that is under way listens.
  setMaxListeners(0, signal);
  const name = `bench-fleet-${process.pid}`;
  const binary = process.env.KUBERNETES_PROVIDER;
  checkKubernetesProvider(process.env);
  const synth = await during(progress, "synth", () => measureSynth(count, signal));
  try {
    const { state } = await startSandbox({ name, endsWithCaller: true, progress, signal, auditedUsers: [PLANNER] });
    const namespaces = fleetNames(count);
    const raw = await openRaw(state, CONNECTIONS, signal);
    try {
      await during(progress, "namespaces", (step) => createNamespaces(raw, namespaces, signal, step));
      const ours: OurFigures[] = [];
      const floor: FloorFigures[] = [];
      for (let run = 0; run < runs; run++) {
        const { concurrency, ...writes } = await during(progress, "raw floor", () => measureRaw(state, namespaces, signal));
        progress.note(`raw floor: ${JSON.stringify({ ...writes, concurrency })}`);
        const terraform_s = await during(progress, "empty stack", () => measureEmptyStack(signal));
        floor.push({ ...writes, terraform_s, synth_s: synth.empty });
        ours.push({ ...(await measureOurs({ state, raw, namespaces, by, signal, progress })), synth_s: synth.full });
      }
      const hashicorp = binary ? await measureHashicorp({ binary, state, namespaces, signal, progress }) : null;
      return { namespaces: count, by, ours: medianFigures(ours), floor: medianFigures(floor), hashicorp };
    } finally {
      await raw.close();
    }
  } finally {
    await stopSandbox(name);
  }
}

/** Terraform's `plan` where there is nothing at all. */
async function measureEmptyStack(signal: AbortSignal): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "registry-access-bench-empty-"));
  try {
    writeFileSync(join(folder, "main.tf"), "");
    const { path } = await findEngine();
    const stack = openStack(folder, path, { PATH: process.env.PATH, HOME: folder, CHECKPOINT_DISABLE: "1" });
    const times: number[] = [];
    for (let plan = 0; plan < EMPTY_PLANS; plan++) {
      times.push((await runTimed(stack, "no provider", signal, "plan", "-no-color", "-input=false")).seconds);
    }
    return middle(times);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
