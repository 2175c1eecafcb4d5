import { join } from "node:path";
import { writePrivateFile } from "../files";
import { type LaunchedProcess, launch } from "./launch";
import { waitUntilReady } from "./ready";

/** An emulator as a process of its own. */
export interface EmulatorStart {
  /** The sandbox's. */
  readonly folder: string;
  /** Of its process, its log and its configuration's file: `bluemix`. */
  readonly name: string;
  /** Its `main.ts`, which calls `runEmulator`. */
  readonly main: string;
  /** Written to a file that only its owner can read: it holds credentials. */
  readonly configuration: object;
  readonly signal: AbortSignal | undefined;
}

/** Starts an emulator, waits until it listens, and returns where: what its ready line says. */
export async function launchEmulator<Urls>({ folder, name, main, configuration, signal }: EmulatorStart): Promise<Urls> {
  const file = join(folder, `${name}.json`);
  await writePrivateFile(file, JSON.stringify(configuration, null, 2));
  const args = ["--require", require.resolve("tsx/cjs"), main, file];
  const emulator = launch(folder, name, { command: process.execPath, args });
  let urls: Urls | undefined;
  await waitUntilReady(emulator, {
    signal,
    check: async () => {
      urls = readReadyLine<Urls>(emulator);
      return urls !== undefined;
    },
  });
  return urls ?? Promise.reject(new Error(`The emulator ${name} is ready and says nothing.`));
}

/** It prints one line of JSON once it listens. */
function readReadyLine<Urls>(emulator: LaunchedProcess): Urls | undefined {
  const line = emulator
    .logTail()
    .split("\n")
    .find((text) => text.startsWith('{"ready":true'));
  return line === undefined ? undefined : (JSON.parse(line) as Urls);
}
