import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode, readTextIfThere } from "../files";
import { SandboxError } from "../sandbox-error";

const ROOT = "/sys/fs/cgroup";
/** What a kubelet refuses to start without: of version 1, and of version 2. */
const CONTROLLERS_1 = ["cpu", "cpuacct", "cpuset", "memory"];
const CONTROLLERS_2 = ["cpu", "cpuset", "memory", "pids"];
const PATIENCE_MS = 10_000;
const POLL_MS = 50;

/** The name of the cgroup, in every hierarchy, that all Pods of a sandbox's node are in. It is the folder's alone. */
export function cgroupOf(sandbox: string): string {
  const digest = createHash("sha256").update(sandbox).digest("hex").slice(0, 8);
  return `registry-access-${basename(sandbox)}-${digest}`;
}

/** Why no Pods can be put into cgroups here, in one line; undefined where they can. */
export function whyNoCgroups(root: string = ROOT): string | undefined {
  const unified = readTextIfThere(join(root, "cgroup.controllers"));
  if (unified === undefined) {
    const missing = CONTROLLERS_1.filter((controller) => !existsSync(join(root, controller, "tasks")));
    if (missing.length > 0) return `there are no cgroups for ${missing.join(", ")} in ${root}`;
    return whyNotMade(CONTROLLERS_1.map((controller) => join(root, controller)));
  }
  const missing = CONTROLLERS_2.filter((controller) => !unified.split(/\s+/).includes(controller));
  if (missing.length > 0) return `cgroups have no controller ${missing.join(", ")} in ${root}`;
  return whyNotHandedDown(root) ?? whyNotMade([root]);
}

/** A cgroup of version 2 other than the machine's root, as a container sees its own, hands nothing down while processes are in it. */
function whyNotHandedDown(root: string): string | undefined {
  const off = controllersOff(root);
  // The machine's root alone has no cgroup.type.
  const isBusy = existsSync(join(root, "cgroup.type")) && (readTextIfThere(join(root, "cgroup.procs")) ?? "").trim() !== "";
  return off.length > 0 && isBusy
    ? `processes in ${root} keep it from handing down the controllers ${off.join(", ")}`
    : undefined;
}

/** The controllers that a cgroup of version 2 does not hand down. */
function controllersOff(root: string): readonly string[] {
  const on = (readTextIfThere(join(root, "cgroup.subtree_control")) ?? "").split(/\s+/);
  return CONTROLLERS_2.filter((controller) => !on.includes(controller));
}

/** A container often has its cgroups for reading only. */
function whyNotMade(parents: readonly string[]): string | undefined {
  for (const parent of parents) {
    const trial = join(parent, `registry-access-trial-${process.pid}`);
    try {
      mkdirSync(trial);
      rmdirSync(trial);
    } catch (error) {
      return `no cgroup can be made in ${parent} (${error instanceof Error && "code" in error ? String(error.code) : String(error)})`;
    }
  }
  return undefined;
}

/** The folders of a cgroup in all hierarchies: the one of version 2, or one for each controller of version 1. */
function hierarchies(root: string): string[] {
  if (existsSync(join(root, "cgroup.controllers"))) return [root];
  return existsSync(root) ? readdirSync(root).map((name) => join(root, name)) : [];
}

/** The cgroups that a sandbox's node has made, as folders. */
export function cgroupsOf(sandbox: string, root: string = ROOT): string[] {
  return hierarchies(root)
    .map((parent) => join(parent, cgroupOf(sandbox)))
    .filter((folder) => existsSync(folder));
}

/** Makes the cgroup of a sandbox's Pods; a kubelet wants it to be there. */
export function makeCgroups(sandbox: string, root: string = ROOT): void {
  handDown(root);
  for (const parent of hierarchies(root).filter((folder) => existsSync(join(folder, "cgroup.procs")))) {
    const own = join(parent, cgroupOf(sandbox));
    mkdirSync(own, { recursive: true });
    if (existsSync(join(own, "cgroup.subtree_control"))) {
      // Beside version 1 the one of version 2 has none.
      const available = readFileSync(join(own, "cgroup.controllers"), "utf8").split(/\s+/).filter(Boolean);
      if (available.length > 0) writeFileSync(join(own, "cgroup.subtree_control"), available.map((name) => `+${name}`).join(" "));
    }
    // A new cpuset of version 1 has no processors, and takes no process before it has.
    for (const setting of ["cpuset.cpus", "cpuset.mems"].filter((name) => existsSync(join(parent, name)))) {
      if (existsSync(join(own, "cgroup.subtree_control"))) continue;
      writeFileSync(join(own, setting), readFileSync(join(parent, setting)));
    }
  }
}

/** Version 2 has controllers below its root only where they are switched on, as any container engine does; systemd leaves out some. */
function handDown(root: string): void {
  const off = controllersOff(root);
  if (!existsSync(join(root, "cgroup.controllers")) || off.length === 0) return;
  try {
    writeFileSync(join(root, "cgroup.subtree_control"), off.map((controller) => `+${controller}`).join(" "));
  } catch (error) {
    throw new SandboxError(
      `${root} does not hand down the cgroup controllers ${off.join(", ")}, and can't be made to (${error}).`,
    );
  }
}

/**
 * Removes the cgroups of a sandbox's Pods, also what is left of them; waits for their processes, which have to be ending already.
 *
 * @throws SandboxError where some don't end
 */
export async function removeCgroups(sandbox: string, root: string = ROOT): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (const own of cgroupsOf(sandbox, root)) {
    while (!tryRemove(own)) {
      if (Date.now() > deadline) throw new SandboxError(`The cgroup ${own} can't be removed: processes in it do not end.`);
      await sleep(POLL_MS);
    }
  }
}

/** Innermost first; false where one is still in use. */
function tryRemove(cgroup: string): boolean {
  try {
    for (const entry of readdirSync(cgroup, { withFileTypes: true })) {
      if (entry.isDirectory() && !tryRemove(join(cgroup, entry.name))) return false;
    }
    rmdirSync(cgroup);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return true;
    if (hasCode(error, "EBUSY", "ENOTEMPTY")) return false;
    throw error;
  }
}
