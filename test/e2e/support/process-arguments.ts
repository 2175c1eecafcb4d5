import { readdirSync, readFileSync } from "node:fs";

/** Watches the command lines of everything that runs below this process, which anybody on the machine could read. */
export interface ArgumentWatch {
  /** Every command line that was seen, once each. */
  seen(): readonly string[];
  stop(): void;
}

const EVERY_MS = 20;

/** Starts watching; Linux only, as `/proc` is. */
export function watchArguments(): ArgumentWatch {
  const seen = new Set<string>();
  const look = (): void => {
    for (const pid of descendants()) {
      const line = read(`/proc/${pid}/cmdline`);
      if (line !== "") seen.add(line.replaceAll("\0", " ").trim());
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return { seen: () => [...seen], stop: () => clearInterval(timer) };
}

function descendants(): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // Behind the name, which may hold anything: state, then the parent's process id (proc(5)).
    const parent = Number(/^.*\) \S (\d+)/s.exec(read(`/proc/${name}/stat`))?.[1]);
    if (!Number.isNaN(parent)) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(process.pid);
}

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
