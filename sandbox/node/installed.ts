import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { NODE_MODULE, readGoMod, requiredVersion } from "../binaries/modules";
import { findCommand } from "./availability";

const run = promisify(execFile);
const VERSION_MS = 10_000;

/** Where Kubernetes' packages put the CNI plugins, besides PATH. */
const CNI_FOLDER = "/opt/cni/bin";

/** Programs that go together, and which version of the first of them fits. */
interface Suite {
  readonly programs: readonly string[];
  readonly fits: RegExp;
}

/**
 * The programs of a node that this machine has in a fitting version, by name: a kubelet of the control plane's minor version, a containerd 2
 * with its shim and ctr, and CNI plugins of any.
 *
 * @param path - as in the environment's PATH
 */
export async function findInstalled(path: string = process.env.PATH ?? ""): Promise<ReadonlyMap<string, string>> {
  const minor = /^v\d+\.\d+\./.exec(requiredVersion(readGoMod(NODE_MODULE), "k8s.io/kubernetes"))?.[0] ?? "";
  const suites: readonly Suite[] = [
    { programs: ["kubelet"], fits: new RegExp(`^Kubernetes ${minor.replaceAll(".", "\\.")}`) },
    { programs: ["containerd", "containerd-shim-runc-v2", "ctr"], fits: /^containerd \S+ v2\./ },
  ];
  const found = new Map<string, string>();
  for (const { programs, fits } of suites) {
    const paths = locate(programs, path);
    const [first] = paths?.values() ?? [];
    if (paths === undefined || first === undefined || !fits.test(await versionOf(first))) continue;
    for (const [name, file] of paths) found.set(name, file);
  }
  for (const [name, file] of locate(["bridge", "loopback", "host-local"], `${CNI_FOLDER}:${path}`) ?? []) found.set(name, file);
  return found;
}

/** All of them, or none. */
function locate(programs: readonly string[], path: string): ReadonlyMap<string, string> | undefined {
  const found = programs.flatMap((name) => {
    const file = findCommand(name, path);
    return file === undefined ? [] : [[name, file] as const];
  });
  return found.length === programs.length ? new Map(found) : undefined;
}

async function versionOf(program: string): Promise<string> {
  try {
    return (await run(program, ["--version"], { timeout: VERSION_MS })).stdout;
  } catch {
    return "";
  }
}
