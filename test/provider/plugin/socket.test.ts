import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sweepSockets } from "../../../lib/provider/plugin/socket";

describe("sweepSockets", () => {
  let parent: string;
  let server: Server;
  beforeEach(async () => {
    parent = mkdtempSync(join(tmpdir(), "sweep-"));
    for (const name of ["tfp-dead", "tfp-live", "tfp-young", "tfp-other"]) mkdirSync(join(parent, name));
    server = createServer();
    await new Promise<void>((resolve) => server.listen(join(parent, "tfp-live", "s"), resolve));
    writeFileSync(join(parent, "tfp-other", "s"), "no socket of ours");
    writeFileSync(join(parent, "tfp-other", "mine"), "a file");
    const listen =
      "const net=require('net');for(const path of process.argv.slice(1))net.createServer().listen(path);setTimeout(()=>process.kill(process.pid,'SIGKILL'),200)";
    const killed = spawn(process.execPath, ["-e", listen, ...["tfp-dead", "tfp-young"].map((name) => join(parent, name, "s"))]);
    await new Promise((resolve) => killed.once("exit", resolve));
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const name of ["tfp-dead", "tfp-live", "tfp-other"]) utimesSync(join(parent, name), longAgo, longAgo);
  });
  afterEach(() => {
    server.close();
    rmSync(parent, { recursive: true, force: true });
  });

  it("takes away what killed providers left, and nothing else", async () => {
    sweepSockets(parent);
    await sleep(200);
    const left = ["tfp-dead", "tfp-live", "tfp-young", "tfp-other"].filter((name) => existsSync(join(parent, name)));
    expect(left).toEqual(["tfp-live", "tfp-young", "tfp-other"]);
    expect(existsSync(join(parent, "tfp-other", "s"))).toBe(true);
  });

  it("lets it be where the folder can't be listed", () => {
    expect(() => sweepSockets(join(parent, "nowhere"))).not.toThrow();
  });
});
