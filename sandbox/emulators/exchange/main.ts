/**
 * The exchange emulator as a process: `tsx sandbox/emulators/exchange/main.ts CONFIG.json`.
 *
 * CONFIG.json is an {@link ExchangeEmulatorConfig} (config.ts says every field). When it listens it prints one line of JSON to stdout:
 * `{"ready":true,"exchange":{"url":…,"tlsUrl":…},"control":{"url":…}}`.
 */
import { runEmulator } from "../http";
import { startExchangeEmulator } from "./emulator";

runEmulator(startExchangeEmulator);
