import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cgroupOf, makeCgroups, removeCgroups, whyNoCgroups } from "../../../sandbox/node/cgroups";

/** On a folder that looks like /sys/fs/cgroup: a machine has either version 1 or version 2. */
describe("a node's cgroups", () => {
  const sandbox = "/home/ada/.cache/cdktf-registry-access/sandboxes/trial";
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "cgroups-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const version1 = (...controllers: readonly string[]): void => {
    for (const controller of controllers) {
      mkdirSync(join(root, controller));
      for (const file of ["tasks", "cgroup.procs"]) writeFileSync(join(root, controller, file), "");
    }
  };
  const version2 = (available: string, handedDown: string): void => {
    writeFileSync(join(root, "cgroup.controllers"), `${available}\n`);
    writeFileSync(join(root, "cgroup.subtree_control"), `${handedDown}\n`);
    writeFileSync(join(root, "cgroup.procs"), "");
  };

  it("bear the sandbox's name, and are its folder's alone", () => {
    expect(cgroupOf(sandbox)).toMatch(/^registry-access-trial-[0-9a-f]{8}$/);
    expect(cgroupOf("/elsewhere/sandboxes/trial")).not.toBe(cgroupOf(sandbox));
  });

  it("can be made with version 1 and with version 2", () => {
    version1("cpu", "cpuacct", "cpuset", "memory", "pids");
    expect(whyNoCgroups(root)).toBeUndefined();
    for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
    version2("cpuset cpu io memory pids", "cpuset cpu io memory pids");
    expect(whyNoCgroups(root)).toBeUndefined();
    expect(readdirSync(root).filter((name) => name.includes("trial"))).toEqual([]);
  });

  it("fails when a controller is missing", () => {
    version1("cpu", "cpuacct", "memory");
    expect(whyNoCgroups(root)).toBe(`there are no cgroups for cpuset in ${root}`);
    version2("cpuset cpu memory", "");
    expect(whyNoCgroups(root)).toBe(`cgroups have no controller pids in ${root}`);
  });

  it("are handed the controllers of version 2 that systemd leaves out", () => {
    version2("cpuset cpu io memory pids", "cpu memory pids");
    makeCgroups(sandbox, root);
    expect(readFileSync(join(root, "cgroup.subtree_control"), "utf8")).toBe("+cpuset");
    expect(existsSync(join(root, cgroupOf(sandbox)))).toBe(true);
  });

  it("fails when controllers can't be handed down, as in a container", () => {
    version2("cpuset cpu memory pids", "");
    rmSync(join(root, "cgroup.subtree_control"));
    symlinkSync(join(root, "nowhere", "file"), join(root, "cgroup.subtree_control"));
    expect(() => makeCgroups(sandbox, root)).toThrow(
      /does not hand down the cgroup controllers cpu, cpuset, memory, pids, and can't .*ENOENT/,
    );
  });

  it("fails when processes keep controllers from being handed down, as in a container: it is known before", () => {
    version2("cpuset cpu memory pids", "cpu memory");
    writeFileSync(join(root, "cgroup.type"), "domain\n");
    expect(whyNoCgroups(root)).toBeUndefined();
    writeFileSync(join(root, "cgroup.procs"), "1\n");
    expect(whyNoCgroups(root)).toBe(`processes in ${root} keep it from handing down the controllers cpuset, pids`);
    writeFileSync(join(root, "cgroup.subtree_control"), "cpuset cpu memory pids\n");
    expect(whyNoCgroups(root)).toBeUndefined();
  });

  it("are made in each hierarchy of version 1, with the processors of the root, and removed with all in them", async () => {
    version1("cpuset", "memory");
    writeFileSync(join(root, "cpuset", "cpuset.cpus"), "0-1\n");
    makeCgroups(sandbox, root);
    const own = (controller: string, ...inner: readonly string[]) => join(root, controller, cgroupOf(sandbox), ...inner);
    expect(readFileSync(own("cpuset", "cpuset.cpus"), "utf8")).toBe("0-1\n");
    // A real cgroup's files do not keep it from being removed.
    rmSync(own("cpuset", "cpuset.cpus"));
    mkdirSync(own("memory", "kubepods", "pod1"), { recursive: true });
    await removeCgroups(sandbox, root);
    expect(["cpuset", "memory"].map((controller) => existsSync(own(controller)))).toEqual([false, false]);
    await removeCgroups(sandbox, root);
  });
});
