/** What end-to-end tests share: a real Terraform (or OpenTofu) with our provider, and a real cluster. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Engine, findEngine } from "../../../sandbox";
import { buildProvider } from "../../../scripts/build-provider";
import { useStateBackend } from "./state-store";

/** How a command ended. */
export interface Run {
  readonly code: number;
  /** stdout and stderr. */
  readonly output: string;
}

/** One message of Terraform, unwrapped. */
export interface Message {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
}

/** What an apply or a destroy said. */
export interface Applied extends Run {
  readonly messages: readonly Message[];
}

/** A plan: for people, and as data. */
export interface Planned extends Applied {
  /** Address → actions, of what is to change: `["update"]`, `["delete", "create"]`. */
  readonly changes: { readonly [address: string]: readonly string[] };
  /** As `terraform show` prints it. */
  readonly text: string;
}

/** A configuration in a folder of its own, with our provider in `terraform.d/plugins`. */
export interface Stack {
  readonly folder: string;
  /** Environment variables of every run. */
  readonly env: { [name: string]: string | undefined };
  /** All of them, for one command. */
  environmentOf(args: readonly string[]): NodeJS.ProcessEnv;
  /** Writes main.tf, and nothing else. */
  write(hcl: string): void;
  run(...args: readonly string[]): Promise<Run>;
  /** With `-out=plan.bin`. */
  plan(...args: readonly string[]): Promise<Planned>;
  apply(...args: readonly string[]): Promise<Applied>;
  destroy(...args: readonly string[]): Promise<Applied>;
  /** Attributes of a resource in the state; undefined where it is not there. */
  attributes<T>(address: string): Promise<T | undefined>;
  /** The state as it is stored, wherever that is. */
  state(): Promise<string>;
  /** Starts a command and returns at once; the promise settles when it has ended. */
  start(...args: readonly string[]): { readonly pid: number | undefined; readonly done: Promise<Run> };
}

/** What every configuration of ours begins with. */
const REQUIRED_PROVIDERS = `
terraform {
  required_providers {
    registry = { source = "registry.terraform.io/registry-access/registry" }
  }
}
`;

/**
 * Makes a stack; `init` is run at the first plan or apply. The provider is built where its sources changed.
 *
 * @param engine @default - the one of the sandbox
 */
export async function createStack(
  name: string,
  env: { readonly [name: string]: string | undefined } = {},
  engine?: Engine,
  envOf?: (args: readonly string[]) => { readonly [name: string]: string },
): Promise<Stack> {
  const [{ path }, provider] = await Promise.all([engine ?? findEngine(), buildProvider("registry")]);
  if (provider === undefined) throw new Error("The provider has no source to build.");
  const folder = mkdtempSync(join(tmpdir(), `registry-access-${name}-`));
  installProvider(folder, provider);
  const cliConfig = join(folder, "terraform.rc");
  writeFileSync(cliConfig, "disable_checkpoint = true\n");
  await useStateBackend(folder);
  const inherited = { PATH: process.env.PATH, HOME: folder, TF_CLI_CONFIG_FILE: cliConfig, TF_IN_AUTOMATION: "1" };
  return openStack(folder, path, { ...inherited, ...env }, envOf);
}

/**
 * A stack that lies in a folder already, such as one that cdktf synthesized.
 * @param envOf - what is added for a command, by its arguments
 */
