import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { SandboxState } from "../../../sandbox";
import { cgroupOf, cgroupsOf } from "../../../sandbox/node/cgroups";
import { initPidFile } from "../../../sandbox/node/paths";

/** What a node could change of a machine, besides its own folder. */
export interface Host {
  readonly mounts: readonly string[];
  /** Network links. */
  readonly links: readonly string[];
  readonly routes: string;
  /** Kernel settings, by name. */
  readonly settings: { readonly [name: string]: string };
}

const SETTINGS = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
  "net/ipv4/ip_forward",
  "net/ipv4/conf/all/forwarding",
];

/** The folders that kubelet, containerd and runc make on an ordinary machine. */
const FOLDERS = [
  "/var/lib/kubelet",
  "/run/containerd",
  "/run/runc",
  "/opt/containerd",
  "/opt/cni",
  "/etc/cni",
  "/var/log/pods",
  "/run/netns",
];

/** A machine as it is now. */
export function lookAtHost(): Host & { readonly folders: readonly string[] } {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").trim().split("\n");
  return {
    mounts: mounts.map((line) => line.split(" ").slice(4, 5).join(" ")),
    links: readdirSync("/sys/class/net").sort(),
    routes: readFileSync("/proc/net/route", "utf8"),
    settings: Object.fromEntries(SETTINGS.map((name) => [name, readText(`/proc/sys/${name}`).trim()])),
    folders: FOLDERS.filter((folder) => existsSync(folder)),
  };
}

/** Everything that runs on the node of a sandbox, containers' processes too: those in one of its namespaces. */
export class NodeTraces {
  private readonly folder: string;
  private readonly namespaces: ReadonlySet<string>;

  constructor(state: Pick<SandboxState, "folder">) {
    this.folder = state.folder;
    const init = readFileSync(initPidFile(state.folder), "utf8").trim();
    this.namespaces = new Set(["net", "pid", "mnt"].map((kind) => readlinkSync(`/proc/${init}/ns/${kind}`)));
  }

  /** Processes by their command lines. */
  processes(): string[] {
    return readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry))
      .filter((pid) => this.isInside(pid))
      .map((pid) => readText(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim())
      .filter((line) => line !== "");
  }

  cgroups(): string[] {
    return cgroupsOf(this.folder);
  }

  private isInside(pid: string): boolean {
    const inNamespace = ["net", "pid", "mnt"].some((kind) => this.namespaces.has(readLink(`/proc/${pid}/ns/${kind}`)));
    return inNamespace || readText(`/proc/${pid}/cgroup`).includes(`/${cgroupOf(this.folder)}`);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function readLink(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}
