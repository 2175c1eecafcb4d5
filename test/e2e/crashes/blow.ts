import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../../support/random";
import { type RunningCommand, startInGroup } from "../support/process-group";
import type { Stack } from "../support/terraform";
import type { Trip, Tripwire } from "../support/tripwire";

/** How a run is ended. */
export type Blow =
  | "kill provider"
  | "kill Terraform"
  | "kill both"
  /** As where a remote state is written seconds later: what the run had reached is in no state. */
  | "kill both, state lost"
  | "Ctrl-C"
  | "Ctrl-C twice";

/** It takes half a second, or three where a token may have been issued; a request that nobody cancels would go on for half a minute. */
const CTRL_C_SECONDS = 25;

/** What is struck, by what and when. */
export interface Strike {
  readonly stack: Stack;
  readonly wire: Tripwire;
  readonly verb: "apply" | "destroy";
  readonly blow: Blow;
  readonly trip: Trip;
  /** Milliseconds from the trip to the blow. */
  readonly delay: number;
  readonly random: Random;
}

/** A run that was struck. */
export interface StruckRun {
  readonly command: RunningCommand;
  /** The request at which the blow came, and at which side of it; undefined where it struck nothing, since the run had ended before. */
  readonly moment: string | undefined;
  /** Who of its processes still ran a minute later, and after how many seconds the last of them was gone. */
  readonly emptied: Promise<{ readonly left: readonly string[]; readonly seconds: number }>;
}

/** Starts a run and strikes it; resolves once Terraform has ended. Throws where it does not end by itself after Ctrl-C. */
export async function strikeRun({ stack, wire, verb, blow, trip, delay, random }: Strike): Promise<StruckRun> {
  const tripped = wire.arm(trip);
  const command = await startInGroup(stack, verb, "-auto-approve", "-no-color", "-input=false");
  const moment = await Promise.race([tripped, command.ended.then(() => undefined)]);
  if (moment !== undefined) await sleep(delay);
  const started = performance.now();
  let providers = 0;
  if (blow === "kill provider") providers = await command.signalProviders("SIGKILL");
  else if (blow === "kill Terraform") command.signalEngine("SIGKILL");
  else if (blow.startsWith("kill both")) command.signalGroup("SIGKILL");
  else command.signalGroup("SIGINT");
  if (blow === "Ctrl-C twice") {
    await sleep(random.below(500));
    command.signalGroup("SIGINT");
  }
  const emptied = command.emptied().then((left) => ({ left, seconds: (performance.now() - started) / 1000 }));
  const isCtrlC = blow.startsWith("Ctrl-C");
  const code = await (isCtrlC ? endInTime(command) : command.ended);
  if (blow === "Ctrl-C" && code === null) throw new Error(`Terraform did not end by itself: ${command.output()}`);
  // A run that went well had ended before the blow; a provider that was killed then, too, had nothing left to do.
  const struck = moment !== undefined && (isEnginesEnd(blow) ? code === null : code !== 0 && (isCtrlC || providers > 0));
  return { command, moment: struck ? `${moment} ${trip.side}` : undefined, emptied };
}

/** Blows that no run survives. */
function isEnginesEnd(blow: Blow): boolean {
  return blow === "kill Terraform" || blow.startsWith("kill both");
}

/** The exit code after Ctrl-C; a run that goes on is ended, and said. */
async function endInTime(command: RunningCommand): Promise<number | null> {
  const late = Symbol("late");
  const guard = new AbortController();
  const patience = sleep(CTRL_C_SECONDS * 1000, late, { signal: guard.signal }).catch(() => late);
  const code = await Promise.race([command.ended, patience]);
  guard.abort();
  if (typeof code !== "symbol") return code;
  command.signalGroup("SIGKILL");
  throw new Error(`Terraform still ran ${CTRL_C_SECONDS} s after Ctrl-C: ${command.output()}`);
}
