/** The emulator of IBM Cloud as a process: `tsx sandbox/emulators/ibm-cloud/main.ts CONFIG.json` (config.ts says every field). */
import { runEmulator } from "../http";
import { startIbmCloudEmulator } from "./emulator";

runEmulator(startIbmCloudEmulator);
