import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { writeProviderFolder } from "../../lib/constructs/provider-folder";
import { buildProvider } from "../../scripts/build-provider";
import { SandboxError } from "../sandbox-error";
import type { RecordedCommand } from "./recorded-run";

const ROOT = resolve(__dirname, "../..");

/** A kind of program that a stack is written as: which files make it, and which commands deploy it. */
export interface StackProgram {
  /** Linked into the project: path in the project → what it links to. */
  readonly links: { readonly [path: string]: string };
  readonly deploy: readonly RecordedCommand[];
  readonly destroy: readonly RecordedCommand[];
  /** Lays what can't be linked; done before anything is run. */
  prepare(folder: string): Promise<void>;
  /** Where the engine runs, and finds the state. */
  stackFolder(folder: string): Promise<string>;
}

/**
 * The program in a folder of this repository: for CDK, or plain HCL.
 *
 * @throws SandboxError where there is neither
 */
export function findProgram(source: string, engine: string): StackProgram {
  const from = join(ROOT, source);
  if (existsSync(join(from, "cdktf.json"))) return cdktfProgram(from);
  if (existsSync(join(from, "main.tf"))) return hclProgram(from, engine);
  throw new SandboxError(`${from} has neither cdktf.json nor main.tf: is ${JSON.stringify(source)} a stack of this repository?`);
}

function cdktfProgram(from: string): StackProgram {
  const cdktf = (...args: readonly string[]) => ({ name: "cdktf", command: join(ROOT, "node_modules/.bin/cdktf"), args });
  return {
    links: {
      "main.ts": join(from, "main.ts"),
      "cdktf.json": join(from, "cdktf.json"),
      "package.json": join(ROOT, "package.json"),
      node_modules: join(ROOT, "node_modules"),
    },
    deploy: [cdktf("deploy", "--auto-approve")],
    destroy: [cdktf("destroy", "--auto-approve")],
    prepare: async () => undefined,
    stackFolder,
  };
}

function hclProgram(from: string, engine: string): StackProgram {
  const terraform = (...args: readonly string[]) => ({ name: "terraform", command: engine, args });
  return {
    links: { "main.tf": join(from, "main.tf") },
    deploy: [terraform("init", "-input=false"), terraform("apply", "-auto-approve", "-input=false")],
    destroy: [terraform("destroy", "-auto-approve", "-input=false")],
    prepare: installProvider,
    stackFolder: async (folder) => folder,
  };
}

/** What `npm run provider` does for a person. */
async function installProvider(folder: string): Promise<void> {
  writeProviderFolder(folder, await buildProvider("registry"));
}

/** The folder of the one stack of a program for CDK, as cdktf's manifest names it. */
export async function stackFolder(folder: string): Promise<string> {
  const output = join(folder, "cdktf.out");
  const manifest = JSON.parse(await readFile(join(output, "manifest.json"), "utf8")) as {
    readonly stacks: { readonly [name: string]: { readonly workingDirectory: string } };
  };
  const [stack] = Object.values(manifest.stacks);
  if (stack === undefined) throw new SandboxError(`${output} holds no stack.`);
  return join(output, stack.workingDirectory);
}
