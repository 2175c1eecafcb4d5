import { type ChildProcess, spawn } from "node:child_process";
import { ClientError } from "../client-error";
import { createDeadline } from "../deadline";
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
/** Long enough for a person to log in with a browser and a second factor, as some plugins have it. */
const LIMIT_MILLISECONDS = 180_000;
/** An ExecCredential with a certificate has a few kilobytes. */
const MAX_OUTPUT = 1024 * 1024;

/**
 * Runs a program to its end, in a process group of its own: what it starts ends with it when the signal is aborted, and when it runs
 * longer than `limit` milliseconds or prints without end. `source` says where it is configured, for messages. @throws ClientError: `aborted`, `unauthenticated` (too long), `malformed` (too much), `invalid` (can't be started)
 */
export function runProgram(
  exec: ExecSettings,
  env: NodeJS.ProcessEnv,
  caller: AbortSignal,
  source: string,
  limit: number = LIMIT_MILLISECONDS,
): Promise<Ended> {
  const name = `The exec plugin ${JSON.stringify(exec.command)}`;
  const deadline = createDeadline(caller, limit);
  const ended = new Promise<Ended>((done, fail) => {
    const cancelled = () => {
      if (!deadline.passed()) return fail(new ClientError("aborted", `${name}: cancelled.`));
      const advice =
        "It may be waiting for somebody to log in, and it has no terminal here: log in with it once by hand, or correct command and args.";
      fail(new ClientError("unauthenticated", `${name} did not end within ${limit / 1000} s, and was ended. ${advice}`));
    };
    if (deadline.signal.aborted) return cancelled();
    const child = spawn(exec.command, [...exec.args], { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const out = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      out.stdout += chunk;
      if (out.stdout.length <= MAX_OUTPUT) return;
      end();
      fail(new ClientError("malformed", `${name} printed more than ${MAX_OUTPUT} characters, and was ended.`));
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      out.stderr = (out.stderr + chunk).slice(-MAX_OUTPUT);
    });
    const end = () => {
      killGroup(child, "SIGTERM");
      setTimeout(() => killGroup(child, "SIGKILL"), GRACE_MILLISECONDS).unref();
    };
    const stop = () => {
      end();
      cancelled();
    };
    deadline.signal.addEventListener("abort", stop, { once: true });
    child.on("error", (error) => {
      const hint =
        exec.installHint === undefined ? `Install it, or correct command in exec of ${source}.` : exec.installHint.trim();
      fail(new ClientError("invalid", `${name} can't be started (${errorCode(error)}). ${hint}`));
    });
    child.on("close", (code, killer) => {
      done({
        ended: code === 0 ? undefined : code === null ? `was ended by ${killer}` : `failed with exit code ${code}`,
        ...out,
      });
    });
  });
  return ended.finally(() => deadline.clear());
}

/** The group may be gone already. */
function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // Nobody is left.
  }
}
