/** The floors: what Terraform takes by itself, and what the API server takes for the same writes and lists. */
import type { SandboxState } from "../../sandbox";
import { toSeconds } from "./figures";
import { listFleet, newPassword, undoingOf, writesOf } from "./objects";
import { openRaw } from "./raw";

/** The concurrencies that are tried, before the fastest writes everywhere. */
const CONCURRENCIES = [4, 8, 16, 32, 64];
/** On so many namespaces each. */
const TRIAL = 100;
const SECRET = "floor";
const LISTS = 3;

/** The bare loops' figures. */
export interface RawFloor {
  readonly raw_apply_s: number;
  readonly raw_list_s: number;
  /** The concurrency that was the fastest. */
  readonly concurrency: number;
}

/** Measures the bare loops, and takes back what they wrote. */
export async function measureRaw(state: SandboxState, namespaces: readonly string[], signal: AbortSignal): Promise<RawFloor> {
  const concurrency = await findConcurrency(state, namespaces.slice(0, TRIAL), signal);
  const raw_apply_s = toSeconds(await timeWrites(state, namespaces, concurrency, signal));
  const raw = await openRaw(state, concurrency, signal);
  try {
    const times: number[] = [];
    for (let list = 0; list < LISTS; list++) times.push(await timed(async () => void (await listFleet(raw, SECRET))));
    await raw.sendAll(undoingOf(SECRET, namespaces));
    return { raw_apply_s, raw_list_s: toSeconds(Math.min(...times)), concurrency };
  } finally {
    await raw.close();
  }
}

async function findConcurrency(state: SandboxState, namespaces: readonly string[], signal: AbortSignal): Promise<number> {
  let best = { concurrency: 0, milliseconds: Number.POSITIVE_INFINITY };
  for (const concurrency of CONCURRENCIES) {
    const milliseconds = await timeWrites(state, namespaces, concurrency, signal);
    if (milliseconds < best.milliseconds) best = { concurrency, milliseconds };
    const raw = await openRaw(state, concurrency, signal);
    await raw.sendAll(undoingOf(SECRET, namespaces)).finally(() => raw.close());
  }
  return best.concurrency;
}

/** New connections and all: a provider opens its own as well. */
async function timeWrites(
  state: SandboxState,
  namespaces: readonly string[],
  concurrency: number,
  signal: AbortSignal,
): Promise<number> {
  const writes = writesOf(SECRET, namespaces, newPassword());
  const raw = await openRaw(state, concurrency, signal);
  return timed(() => raw.sendAll(writes)).finally(() => raw.close());
}

/** Milliseconds. */
export async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
