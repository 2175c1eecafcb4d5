/** The most memory that the providers of an engine ever held. */
import { readdirSync, readFileSync } from "node:fs";

const POLL_MS = 20;

/** Watches an engine's own children. */
export interface PeakWatch {
  /** Bytes, of the largest provider so far. */
  peak(): number;
  stop(): void;
}

/**
 * Watches the processes that an engine starts whose command line names this program. The kernel keeps the peak itself (`VmHWM`, proc(5)),
 * so that only what is taken in a process's last milliseconds may be missed.
 */
export function watchPeak(engine: number, program: string): PeakWatch {
  let peak = 0;
  const look = (): void => {
    for (const pid of childrenOf(engine)) {
      if (!readText(`/proc/${pid}/cmdline`).includes(program)) continue;
      peak = Math.max(peak, highWaterMark(readText(`/proc/${pid}/status`)));
    }
  };
  const timer = setInterval(look, POLL_MS);
  return { peak: () => peak, stop: () => clearInterval(timer) };
}

/** Bytes: `VmHWM:	  81234 kB`, where kB are 1,024 bytes. 0 for a process that has ended. */
export function highWaterMark(status: string): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** A child belongs to the thread that started it. */
function childrenOf(pid: number): readonly string[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.flatMap((thread) => readText(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean));
  } catch {
    return [];
  }
}

/** A process may end while it is looked at. */
function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
