import { readdirSync } from "node:fs";
import { hasCode } from "./files";
import { sandboxesFolder, sandboxFolder } from "./folders";
import { isAlive } from "./process/identity";
import { readRecords } from "./process/records";
import { type RegistriesState, readState } from "./state";

/** How a sandbox is. */
export interface SandboxStatus {
  readonly name: string;
  /** `up`: all of it runs; `broken`: half of it does, or its start was cut off; `down`: there is none. */
  readonly status: "up" | "broken" | "down";
  readonly processes: readonly {
    readonly name: string;
    readonly pid: number | null;
    readonly running: boolean;
    readonly log: string;
  }[];
  /** Null where its start was cut off. `hasCluster` tells whether it has a cluster or only registries. */
  readonly state: RegistriesState | null;
}

/** How the sandbox of that name is, by its processes. */
export function sandboxStatus(name: string): SandboxStatus {
  const state = readState(name) ?? null;
  const processes = readRecords(sandboxFolder(name)).map(({ identity, ...record }) => ({
    name: record.name,
    pid: identity?.pid ?? null,
    running: identity !== undefined && isAlive(identity),
    log: record.log,
  }));
  if (state === null && !listSandboxes().includes(name)) {
    return { name, status: "down", processes, state };
  }
  return { name, status: state !== null && processes.every(({ running }) => running) ? "up" : "broken", processes, state };
}

/** The names of all sandboxes that have a folder. */
export function listSandboxes(): string[] {
  try {
    return readdirSync(sandboxesFolder(), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return [];
    }
    throw error;
  }
}
