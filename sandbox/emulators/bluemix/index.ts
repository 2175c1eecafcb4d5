/** The Bluemix emulator for whoever starts it from TypeScript, and its control client for tests. */
export type { BluemixEmulatorConfig } from "./config";
export { type BluemixControl, createBluemixControl } from "./control-client";
export { type EmulatorUrls, startBluemixEmulator } from "./emulator";
