/** How long Terraform waits for the provider, beside what Node alone takes. */
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { buildProvider } from "../scripts/build-provider";
import { connect, handshake } from "../test/provider/client";
import { median } from "./median";

/** Medians over interleaved runs. */
export interface Startup {
  /** From the start of the process to the handshake line. */
  readonly handshake_ms: number;
  /** From the start of the process to the first answer (GetMetadata over mutual TLS), gRPC loaded. */
  readonly answer_ms: number;
  /** `node -e 0`, from start to exit. */
  readonly node_ms: number;
  readonly bundle_bytes: number;
  readonly runs: number;
}

/** Measures. Runs are interleaved, so that a busy machine slows all of them alike. */
export async function measureStartup(runs: number): Promise<Startup> {
  const binary = await buildProvider("registry");
  if (binary === undefined) throw new Error("lib/provider/main.ts is missing: there is no provider to measure");
  const samples: { node: number; handshake: number; answer: number }[] = [];
  for (let run = -1; run < runs; run++) {
    const node = await bareNode();
    const started = performance.now();
    const provider = await handshake(binary);
    const client = connect(provider);
    await client.call("GetMetadata", {});
    const answer = performance.now() - started;
    await client.shutdown();
    if (run >= 0) samples.push({ node, handshake: provider.milliseconds, answer }); // the first run only warms the disk
  }
  return {
    handshake_ms: median(samples.map((sample) => sample.handshake)),
    answer_ms: median(samples.map((sample) => sample.answer)),
    node_ms: median(samples.map((sample) => sample.node)),
    bundle_bytes: statSync(binary).size,
    runs,
  };
}

async function bareNode(): Promise<number> {
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, ["-e", "0"], { stdio: "ignore" });
    child.once("exit", () => resolve());
    child.once("error", reject);
  });
  return performance.now() - started;
}
