/** The forges' emulator as a process: `tsx sandbox/emulators/forge/main.ts CONFIG.json` (config.ts says every field). */
import { runEmulator } from "../http";
import { startForgeEmulator } from "./emulator";

runEmulator(startForgeEmulator);
