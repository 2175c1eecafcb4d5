import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { decode, encode } from "@msgpack/msgpack";
import { goplugin, health } from "../../../lib/provider/protocol/goplugin";
import { buildToy } from "../build-toy";
import { connect, type Handshaken, handshake, type ProviderClient } from "../client";

interface Answer {
  readonly diagnostics: readonly {
    severity: number;
    summary: string;
    detail: string;
    attribute: { steps: { attributeName?: string }[] } | null;
  }[];
  readonly newState?: { readonly msgpack: Uint8Array } | null;
}

let binary: string;
let folder: string;
const running: Handshaken[] = [];

async function start(options: Parameters<typeof handshake>[1] = {}): Promise<{ provider: Handshaken; client: ProviderClient }> {
  const provider = await handshake(binary, {
    ...options,
    env: { TF_LOG_PROVIDER: "TRACE", XDG_CACHE_HOME: folder, ...options.env },
  });
  running.push(provider);
  return { provider, client: connect(provider) };
}
const value = (object: object) => ({ msgpack: encode(object) });
const create = (client: ProviderClient, mode: string) =>
  client.call<Answer>("ApplyResourceChange", {
    typeName: "toy_trouble",
    priorState: { msgpack: encode(null) },
    plannedState: value({ mode, outcome: null }),
    config: value({ mode, outcome: null }),
  });
const configure = (client: ProviderClient) =>
  client.call<Answer>("ConfigureProvider", { config: value({ file: join(folder, "things.json") }) });

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Fails, and ends it, where it is still there after ten seconds. */
async function untilGone(pid: number): Promise<void> {
  for (const end = Date.now() + 10_000; isRunning(pid); await sleep(100)) {
    if (Date.now() < end) continue;
    process.kill(pid, "SIGKILL");
    throw new Error(`${pid} is still running`);
  }
}

