import childProcess from "node:child_process";
import { Socket } from "node:net";

/** Where a provider under test may be told that its services are: nobody listens on port 1. */
export const NOWHERE = "https://127.0.0.1:1";

/**
 * Keeps this process from reaching anything: connections are refused, programs do not start. Returns the addresses that were tried.
 */
export function goOffline(): readonly string[] {
  const tried: string[] = [];
  Socket.prototype.connect = function (this: Socket, ...options: unknown[]): Socket {
    tried.push(JSON.stringify(options[0] ?? null));
    if (tried.length > 100) tried.shift();
    setImmediate(() =>
      this.destroy(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED", syscall: "connect" })),
    );
    return this;
  } as Socket["connect"];
  const refuse = () => {
    throw Object.assign(new Error("spawn ENOENT"), { code: "ENOENT", syscall: "spawn" });
  };
  Object.assign(childProcess, { spawn: refuse, exec: refuse, execFile: refuse, fork: refuse });
  return tried;
}
