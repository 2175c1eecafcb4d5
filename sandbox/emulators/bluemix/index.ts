/** The Bluemix emulator for whoever starts it from TypeScript, and its control client for tests. */
export type { BluemixEmulatorConfig } from "./config";
export { type BluemixControl, type ControlledToken, createBluemixControl } from "./control-client";
export { type EmulatorUrls, type RunningEmulator, type ServiceUrls, startBluemixEmulator } from "./emulator";