beforeAll(async () => {
  binary = await buildToy();
  folder = mkdtempSync(join(tmpdir(), "serve-"));
}, 60_000);
afterEach(() => {
  for (const provider of running.splice(0)) {
    provider.process.kill("SIGKILL");
    rmSync(dirname(provider.fields[3] ?? ""), { recursive: true, force: true });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("serve: handshake", () => {
  it("answers over mutual TLS and leaves at Shutdown, with its socket", async () => {
    const { provider, client } = await start();
    expect(provider.fields.slice(0, 3).concat(provider.fields[4] ?? "")).toEqual(["1", "6", "unix", "grpc"]);
    expect(provider.fields[5]).toMatch(/^[A-Za-z0-9+/]{100,}$/);
    const socket = provider.fields[3] ?? "";
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    const metadata = await client.call<{ resources: { typeName: string }[] }>("GetMetadata", {});
    expect(metadata.resources.map(({ typeName }) => typeName)).toEqual(["toy_thing", "toy_trouble", "toy_legacy"]);
    const check = client.unary("/grpc.health.v1.Health/Check", health("HealthCheckRequest"), health("HealthCheckResponse"), {
      service: "plugin",
    });
    expect(await check).toEqual({ status: 1 });
    expect(await client.shutdown()).toBe(0);
    expect(existsSync(dirname(socket))).toBe(false);
  });

  it("serves plainly where Terraform asks for no TLS", async () => {
    const { provider, client } = await start({ plain: true });
    expect(provider.fields[5]).toBe("");
    await client.call("GetProviderSchema", {});
    client.close();
  });

  it("fails when a stranger connects with another certificate", async () => {
    const { provider } = await start();
    const stranger = connect(provider, { stranger: true });
    await expect(stranger.call("GetMetadata", {})).rejects.toMatchObject({ code: 14 });
    stranger.close();
  });

  it("says what it is when it is run by hand", async () => {
    const run = promisify(execFile)(binary, [], { env: { PATH: process.env.PATH } });
    await expect(run).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining("This is the toy provider for Terraform and OpenTofu"),
    });
  });

  it("prints TF_REATTACH_PROVIDERS for a debugger, and survives a Shutdown", async () => {
    const child = spawn(binary, ["--debug"]);
    const line = await new Promise<string>((resolve) => child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    const reattach = JSON.parse(/^TF_REATTACH_PROVIDERS='(.*)'\n$/.exec(line)?.[1] ?? "null");
    const socket: string = reattach["registry.terraform.io/test/toy"].Addr.String;
    expect(reattach).toEqual({
      "registry.terraform.io/test/toy": {
        Protocol: "grpc",
        ProtocolVersion: 6,
        Pid: child.pid,
        Test: true,
        Addr: { Network: "unix", String: socket },
      },
    });
    const client = connect({ fields: ["1", "6", "unix", socket, "grpc", ""] });
    await client.unary("/plugin.GRPCController/Shutdown", goplugin("Empty"), goplugin("Empty"), {});
    await client.call("GetMetadata", {});
    client.close();
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
  });

  it("keeps the configurations of two provider blocks apart, though a debugger's provider serves both", async () => {
    const child = spawn(binary, ["--debug"]);
    const line = await new Promise<string>((resolve) => child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    const socket = /"String":"([^"]+)"/.exec(line)?.[1] ?? "";
    const blocks = [0, 2].map((total) => {
      const file = join(folder, `block-${total}.json`);
      writeFileSync(file, JSON.stringify(Object.fromEntries(Array.from({ length: total }, (_, id) => [id, { kind: "k" }]))));
      return { file, client: connect({ fields: ["1", "6", "unix", socket, "grpc", ""] }) };
    });
    for (const { client, file } of blocks) await client.call("ConfigureProvider", { config: value({ file }) });
    const totals = blocks.map(async ({ client }) => {
      const config = value({ id: null, total: null, kinds: null });
      const { state } = await client.call<{ state: { msgpack: Uint8Array } }>("ReadDataSource", { typeName: "toy_file", config });
      return (decode(state.msgpack) as { total: number }).total;
    });
    expect(await Promise.all(totals)).toEqual([0, 2]);
    for (const { client } of blocks) client.close();
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
  });

  it("fails when there is no folder for its socket, in one line", async () => {
    const started = handshake(binary, { env: { TMPDIR: "/nowhere" } });
    await expect(started).rejects.toThrow(/^the provider left with 1: This provider can't start: No folder.*"\/nowhere".*\n$/);
  });

  const damages: Record<string, (file: Buffer) => Buffer> = {
    "zeros behind its header": (file) => Buffer.concat([file.subarray(0, 128), Buffer.alloc(file.length - 128)]),
    "flipped bytes": (file) => file.map((byte, index) => (index > 128 && index % 997 === 0 ? byte ^ 0xff : byte)) as Buffer,
    "half of it": (file) => file.subarray(0, file.length / 2),
  };
  it.each(Object.entries(damages))("starts from a code cache with %s, and heals it", async (_, damage) => {
    const cache = mkdtempSync(join(tmpdir(), "serve-cache-"));
    const run = async () => {
      const { client } = await start({ env: { XDG_CACHE_HOME: cache } });
      await client.call("GetProviderSchema", {});
      expect(await client.shutdown()).toBe(0);
    };
    await run();
    const code = join(cache, "cdktf-registry-access", "code");
    const file = join(code, readdirSync(code)[0] ?? "");
    const damaged = damage(readFileSync(file));
    writeFileSync(file, damaged);
    await run();
    const healed = readFileSync(file);
    expect(healed.equals(damaged)).toBe(false);
    await run();
    expect(readFileSync(file).equals(healed)).toBe(true);
    rmSync(cache, { recursive: true });
  });

  it("keeps compiled code for the next start, in a private folder", async () => {
    const cache = mkdtempSync(join(tmpdir(), "serve-cache-"));
    for (const configured of [false, true, true]) {
      const { client } = await start({ env: { XDG_CACHE_HOME: cache } });
      if (configured) await configure(client);
      else await client.call("GetProviderSchema", {});
      expect(await client.shutdown()).toBe(0);
    }
    const code = join(cache, "cdktf-registry-access", "code");
    expect(statSync(code).mode & 0o777).toBe(0o700);
    expect(readdirSync(code).map((name) => name.split("-").at(-1))).toEqual(["configured", "schema"]);
    rmSync(cache, { recursive: true });
  });
});

describe("serve: lifetime", () => {
  it("ignores Ctrl-C: StopProvider cancels", async () => {
    const { provider, client } = await start();
    await configure(client);
    const hanging = create(client, "hang");
    await sleep(100);
    provider.process.kill("SIGINT");
    await sleep(100);
    await client.call("StopProvider", {});
    expect((await hanging).diagnostics).toMatchObject([{ severity: 1, summary: "Cancelled" }]);
    expect(await client.shutdown()).toBe(0);
  });

  it.each(["SIGTERM", "SIGHUP"] as const)(
    "cancels what is under way at %s, and leaves when Terraform says so",
    async (signal) => {
      const { provider, client } = await start();
      await configure(client);
      const hanging = create(client, "hang");
      await sleep(100);
      provider.process.kill(signal);
      expect((await hanging).diagnostics).toMatchObject([{ severity: 1, summary: "Cancelled" }]);
      expect((await create(client, "fine")).diagnostics).toEqual([]);
      expect(await client.shutdown()).toBe(0);
    },
  );

  it("leaves when its parent dies", async () => {
    const script = `const c=require("child_process").spawn(${JSON.stringify(binary)},{stdio:["ignore","inherit","ignore"]});console.log("PID "+c.pid);setTimeout(()=>{},1e6)`;
    const parent = spawn(process.execPath, ["-e", script], {
      env: { ...process.env, TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2" },
    });
    let output = "";
    await new Promise<void>((resolve) =>
      parent.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes("PID") && output.includes("|grpc|")) resolve();
      }),
    );
    const pid = Number(/PID (\d+)/.exec(output)?.[1]);
    const socket = /unix\|([^|]+)\|/.exec(output)?.[1] ?? "";
    parent.kill("SIGKILL");
    await untilGone(pid);
    expect(existsSync(dirname(socket))).toBe(false);
  }, 15_000);

  it("leaves when its parent died before it could even look who that is, and nobody reads its handshake", async () => {
    const file = join(folder, "orphan.pid");
    // The shell ends at once, and so does the reader; the provider starts when both are long gone.
    const orphan = `sh -c 'echo $$ > "$0.new"; mv "$0.new" "$0"; sleep 0.5; exec "$1"' "$0" "$1"`;
    const parent = spawn("sh", ["-c", `${orphan} | true &`, file, binary], {
      stdio: "ignore",
      env: { ...process.env, TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2" },
    });
    await once(parent, "exit");
    while (!existsSync(file)) await sleep(10);
    const pid = Number(readFileSync(file, "utf8"));
    expect(isRunning(pid)).toBe(true);
    await untilGone(pid);
  }, 15_000);
});

describe("serve: what goes wrong", () => {
  it("answers unimplemented to what is not served", async () => {
    const { client } = await start();
    const empty = goplugin("Empty");
    for (const rpc of ["MoveResourceState", "CallFunction", "GetResourceIdentitySchemas"]) {
      await expect(client.unary(`/tfplugin6.Provider/${rpc}`, empty, empty, {})).rejects.toMatchObject({ code: 12 });
    }
    client.close();
  });

  it("turns an exception into a diagnostic that says whose bug it is, and logs its stack redacted", async () => {
    const { provider, client } = await start();
    await configure(client);
    const { diagnostics } = await create(client, "throw");
    expect(diagnostics).toMatchObject([
      { severity: 1, summary: "Bug in the toy provider", detail: expect.stringContaining("Please report it") },
    ]);
    expect(diagnostics[0]?.detail).toContain("(TypeError)");
    expect(diagnostics[0]?.detail).not.toContain("secret-in-stack");
    expect((await create(client, "fine")).diagnostics).toEqual([]);
    await client.shutdown();
    const line = provider
      .stderr()
      .split("\n")
      .find((text) => text.includes("unexpected exception"));
    expect(JSON.parse(line ?? "")).toMatchObject({
      "@level": "error",
      "@module": "provider.toy",
      type: "toy_trouble",
      operation: "apply",
    });
    expect(line).toContain("Bearer [redacted]");
    expect(line).not.toContain("abcdefghijkl");
  });

  const uncaught: Record<string, { mode: string; kind: string; diagnostic: string; keeps: boolean }> = {
    exception: { mode: "throw-later", kind: "uncaught exception", diagnostic: "(TypeError)", keeps: false },
    rejection: { mode: "reject", kind: "unhandled rejection", diagnostic: "(Error)", keeps: true },
  };
  it.each(Object.entries(uncaught))("answers the call that an uncaught %s belongs to, and goes on", async (_, expected) => {
    const { provider, client } = await start();
    await configure(client);
    const other = create(client, "hang");
    const { diagnostics, newState } = await create(client, expected.mode);
    expect(diagnostics).toMatchObject([
      { severity: 1, summary: "Bug in the toy provider", detail: expect.stringContaining(expected.diagnostic) },
    ]);
    expect(decode(newState?.msgpack ?? []) !== null).toBe(expected.keeps);
    expect((await create(client, "fine")).diagnostics).toEqual([]);
    await client.call("StopProvider", {});
    expect((await other).diagnostics).toMatchObject([{ summary: "Cancelled" }]);
    expect(await client.shutdown()).toBe(0);
    expect(provider.stderr()).toContain(`${expected.kind}: this is a bug in the provider`);
  });

  it("fails when the bytes are no request, and logs which RPC it was", async () => {
    const { provider, client } = await start();
    const garbage = { encode: () => Buffer.from([0xff, 0xff]), decode: () => ({}) };
    await expect(client.unary("/tfplugin6.Provider/ReadResource", garbage, garbage, {})).rejects.toMatchObject({ code: 13 });
    await client.shutdown();
    expect(provider.stderr()).toContain('"rpc":"ReadResource"');
  });

  it("reports unknown values after an apply, and logs a departure from the plan", async () => {
    const { provider, client } = await start();
    await configure(client);
    const trouble = await client.call<Answer>("ApplyResourceChange", {
      typeName: "toy_trouble",
      priorState: { msgpack: encode(null) },
      plannedState: {
        msgpack: Buffer.from([
          0x82,
          0xa4,
          ...Buffer.from("mode"),
          0xa7,
          ...Buffer.from("unknown"),
          0xa7,
          ...Buffer.from("outcome"),
          0xd4,
          0,
          0,
        ]),
      },
      config: value({ mode: "unknown", outcome: null }),
    });
    expect(trouble.diagnostics).toMatchObject([{ severity: 1, detail: expect.stringContaining("outcome") }]);
    await create(client, "depart");
    await client.shutdown();
    expect(provider.stderr()).toContain('"@message":"bug: the applied state departs from the plan"');
  });

  it("keeps what was made where its state does not fit the schema", async () => {
    const { client } = await start();
    await configure(client);
    const { diagnostics, newState } = await create(client, "misfit");
    expect(diagnostics).toMatchObject([
      { severity: 1, summary: "Bug in the provider", detail: expect.stringContaining(": outcome.") },
    ]);
    expect(decode(newState?.msgpack ?? [])).toEqual({ mode: "misfit", outcome: null });
    client.close();
  });

  it("accepts a provider configuration that is wholly unknown", async () => {
    const { client } = await start();
    const unknown = { msgpack: Buffer.from([0xd4, 0, 0]) };
    for (const rpc of ["ValidateProviderConfig", "ConfigureProvider"]) {
      expect((await client.call<Answer>(rpc, { config: unknown })).diagnostics).toEqual([]);
    }
    client.close();
  });

  it("has no functions, and says so", async () => {
    const { client } = await start();
    expect(await client.call("GetFunctions", {})).toMatchObject({});
    client.close();
  });

  it("refuses a type before the provider is configured, as a bug, and a type it has not", async () => {
    const { client } = await start();
    expect((await create(client, "fine")).diagnostics).toMatchObject([{ summary: "Bug in the toy provider" }]);
    const { diagnostics } = await client.call<Answer>("ReadDataSource", { typeName: "toy_nothing", config: value({}) });
    expect(diagnostics).toMatchObject([
      { summary: "No such type", detail: expect.stringMatching(/no type "toy_nothing"\. It has .*toy_file/) },
    ]);
    client.close();
  });

  it("refuses a write-only value under a client that would store it", async () => {
    const { client } = await start();
    const part = { name: "p", password_wo: "hunter22", length: null };
    const config = value({ id: null, kind: "k", size: null, tags: null, copy_of: null, parts: [part], targets: null });
    const old = await client.call<Answer>("ValidateResourceConfig", { typeName: "toy_thing", config });
    expect(old.diagnostics).toMatchObject([
      { severity: 1, summary: "Write-only attribute under an old client", detail: expect.stringContaining("password_env") },
    ]);
    expect(old.diagnostics[0]?.attribute?.steps.map((step) => step.attributeName)).toEqual(["parts", "", "password_wo"]);
    const clientCapabilities = { writeOnlyAttributesAllowed: true };
    expect(
      (await client.call<Answer>("ValidateResourceConfig", { typeName: "toy_thing", config, clientCapabilities })).diagnostics,
    ).toEqual([]);
    client.close();
  });

  it("upgrades an old state, and refuses a newer one", async () => {
    const { client } = await start();
    const upgrade = (version: number, json: object) =>
      client.call<Answer & { upgradedState: { msgpack: Uint8Array } | null }>("UpgradeResourceState", {
        typeName: "toy_thing",
        version,
        rawState: { json: Buffer.from(JSON.stringify(json)) },
      });
    const upgraded = await upgrade(0, { id: "1", sort: "ball" });
    expect(upgraded.diagnostics).toEqual([]);
    expect(Buffer.from(upgraded.upgradedState?.msgpack ?? []).toString("latin1")).toContain("ball");
    expect((await upgrade(7, {})).diagnostics).toMatchObject([{ summary: "State of a newer provider" }]);
    const damaged = await upgrade(1, { id: "1", kind: "ball", size: "3" });
    expect(damaged).toMatchObject({ diagnostics: [{ severity: 1, summary: "State that can't be read" }], upgradedState: null });
    expect((await upgrade(0, [])).diagnostics).toMatchObject([{ summary: "State that can't be read" }]);
    client.close();
  });

  it("takes messages of far more than gRPC's usual 4 MB", async () => {
    const { client } = await start();
    await configure(client);
    const big = "x".repeat(20_000_000);
    const answer = await client.call<Answer & { newState: { msgpack: Uint8Array } }>("ReadResource", {
      typeName: "toy_trouble",
      currentState: value({ mode: big, outcome: null }),
    });
    expect(answer.newState.msgpack.length).toBeGreaterThan(20_000_000);
    client.close();
  }, 30_000);
});
