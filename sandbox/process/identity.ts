/** Processes that outlive the one that started them: who they are, how they are started, found again and ended. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readTextIfThere } from "../files";

const BOOT_ID = "/proc/sys/kernel/random/boot_id";

/** Which process this is, for good: a process id alone is given to another process one day. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the kernel started it: on Linux boot id and clock ticks since boot, elsewhere `ps`'s date. */
  readonly started: string;
}

/**
 * A shell command that prints the identity of the shell itself, in the form that {@link parseIdentity} reads.
 * `exec` keeps both process id and start time, so it holds for the program the shell turns into.
 */
export const PRINT_OWN_IDENTITY = `if [ -r /proc/$$/stat ]; then cat /proc/$$/stat ${BOOT_ID}; else LC_ALL=C ps -o pid=,stat=,lstart= -p $$; fi`;

/**
 * Reads `/proc/<pid>/stat` followed by the boot id (see proc(5): the start time is field 22), or a line of `ps -o pid=,stat=,lstart=`.
 * A process that has ended and only waits for its parent (a zombie) is none; but while threads of its own are still ending (field 20)
 * it holds its ports, and counts. Undefined for anything else, such as half a file.
 */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  const linux = /^(\d+) \(.*\) (\S)((?: -?\d+)+)\s+([0-9a-f-]{36})\s*$/s.exec(text);
  if (linux !== null) {
    const [, pid, state, rest = "", boot] = linux;
    const fields = rest.trim().split(" ");
    const threads = Number(fields[16]);
    const ticks = fields[18];
    const hasEnded = state === "X" || (state === "Z" && !(threads > 1));
    return hasEnded || ticks === undefined ? undefined : { pid: Number(pid), started: `${boot}/${ticks}` };
  }
  const ps = /^\s*(\d+)\s+(\S+)\s+(\S.*\S)\s*$/.exec(text);
  return ps === null || ps[2]?.startsWith("Z") ? undefined : { pid: Number(ps[1]), started: String(ps[3]) };
}

/** The identity of a running process; undefined where there is none (any more). */
export function identityOf(pid: number): ProcessIdentity | undefined {
  if (existsSync(BOOT_ID)) {
    const stat = readTextIfThere(`/proc/${pid}/stat`);
    return stat === undefined ? undefined : parseIdentity(stat + (readTextIfThere(BOOT_ID) ?? ""));
  }
  try {
    const env = { ...process.env, LC_ALL: "C" };
    const args = ["-o", "pid=,stat=,lstart=", "-p", String(pid)];
    return parseIdentity(execFileSync("ps", args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] }));
  } catch {
    return undefined;
  }
}

/** True while that very process runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.started === identity.started;
}
