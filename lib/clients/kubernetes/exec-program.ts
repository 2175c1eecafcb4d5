import { type ChildProcess, spawn } from "node:child_process";
import { ClientError } from "../client-error";
import { errorCode } from "../error-code";
import type { ExecSettings } from "./connection";

/** How a program ended: undefined where well, else in words: `failed with exit code 3`. */
export interface Ended {
  readonly ended: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that was told to end is killed after this time. */
const GRACE_MILLISECONDS = 1_000;

/** Runs a program to its end, in a process group of its own: what it starts ends with it when the signal is aborted. */
export function runProgram(exec: ExecSettings, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Ended> {
  const name = `The exec plugin ${JSON.stringify(exec.command)}`;
  return new Promise((done, fail) => {
    const cancelled = () => fail(new ClientError("aborted", `${name}: cancelled.`));
    if (signal.aborted) return cancelled();
    const child = spawn(exec.command, [...exec.args], { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const out = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (out.stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (out.stderr += chunk));
    const stop = () => {
      killGroup(child, "SIGTERM");
      setTimeout(() => killGroup(child, "SIGKILL"), GRACE_MILLISECONDS).unref();
      cancelled();
    };
    signal.addEventListener("abort", stop, { once: true });
    child.on("error", (error) => {
      signal.removeEventListener("abort", stop);
      const hint = exec.installHint === undefined ? "Install it, or correct command in the kubeconfig." : exec.installHint.trim();
      fail(new ClientError("invalid", `${name} can't be started (${errorCode(error)}). ${hint}`));
    });
    child.on("close", (code, killer) => {
      signal.removeEventListener("abort", stop);
      done({
        ended: code === 0 ? undefined : code === null ? `was ended by ${killer}` : `failed with exit code ${code}`,
        ...out,
      });
    });
  });
}

/** The group may be gone already. */
function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // Nobody is left.
  }
}
