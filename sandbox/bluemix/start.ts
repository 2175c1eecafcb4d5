import { join } from "node:path";
import type { EmulatorUrls } from "../emulators/bluemix/emulator";
import { writePrivateFile } from "../files";
import { type LaunchedProcess, launch } from "../process/launch";
import { waitUntilReady } from "../process/ready";
import { createEmulatorConfiguration, type EmulatorParts } from "./configuration";

const MAIN = join(__dirname, "..", "emulators", "bluemix", "main.ts");

/** Starts the Bluemix emulator as a process of its own and returns where it listens. */
export async function startBluemix(parts: EmulatorParts, signal: AbortSignal | undefined): Promise<EmulatorUrls> {
  const file = join(parts.folder, "bluemix.json");
  await writePrivateFile(file, JSON.stringify(createEmulatorConfiguration(parts), null, 2));
  const emulator = launch(parts.folder, "bluemix", {
    command: process.execPath,
    args: ["--require", require.resolve("tsx/cjs"), MAIN, file],
  });
  let urls: EmulatorUrls | undefined;
  await waitUntilReady(emulator, {
    signal,
    check: async () => {
      urls = readReadyLine(emulator);
      return urls !== undefined;
    },
  });
  return urls ?? Promise.reject(new Error("The Bluemix emulator is ready and says nothing."));
}

/** It prints one line of JSON once it listens. */
function readReadyLine(emulator: LaunchedProcess): EmulatorUrls | undefined {
  const line = emulator
    .logTail()
    .split("\n")
    .find((text) => text.startsWith('{"ready":true'));
  return line === undefined ? undefined : (JSON.parse(line) as EmulatorUrls);
}
