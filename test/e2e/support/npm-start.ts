import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { constants } from "node:os";
import { resolve } from "node:path";
import { sandboxFolder } from "../../../sandbox/folders";
import { cgroupsOf } from "../../../sandbox/node/cgroups";

const ROOT = resolve(__dirname, "../../..");

/** How a command ended. */
export interface Ended {
  /** As a shell sees it: 128 and the signal's number where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An npm script that runs. */
export interface NpmScript {
  readonly done: Promise<Ended>;
  /** Everything that it printed up to now. */
  output(): string;
  /** Resolves once its output has the text; fails where it ended before. */
  printed(text: string | RegExp): Promise<void>;
  /** Types at its terminal. */
  type(text: string): void;
  /** To the whole process group, as a terminal does it. */
  kill(signal: NodeJS.Signals): void;
  /** Kills what still runs of it, for a test that failed half way. */
  end(): void;
}

/** Starts `npm run SCRIPT -- ARGS` as a person types it, in a process group of its own; on a terminal where asked for. */
export function startNpm(script: string, args: readonly string[], options: { readonly terminal?: boolean } = {}): NpmScript {
  const command = ["npm", "run", "--silent", script, "--", ...args];
  const [program = "", ...rest] = options.terminal ? ["script", "-qec", command.join(" "), "/dev/null"] : command;
  const child = spawn(program, rest, {
    cwd: ROOT,
    detached: true,
    stdio: [options.terminal ? "pipe" : "ignore", "pipe", "pipe"],
  });
  let [stdout, stderr, all] = ["", "", ""];
  child.stdout?.on("data", (data) => {
    stdout += String(data);
    all += String(data);
  });
  child.stderr?.on("data", (data) => {
    stderr += String(data);
    all += String(data);
  });
  let hasEnded = false;
  const done = new Promise<Ended>((settle) =>
    child.on("close", (code, signal) => {
      hasEnded = true;
      settle({ code: code ?? 128 + constants.signals[signal ?? "SIGKILL"], stdout, stderr });
    }),
  );
  return {
    done,
    output: () => all,
    async printed(text) {
      while (!(typeof text === "string" ? all.includes(text) : text.test(all))) {
        if (hasEnded) throw new Error(`It ended without printing ${text}:\n${all.slice(-4000)}`);
        await new Promise((wait) => setTimeout(wait, 50));
      }
    },
    type: (text) => void child.stdin?.write(text),
    kill: (signal) => void process.kill(-(child.pid ?? 0), signal),
    end() {
      if (!hasEnded) process.kill(-(child.pid ?? 0), "SIGKILL");
    },
  };
}

/** What there still is of a sandbox: its folder, its cgroups, and every process that was started from there or works there. Nothing is empty. */
export function remains(name: string): string[] {
  const folder = sandboxFolder(name);
  const processes = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid);
  const left = processes.flatMap((pid) => {
    const line = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
    const place = attempt(() => readlinkSync(`/proc/${pid}/cwd`));
    return `${line} ${place}/`.includes(`${folder}/`) ? [`${pid} ${line}`] : [];
  });
  return [...(existsSync(folder) ? [folder] : []), ...cgroupsOf(folder), ...left];
}

/** A process may end while it is looked at. */
function attempt(look: () => string): string {
  try {
    return look();
  } catch {
    return "";
  }
}
