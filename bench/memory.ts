/** What a sandbox takes of a machine's memory. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { SandboxState } from "../sandbox";
import { initPidFile } from "../sandbox/node/paths";
import { readRecords } from "../sandbox/process/records";

/** MiB, in proportional set sizes: a page that several processes share counts once (proc(5), `smaps_rollup`). */
export interface Memory {
  readonly control_plane_mib: number;
  /** With the emulator of Bluemix. */
  readonly registries_mib: number;
  /** kubelet, containerd, its shims, the relay. */
  readonly node_mib: number;
  /** The containers of Pods, each Pod's own sandbox container with them. */
  readonly pods_mib: number;
  readonly sandbox_mib: number;
}

type Part = "control_plane" | "registries" | "node" | "pods";

/** Measures every process of a sandbox: those that were started for it, those that they started, and all in its node's namespaces. */
export function memoryOf(state: SandboxState): Memory {
  const kib: Record<Part, number> = { control_plane: 0, registries: 0, node: 0, pods: 0 };
  const recorded = new Map(readRecords(state.folder).map(({ name, identity }) => [identity?.pid, partOf(name)]));
  const inside = namespaceOf(readText(initPidFile(state.folder)).trim());
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const part = recorded.get(sessionOf(pid)) ?? (inside === undefined ? undefined : partInNode(pid, inside));
    if (part !== undefined) kib[part] += Number(/^Pss:\s+(\d+)/m.exec(readText(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
  }
  const mib = (...parts: readonly Part[]): number => Math.round(parts.reduce((sum, part) => sum + kib[part], 0) / 1024);
  return {
    control_plane_mib: mib("control_plane"),
    registries_mib: mib("registries"),
    node_mib: mib("node"),
    pods_mib: mib("pods"),
    sandbox_mib: mib("control_plane", "registries", "node", "pods"),
  };
}

function partOf(name: string): Part {
  if (name === "etcd" || name.startsWith("kube-")) return "control_plane";
  return ["node", "node-relay", "containerd", "kubelet"].includes(name) ? "node" : "registries";
}

/** Undefined for a process out of the node. A container's processes have a namespace of their own, below the node's. */
function partInNode(pid: string, inside: string): Part | undefined {
  if (namespaceOf(pid) === inside) return "node";
  for (let parent = parentOf(pid); parent > 1; parent = parentOf(String(parent))) {
    if (namespaceOf(String(parent)) === inside) return "pods";
  }
  return undefined;
}

/** Every process that is launched has a session of its own; what it starts stays there unless it makes another. */
const sessionOf = (pid: string): number => statField(pid, 6);
const parentOf = (pid: string): number => statField(pid, 4);

/** By its number in proc(5), which counts from 1; the second may hold blanks, and is in parentheses. */
function statField(pid: string, number: number): number {
  const [, rest = ""] = /\) (.*)$/s.exec(readText(`/proc/${pid}/stat`)) ?? [];
  return Number(rest.split(" ")[number - 3] ?? 0);
}

/** The processes' namespace. */
function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
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
