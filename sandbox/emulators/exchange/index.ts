/** The exchange emulator for whoever starts it from TypeScript, and its control client for tests. */
export type { ExchangeEmulatorConfig } from "./config";
export { createExchangeControl, type ExchangeControl } from "./control-client";
export { startExchangeEmulator } from "./emulator";
