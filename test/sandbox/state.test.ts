import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder, makePrivateFolder, sandboxesFolder, sandboxFolder } from "../../sandbox/folders";
import { isAlive } from "../../sandbox/process/identity";
import { launch } from "../../sandbox/process/launch";
import { waitUntilReady } from "../../sandbox/process/ready";
import { readRecords } from "../../sandbox/process/records";
import { parseState, readSandbox, recordedProcesses, type SandboxState, writeState } from "../../sandbox/state";
import { listSandboxes, sandboxStatus } from "../../sandbox/status";
import { stopSandbox } from "../../sandbox/stop";

describe("folders", () => {
  it("follow XDG, and ignore relative paths in it", () => {
    const own = "cdktf-registry-access";
    expect({
      cache: cacheFolder({ XDG_CACHE_HOME: "/c" }),
      state: sandboxesFolder({ XDG_CACHE_HOME: "/c", XDG_STATE_HOME: "/s" }),
      noState: sandboxesFolder({ XDG_CACHE_HOME: "/c", XDG_STATE_HOME: "relative" }),
      one: sandboxFolder("a-1", { XDG_CACHE_HOME: "/c" }),
    }).toEqual({
      cache: `/c/${own}`,
      state: `/s/${own}/sandboxes`,
      noState: `/c/${own}/sandboxes`,
      one: `/c/${own}/sandboxes/a-1`,
    });
  });

  it.each(["", "A", "-a", "a-", "../x", "a".repeat(33)])("fails when a sandbox is called %j", (name) => {
    expect(() => sandboxFolder(name)).toThrow(`Invalid sandbox name ${JSON.stringify(name)}.`);
  });
});

describe("the state of a sandbox", () => {
  const before = { state: process.env.XDG_STATE_HOME, cache: process.env.XDG_CACHE_HOME };
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "sandbox-test-"));
    process.env.XDG_STATE_HOME = home;
    process.env.XDG_CACHE_HOME = home;
  });
  afterEach(async () => {
    await stopSandbox("trial");
    restore("XDG_STATE_HOME", before.state);
    restore("XDG_CACHE_HOME", before.cache);
    rmSync(home, { recursive: true });
  });

  const up = async (): Promise<SandboxState> => {
    const folder = sandboxFolder("trial");
    await makePrivateFolder(folder);
    const sleeper = launch(folder, "sleeper", { command: "sleep", args: ["60"] });
    await waitUntilReady(sleeper, { check: async () => readRecords(folder)[0]?.identity !== undefined });
    const endpoint = { url: "http://127.0.0.1:1", host: "127.0.0.1:1" };
    const region = { url: "http://127.0.0.1:2", tlsUrl: "https://127.0.0.1:3", hosts: ["registry.example.com"] };
    const state: SandboxState = {
      version: 1,
      name: "trial",
      folder,
      kubeconfig: join(folder, "kubeconfig"),
      context: "sandbox-trial",
      caFile: join(folder, "ca.crt"),
      apiServer: "https://127.0.0.1:4",
      registries: { private: endpoint, public: endpoint },
      bluemix: {
        regions: { dedicated: region, "us-south": region },
        realm: "http://127.0.0.1:5/token",
        control: "http://127.0.0.1:6",
      },
      credentialsFile: join(folder, "credentials.json"),
      systems: {},
      node: null,
      processes: recordedProcesses(folder),
    };
    await writeState(state);
    return state;
  };

  it("is read as it was written, by its owner alone, and the sandbox is up", async () => {
    const state = await up();
    expect(readSandbox("trial")).toEqual(state);
    expect(state.processes.map(({ name }) => name)).toEqual(["sleeper"]);
    expect([statSync(state.folder).mode & 0o777, statSync(join(state.folder, "state.json")).mode & 0o777]).toEqual([
      0o700, 0o600,
    ]);
    expect(sandboxStatus("trial")).toMatchObject({ status: "up", processes: [{ name: "sleeper", running: true }] });
  });

  it("is broken once a process is gone", async () => {
    const [sleeper] = (await up()).processes;
    process.kill(sleeper?.pid ?? 0, "SIGKILL");
    while (sleeper && isAlive(sleeper)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(sandboxStatus("trial")).toMatchObject({ status: "broken", processes: [{ name: "sleeper", running: false }] });
  });

  it("is broken where the start was cut off", async () => {
    const { folder } = await up();
    rmSync(join(folder, "state.json"));
    expect(sandboxStatus("trial")).toMatchObject({
      status: "broken",
      state: null,
      processes: [{ name: "sleeper", running: true }],
    });
  });

  it("is gone with all its processes after stopSandbox, of which a second one finds nothing", async () => {
    const { folder, processes } = await up();
    expect(await stopSandbox("trial")).toBe(true);
    expect({ folder: existsSync(folder), alive: processes.filter(isAlive), listed: listSandboxes() }).toEqual({
      folder: false,
      alive: [],
      listed: [],
    });
    expect(sandboxStatus("trial")).toEqual({ name: "trial", status: "down", processes: [], state: null });
    expect(await stopSandbox("trial")).toBe(false);
  });
});

it("a state of another version is none", () => {
  expect(parseState('{"version":0,"name":"old"}')).toBeUndefined();
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) {
    delete process.env[name];
  } else {
    process.env[name] = value;
  }
}
