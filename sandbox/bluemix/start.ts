import { join } from "node:path";
import type { EmulatorUrls } from "../emulators/bluemix/emulator";
import { launchEmulator } from "../process/launch-emulator";
import { createEmulatorConfiguration, type EmulatorParts } from "./configuration";

const MAIN = join(__dirname, "..", "emulators", "bluemix", "main.ts");

/** Starts the Bluemix emulator as a process of its own and returns where it listens. */
export function startBluemix(parts: EmulatorParts, signal: AbortSignal | undefined): Promise<EmulatorUrls> {
  const configuration = createEmulatorConfiguration(parts);
  return launchEmulator({ folder: parts.folder, name: "bluemix", main: MAIN, configuration, signal });
}
