import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { upCommand } from "./commands";
import { formatCells } from "./main-job/table";
import { fetchAsNode, type NodeWish } from "./open-horizon/fetch-as-node";
import { createProgress } from "./progress/reporter";
import { formatStatus } from "./report";
import { describeError, SandboxError, UsageError } from "./sandbox-error";
import { startSandbox } from "./start-sandbox";
import { listSandboxes, sandboxStatus } from "./status";
import { stopSandbox } from "./stop";
import { parseSystems, SYSTEM_NAMES } from "./systems/registered";

const EXIT = { well: 0, failed: 1, usage: 2, notUp: 3, interrupted: 130 } as const;

const EXIT_CODES = `
Exit codes:
  0    it worked; for status: the sandbox is up in full
  1    it did not work, and the message says why
  2    the command line is wrong
  3    status: the sandbox is down or only partly up; logs, agent: there is none
  130  interrupted (Ctrl-C); what was started is taken down again`;

interface CommonOptions {
  readonly name: string;
  readonly json?: true;
}

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => interrupted.abort(new SandboxError("Interrupted.")));
}
const { signal } = interrupted;
// A terminal that is gone must not cut off the take-down.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
const progress = createProgress(process.stderr);

function print(value: object, text: string, json: true | undefined): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
}

interface UpOptions extends CommonOptions {
  readonly node: boolean;
  readonly with?: string;
}

async function up({ name, json, node, with: systems = "" }: UpOptions): Promise<number> {
  const { reused } = await startSandbox({ name, progress, signal, node: node && "auto", systems: parseSystems(systems) });
  const status = sandboxStatus(name);
  print({ ...status, reused }, formatStatus(status), json);
  return EXIT.well;
}

async function down({ name, json, all }: CommonOptions & { readonly all?: true }): Promise<number> {
  const names = all ? listSandboxes() : [name];
  const removed: string[] = [];
  for (const one of names) {
    if (await stopSandbox(one, { progress, signal })) {
      removed.push(one);
    }
  }
  print(
    { removed },
    removed.length === 0
      ? names.length === 1
        ? `No sandbox "${names[0]}" was up.`
        : "No sandbox was up."
      : `Taken down: ${removed.join(", ")}.`,
    json,
  );
  return EXIT.well;
}

function status({ name, json }: CommonOptions): number {
  const found = sandboxStatus(name);
  print(found, formatStatus(found), json);
  return found.status === "up" ? EXIT.well : EXIT.notUp;
}

function logs(only: string | undefined, { name, json, lines }: CommonOptions & { readonly lines: string }): number {
  const { processes } = sandboxStatus(name);
  const chosen = processes.filter((process) => only === undefined || process.name === only);
  if (chosen.length === 0) {
    const known = processes.map((process) => process.name).join(", ");
    const what = processes.length === 0 ? "is down" : `has no process ${JSON.stringify(only)}`;
    process.stderr.write(`The sandbox "${name}" ${what}${known && `; it has ${known}`}.\n`);
    return EXIT.notUp;
  }
  const tails = chosen.map(({ name: process, log }) => {
    return { process, log, lines: readFileSync(log, "utf8").trimEnd().split("\n").slice(-Number(lines)) };
  });
  print({ logs: tails }, tails.map((tail) => `==> ${tail.process} (${tail.log})\n${tail.lines.join("\n")}`).join("\n\n"), json);
  return EXIT.well;
}

async function agent({ name, json, ...wish }: CommonOptions & NodeWish): Promise<number> {
  const { state } = sandboxStatus(name);
  const proof = state === null ? undefined : await fetchAsNode(state, wish, signal);
  if (proof === undefined) {
    process.stderr.write(`The sandbox "${name}" has no Open Horizon. To give it one: ${upCommand(name)} --with open-horizon\n`);
    return EXIT.notUp;
  }
  print(proof, formatCells(proof.head, proof.rows, process.stdout.isTTY === true && !process.env.NO_COLOR), json);
  return proof.rows.flat().some(({ state }) => state === "not_well") ? EXIT.failed : EXIT.well;
}

function parseLines(value: string): string {
  if (!/^[1-9]\d{0,5}$/.test(value)) {
    throw new CommanderError(EXIT.usage, "lines", `--lines is ${JSON.stringify(value)}; a whole number from 1 on is allowed.`);
  }
  return value;
}

function createProgram(finish: (code: number) => void): Command {
  const program = new Command("sandbox")
    .description("A real Kubernetes cluster, two container registries and a Bluemix emulator on this machine.")
    .exitOverride()
    .addHelpText("after", EXIT_CODES);
  const command = (use: string, description: string): Command =>
    program
      .command(use)
      .description(description)
      .option("--name <name>", "which sandbox; several may be up side by side", "default")
      .option("--json", "machine-readable output on stdout (npm run -s keeps npm's banner out of it); progress goes to stderr")
      .addHelpText("after", EXIT_CODES);
  command("up", "bring it up; where it is up already, say where it is")
    .option("--no-node", "without a node: Pods are made, and none runs")
    .option("--with <systems>", `with these too, comma-separated, also where it is up already: ${SYSTEM_NAMES.join(", ")}`)
    .action(async (options) => finish(await up(options)));
  command("down", "take it down, also what a crash or a kill left of it")
    .option("--all", "every sandbox of this user")
    .action(async (options) => finish(await down(options)));
  command("status", "say what runs and where").action((options) => finish(status(options)));
  command("logs [process]", "print the end of the logs")
    .addOption(new Option("--lines <count>", "lines of each log").default("20").argParser(parseLines))
    .action((only, options) => finish(logs(only, options)));
  command("agent", "do what an edge node of the sandbox's Open Horizon does: verify services and fetch their images")
    .option("--pattern <name>", "only what this pattern names")
    .option("--service <id>", "only this service, such as my.company-gps_1.2.3_amd64")
    .action(async (options) => finish(await agent(options)));
  return program;
}

async function main(): Promise<number> {
  let code: number = EXIT.well;
  try {
    await createProgram((result) => {
      code = result;
    }).parseAsync();
    return code;
  } catch (error) {
    if (signal.aborted) {
      process.stderr.write("Interrupted; what was started is taken down.\n");
      return EXIT.interrupted;
    }
    if (error instanceof CommanderError) {
      if (error.code === "lines") {
        process.stderr.write(`error: ${error.message}\n`);
      }
      return error.exitCode === 0 ? EXIT.well : EXIT.usage;
    }
    process.stderr.write(`${describeError(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
