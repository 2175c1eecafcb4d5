import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "../files";
import { SandboxError } from "../sandbox-error";
import { isAlive, type ProcessIdentity } from "./identity";
import { readRecords } from "./records";

const POLL_MS = 20;
const PATIENCE_MS = 10_000;
/** How long a process that was just started may take to write down who it is. */
const BIRTH_MS = 2_000;

/** A process to end, by the name a person knows it by. */
interface Condemned {
  readonly name: string;
  readonly identity: ProcessIdentity | undefined;
}

/**
 * Ends the processes of a folder that still run and waits until they are gone; returns their names.
 * They are killed outright, with all of their process group: nothing in a sandbox is worth a graceful end.
 *
 * @throws SandboxError where one does not end.
 */
export async function stopProcesses(folder: string, only?: string): Promise<string[]> {
  const records = await readSettledRecords(folder, only);
  const alive = records.filter(isRunning);
  for (const { identity } of alive) {
    killGroup(identity.pid);
  }
  const deadline = Date.now() + PATIENCE_MS;
  for (const process of alive) {
    while (isRunning(process)) {
      if (Date.now() > deadline) {
        throw new SandboxError(
          `${process.name} (process ${process.identity.pid}) does not end. Look at it with ps, then try again.`,
        );
      }
      await sleep(POLL_MS);
    }
  }
  return alive.map(({ name }) => name);
}

/** A start that is not recorded to its end yet may still become a process, which would then run on behind our back. */
async function readSettledRecords(folder: string, only: string | undefined): Promise<readonly Condemned[]> {
  const deadline = Date.now() + BIRTH_MS;
  for (;;) {
    const records = readRecords(folder).filter((record) => only === undefined || record.name === only);
    if (records.every(({ identity }) => identity !== undefined) || Date.now() > deadline) {
      return records;
    }
    await sleep(POLL_MS);
  }
}

function isRunning(process: Condemned): process is Condemned & { identity: ProcessIdentity } {
  return process.identity !== undefined && isAlive(process.identity);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!hasCode(error, "ESRCH")) {
      throw error;
    }
  }
}