export function openStack(
  folder: string,
  engine: string,
  env: { readonly [name: string]: string | undefined },
  envOf: (args: readonly string[]) => { readonly [name: string]: string } = () => ({}),
): Stack {
  const own: { [name: string]: string | undefined } = { ...env };

  const environmentOf = (args: readonly string[]) => ({ ...own, ...envOf(args) }) as NodeJS.ProcessEnv;
  const start = (args: readonly string[]) => {
    let pid: number | undefined;
    const done = new Promise<Run>((resolve) => {
      const options = { cwd: folder, env: environmentOf(args), maxBuffer: 1 << 28 };
      const child = execFile(engine, [...args], options, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), output: `${stdout}${stderr}` }),
      );
      pid = child.pid;
    });
    return { pid, done };
  };
  const run = (...args: readonly string[]) => start(args).done;
  const withMessages = async (command: string, ...args: readonly string[]): Promise<Applied> => {
    const ran = await run(command, "-json", "-input=false", ...args);
    return { ...ran, messages: messagesOf(ran.output) };
  };
  let isInitialised = false;
  const initialise = async () => {
    if (isInitialised) return;
    const { code, output } = await run("init", "-no-color");
    if (code !== 0) throw new Error(output);
    isInitialised = true;
  };

  return {
    folder,
    env: own,
    environmentOf,
    write: (hcl) => writeFileSync(join(folder, "main.tf"), `${REQUIRED_PROVIDERS}${hcl}`),
    run,
    start: (...args) => start(args),
    async plan(...args) {
      await initialise();
      const planned = await withMessages("plan", "-out=plan.bin", ...args);
      if (planned.code !== 0) return { ...planned, changes: {}, text: "" };
      const data = JSON.parse((await run("show", "-json", "plan.bin")).output) as PlanData;
      const changed = (data.resource_changes ?? []).filter(({ change }) => !["no-op", "read"].includes(change.actions.join()));
      const { output: text } = await run("show", "-no-color", "plan.bin");
      return { ...planned, changes: Object.fromEntries(changed.map(({ address, change }) => [address, change.actions])), text };
    },
    async apply(...args) {
      await initialise();
      return withMessages("apply", ...(args.includes("plan.bin") ? args : ["-auto-approve", ...args]));
    },
    async destroy(...args) {
      await initialise();
      return withMessages("destroy", "-auto-approve", ...args);
    },
    async state() {
      const { code, output } = await run("state", "pull");
      if (code !== 0) throw new Error(output);
      return output;
    },
    async attributes<T>(address: string) {
      const data = JSON.parse((await run("show", "-json")).output) as StateData;
      const found = data.values?.root_module.resources?.find((resource) => resource.address === address);
      return found?.values as T | undefined;
    },
  };
}

/** Throws with Terraform's whole output unless it went well. */
export function expectWell<R extends Applied>(result: R): R {
  const errors = result.messages.filter(({ severity }) => severity === "error");
  if (result.code !== 0)
    throw new Error(errors.map(({ summary, detail }) => `${summary}: ${detail}`).join("\n") || result.output);
  return result;
}

/** What went wrong, without warnings. */
export function errorsOf({ messages }: Applied): readonly Message[] {
  return messages.filter(({ severity }) => severity === "error");
}

/** Removes a stack's folder. */
export function removeStack(stack: Stack | undefined): void {
  if (stack !== undefined) rmSync(stack.folder, { recursive: true, force: true });
}

interface PlanData {
  readonly resource_changes?: readonly { readonly address: string; readonly change: { readonly actions: readonly string[] } }[];
}
interface StateData {
  readonly values?: {
    readonly root_module: { readonly resources?: readonly { readonly address: string; readonly values: object }[] };
  };
}

function installProvider(folder: string, provider: string): void {
  const version = basename(provider).replace(/^.*_v/, "");
  const platform = `${process.platform}_${arch() === "x64" ? "amd64" : arch()}`;
  const target = join(
    folder,
    "terraform.d/plugins/registry.terraform.io/registry-access/registry",
    version,
    platform,
    basename(provider),
  );
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(provider, target);
}

function messagesOf(output: string): Message[] {
  return output.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const parsed = JSON.parse(line) as { readonly diagnostic?: Message };
    const { diagnostic } = parsed;
    if (diagnostic === undefined) return [];
    const { severity, summary, detail, address } = diagnostic;
    return [{ severity, summary, detail, ...(address === undefined ? {} : { address }) }];
  });
}
