/** A real node for the sandbox's cluster: kubelet, containerd and runc, in namespaces of their own. */

import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { whyNoCgroups } from "./cgroups";
import { relaySocket } from "./paths";

/** Of util-linux and mount, which Debian, Ubuntu, Fedora and Alpine have by default. */
const NEEDED_COMMANDS = ["unshare", "nsenter", "mount", "umount"];
/** Linux' limit of a unix socket's path, its final zero included (unix(7)). */
const SOCKET_PATH_BYTES = 108;

/** What a machine is, as far as a node depends on it. */
export interface Machine {
  readonly platform: string;
  /** Undefined where there are no user ids. */
  readonly uid: number | undefined;
  readonly path: string;
}

const thisMachine = (): Machine => ({
  platform: process.platform,
  uid: process.getuid?.(),
  path: process.env.PATH ?? "",
});

/**
 * Why no node can run here, as the end of a sentence, in one line; undefined where one can.
 *
 * @param folder - the sandbox's
 */
export function whyNoNode(folder: string, machine: Machine = thisMachine()): string | undefined {
  if (machine.platform !== "linux") return `it needs Linux, and this is ${machine.platform}`;
  if (machine.uid !== 0) return "it needs root; try it with sudo";
  const missing = NEEDED_COMMANDS.filter((command) => findCommand(command, machine.path) === undefined);
  if (missing.length > 0)
    return `there is no ${missing.join(", no ")} on this machine; the packages util-linux and mount have them`;
  const socket = relaySocket(folder);
  if (Buffer.byteLength(socket) >= SOCKET_PATH_BYTES) {
    return `${socket} is too long for a socket's path; set XDG_STATE_HOME to a shorter one`;
  }
  if (/^\/(?:run|var\/run|var\/log)\//.test(folder)) {
    return `${folder} is hidden from it; set XDG_STATE_HOME to a folder outside /run and /var/log`;
  }
  return whyNoCgroups() ?? whyNoNamespaces();
}

/** A container may have a root that may not do this. */
function whyNoNamespaces(): string | undefined {
  const args = ["--mount", "--net", "--pid", "--fork", "--mount-proc", "mount", "-t", "tmpfs", "tmpfs", "/mnt"];
  try {
    execFileSync("unshare", args, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8", timeout: 10_000 });
    return undefined;
  } catch (error) {
    const said = typeof error === "object" && error !== null && "stderr" in error ? String(error.stderr).trim() : String(error);
    return `namespaces of its own are not allowed here (${said.split("\n")[0]})`;
  }
}

/** The path of a command; undefined where `PATH` has none. */
export function findCommand(name: string, path: string = process.env.PATH ?? ""): string | undefined {
  return path
    .split(":")
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
