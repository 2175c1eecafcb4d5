/** The install script of EdgeNodeTrust, run by real shells in a file system of its own, as Linux and as macOS. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Testing } from "cdktf";
import { EdgeNodeTrust } from "../../lib";
import { TerraformStack } from "../../lib/constructs/cdktf";
import { createAuthority } from "../../sandbox/certificates";

const HOST = "registry.example.com:5000";
const LINUX = `etc/docker/certs.d/${HOST}/ca.crt`;
const MAC = `home/ada/.docker/certs.d/${HOST}/ca.crt`;
const ROOTLESS = `home/ada/.config/docker/certs.d/${HOST}/ca.crt`;
const CA = /-----BEGIN CERTIFICATE-----[\s\S]*-----END CERTIFICATE-----\n/;

const shells: readonly (readonly string[])[] = [["sh"], ["dash"], ["bash", "--posix"], ["busybox", "sh"]];
const here = shells.filter(
  ([program = ""]) => spawnSync(program, ["-c", ":"]).status === 0 || spawnSync(program, ["true"]).status === 0,
);

let [first, second]: string[] = [];
let folder: string;
beforeAll(async () => {
  const [one, two] = await Promise.all([createAuthority("first"), createAuthority("second")]);
  [first, second] = [scriptOf(one.certificate), scriptOf(two.certificate)];
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-node-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function scriptOf(caCertificate: string): string {
  return new EdgeNodeTrust(new TerraformStack(Testing.app(), "stack"), "edge", { host: HOST, caCertificate }).script;
}
const caOf = (script = "") => CA.exec(script)?.[0] ?? "";

interface Node {
  /** What `uname -s` says. @default Linux */
  readonly system?: string;
  /** What `id -u` says. @default 0 */
  readonly user?: number;
  readonly env?: { readonly [name: string]: string };
}

/** Runs a script as a machine would from its own root; programs that ask about the machine are stood in for, and what they are asked is kept. */
function run(shell: readonly string[], script: string | undefined, args: readonly string[] = [], node: Node = {}) {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const program = (name: string, text: string) => writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  program("uname", `echo ${node.system ?? "Linux"}`);
  program("id", `case $1 in -u) echo ${node.user ?? 0} ;; *) echo ada ;; esac`);
  program("docker", `echo "docker $*" >>'${join(folder, "asked")}'`);
  const root = join(folder, "root");
  mkdirSync(root, { recursive: true });
  const [command = "", ...before] = shell;
  const { status, stdout, stderr } = spawnSync(command, [...before, "-s", "--", ...args], {
    input: script ?? "",
    encoding: "utf8",
    env: { PATH: `${bin}:${process.env.PATH}`, HOME: "/home/ada", DESTDIR: root, ...node.env },
  });
  return { status, said: `${stdout}${stderr}`.replaceAll(`${root}/`, "/").trimEnd() };
}
const path = (file: string) => join(folder, "root", file);
const read = (file: string) => readFileSync(path(file), "utf8");
function put(file: string, text: string): void {
  mkdirSync(dirname(path(file)), { recursive: true });
  writeFileSync(path(file), text);
}
const asked = () => (existsSync(join(folder, "asked")) ? readFileSync(join(folder, "asked"), "utf8").trimEnd().split("\n") : []);

