/** How long the review of a large plan takes: `npm run bench -- review`. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildCli } from "../scripts/build-cli";
import { type GivenChange, patch, planJson, pullSecret, token } from "../test/cli/support/plan-json";
import { highWaterMark } from "./fleet/peak-memory";
import { median } from "./median";

/** Medians. */
export interface ReviewFigures {
  readonly namespaces: number;
  /** From the start of `registry-access review --from FILE --format markdown` to its end. */
  readonly seconds: number;
  /** The most memory that the process ever held (10⁶ bytes; `VmHWM` of proc(5)). */
  readonly rss_mb: number;
  readonly markdown_chars: number;
  /** Of the plan's JSON. */
  readonly plan_mb: number;
  readonly runs: number;
}

/** Measures with the command line as it is installed. */
export async function measureReview(namespaces: number, runs: number): Promise<ReviewFigures> {
  const program = await buildCli();
  const folder = mkdtempSync(join(tmpdir(), "registry-access-bench-review-"));
  try {
    const file = join(folder, "plan.json");
    const json = largePlan(namespaces);
    writeFileSync(file, json);
    const samples = [];
    for (let run = -1; run < runs; run++) {
      const sample = await reviewOnce(program, file);
      if (run >= 0) samples.push(sample); // the first run only warms the disk
    }
    return {
      namespaces,
      seconds: Math.round(median(samples.map(({ milliseconds }) => milliseconds)) / 10) / 100,
      rss_mb: median(samples.map(({ bytes }) => bytes / 1e6)),
      markdown_chars: samples[0]?.characters ?? 0,
      plan_mb: Math.round(json.length / 1e5) / 10,
      runs,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The dearest form: a pull secret and a patch for each namespace, a third each new, rotated and going. */
function largePlan(namespaces: number): string {
  const changes = Array.from({ length: namespaces }, (_, index): readonly GivenChange[] => {
    const name = `team-${String(index).padStart(5, "0")}`;
    const secret = pullSecret({ [name]: "in_sync" }, { name: `pull-${index}`, id: `bench/${index}` });
    const rotated = pullSecret({ [name]: "in_sync" }, { name: `pull-${index}`, registries: [{ hosts: null, copy_from: null }] });
    const own = patch({ [`${name}/default`]: "in_sync" }, { pull_secrets: [`pull-${index}`] });
    const at = { name: `n${index}` };
    const [type, patchType] = ["registry_pull_secret", "registry_service_account_patch"];
    if (index % 3 === 0)
      return [
        { ...at, type, actions: ["create"], after: secret },
        { ...at, type: patchType, actions: ["create"], after: own },
      ];
    if (index % 3 === 1)
      return [
        { ...at, type, actions: ["delete"], before: secret },
        { ...at, type: patchType, actions: ["delete"], before: own },
      ];
    const unknown = { fingerprint: true, registries: [{ credential_id: true }] };
    return [
      { ...at, type, actions: ["update"], before: secret, after: rotated, unknown },
      { ...at, type: patchType, actions: ["no-op"], before: own, after: own },
    ];
  });
  const rotation: GivenChange = {
    type: "registry_token",
    name: "pull",
    actions: ["create", "delete"],
    before: token({ status: "renewal_due" }),
    after: token({ credential_id: undefined, id: undefined, expires_at: undefined }),
    unknown: { id: true, credential_id: true, expires_at: true },
  };
  return planJson([rotation, ...changes.flat()]);
}

const POLL_MS = 5;

function reviewOnce(program: string, file: string) {
  return new Promise<{ readonly milliseconds: number; readonly bytes: number; readonly characters: number }>((done, fail) => {
    const started = performance.now();
    const child = spawn(process.execPath, [program, "review", "--from", file, "--format", "markdown", "bench"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let [bytes, text] = [0, ""];
    const timer = setInterval(() => {
      bytes = Math.max(bytes, peakOf(child.pid));
    }, POLL_MS);
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.on("error", fail);
    child.on("close", (code) => {
      clearInterval(timer);
      if (code !== 2) return fail(new Error(`The review ended with ${code}.`));
      done({ milliseconds: performance.now() - started, bytes, characters: text.length });
    });
  });
}

function peakOf(pid: number | undefined): number {
  try {
    return highWaterMark(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    // It has ended.
    return 0;
  }
}