describe.each(here)("edge nodes, by %s", (...shell) => {
  it("Linux: installs, twice, renews, and removes", () => {
    expect(run(shell, first)).toEqual({
      status: 0,
      said: `Installed: /${LINUX}\nDocker reads the folder at its next pull from ${HOST}: no restart is needed.`,
    });
    expect(CA.exec(read(LINUX))?.[0]).toBe(caOf(first));
    expect(statSync(path(LINUX)).mode & 0o777).toBe(0o644);
    const written = statSync(path(LINUX)).mtimeMs;
    expect(run(shell, first)).toEqual({ status: 0, said: `/${LINUX} holds this CA already: nothing was changed.` });
    expect([statSync(path(LINUX)).mtimeMs, readdirSync(dirname(path(LINUX)))]).toEqual([written, ["ca.crt"]]);

    expect(run(shell, second).said).toContain(`Renewed: /${LINUX}`);
    expect([CA.exec(read(LINUX))?.[0], readdirSync(dirname(path(LINUX)))]).toEqual([caOf(second), ["ca.crt"]]);

    expect(run(shell, first, ["--remove"])).toEqual({ status: 0, said: expect.stringContaining(`Removed /${LINUX}.`) });
    expect(existsSync(dirname(path(LINUX)))).toBe(false);
    expect(run(shell, first, ["--remove"])).toEqual({ status: 0, said: `/${LINUX} is not there: nothing was changed.` });
  });

  it("Linux: leaves somebody else's certificate, unless it is told otherwise, and keeps it then", () => {
    put(LINUX, `theirs\n${caOf(second)}`);
    const refused = run(shell, first);
    expect([refused.status, refused.said]).toEqual([
      1,
      expect.stringContaining("is there with another CA, and this script did not write it"),
    ]);
    expect(run(shell, first, ["--remove"])).toMatchObject({ status: 1 });
    expect(read(LINUX)).toBe(`theirs\n${caOf(second)}`);
    expect(run(shell, first, ["--replace"]).said).toMatch(/^Replaced \(the former one is .*ca\.crt\.saved-\d{14}-\d+\): /);
    const saved = readdirSync(dirname(path(LINUX))).filter((name) => name !== "ca.crt");
    expect(saved.map((name) => readFileSync(join(dirname(path(LINUX)), name), "utf8"))).toEqual([`theirs\n${caOf(second)}`]);
    expect(CA.exec(read(LINUX))?.[0]).toBe(caOf(first));
    expect(run(shell, first, ["--remove"]).said).toMatch(
      /^Removed .*\n.*ca\.crt\.saved-\S+ is what was there before: move it back/,
    );
  });

  it("Linux: leaves the same certificate of somebody else's as it is, and takes what it wrote and was edited for theirs", () => {
    put(LINUX, `theirs\r\n${caOf(first).replaceAll("\n", "\r\n")}`);
    const before = read(LINUX);
    expect(run(shell, first)).toMatchObject({ status: 0, said: expect.stringContaining("holds this CA already") });
    expect(read(LINUX)).toBe(before);
    rmSync(path(LINUX));
    run(shell, first);
    put(LINUX, `${read(LINUX)}${caOf(second)}`);
    expect(run(shell, first, ["--remove"])).toMatchObject({ status: 1, said: expect.stringContaining("or was edited since") });
    // Somebody's bundle that has it among others.
    expect(run(shell, second)).toMatchObject({ status: 0, said: expect.stringContaining("holds this CA already") });
    put(LINUX, `${read(LINUX).split("\n")[0]}\n${caOf(second)}`);
    expect(run(shell, first)).toMatchObject({ status: 1, said: expect.stringContaining("or it was edited since") });
  });

  it("Linux: needs root only where the folder does, and none for rootless Docker", () => {
    put("run/user/1000/docker.sock", "");
    const env = { XDG_RUNTIME_DIR: "/run/user/1000" };
    expect(run(shell, first, [], { user: 1000, env }).said).toContain(`Installed: /${ROOTLESS}`);
    expect(run(shell, first, [], { user: 1000 }).said).toContain(`Installed: /${LINUX}`);
    // What is there already needs nobody's rights.
    expect(run(shell, first, [], { user: 1000 })).toMatchObject({ status: 0 });
  });

  it("macOS: the user's own folder, and Docker Desktop restarted where it was asked for and is needed", () => {
    const mac = { system: "Darwin", user: 501 };
    expect(run(shell, first, [], mac)).toEqual({
      status: 0,
      said: `Installed: /${MAC}\nDocker Desktop reads the folder when it starts: restart Docker Desktop.`,
    });
    expect([run(shell, first, ["--restart"], mac).said, asked()]).toEqual([
      `/${MAC} holds this CA already: nothing was changed.\nDocker Desktop reads the folder when it starts: restart Docker Desktop.`,
      [],
    ]);
    // The file system of another machine: this one's Docker has nothing to do with it.
    expect(run(shell, second, ["--restart"], mac).said).toContain("restart Docker Desktop.");
    expect(asked()).toEqual([]);
    const itself = { ...mac, env: { DESTDIR: "", HOME: path("home/ada") } };
    expect(run(shell, first, ["--restart"], itself).said).toContain(`Renewed: /${MAC}\nDocker Desktop was restarted.`);
    expect(asked()).toEqual(["docker desktop version", "docker desktop restart"]);
    // Asked for once more: nobody knows whether Docker has read it since.
    expect(run(shell, first, ["--restart"], itself).said).toContain("nothing was changed.\nDocker Desktop was restarted.");
    expect(run(shell, first, [], { ...mac, env: { HOME: "" } })).toMatchObject({
      status: 1,
      said: expect.stringContaining("HOME is not set"),
    });
    expect(run(shell, first, [], { system: "Darwin", user: 0 })).toMatchObject({
      status: 1,
      said: expect.stringContaining("run this without sudo"),
    });
  });

  it("writes where it is told to, and says how it is used", () => {
    expect(run(shell, first, ["--into", "/etc/containers/certs.d"]).said).toBe(
      `Installed: /etc/containers/certs.d/${HOST}/ca.crt`,
    );
    expect(run(shell, first, ["--help"])).toMatchObject({ status: 0, said: expect.stringContaining("--restart") });
    expect(run(shell, first, ["--force"])).toMatchObject({
      status: 1,
      said: expect.stringContaining("There is no option --force."),
    });
    expect(run(shell, first, ["--into"])).toMatchObject({ status: 1 });
    expect(run(shell, first, [], { system: "SunOS" })).toMatchObject({
      status: 1,
      said: expect.stringContaining("This is SunOS"),
    });
    expect(existsSync(path("etc/docker"))).toBe(false);
  });

  it("fails when the folder can't be written, or what should be a file is none", () => {
    mkdirSync(path(LINUX), { recursive: true });
    expect(run(shell, first)).toMatchObject({ status: 1, said: expect.stringContaining("can't be read as a file") });
    rmSync(path("etc"), { recursive: true });
    put("etc/docker/certs.d", "a file where a folder belongs");
    chmodSync(path("etc/docker/certs.d"), 0o444);
    expect(run(shell, first, [], { user: 1000 })).toMatchObject({
      status: 1,
      said: expect.stringContaining("run this by root (sudo sh SCRIPT)"),
    });
  });
});
