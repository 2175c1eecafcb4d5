/** The emulator of IBM Cloud for whoever starts it from TypeScript, and its control client for tests. */
export type { IbmCloudEmulatorConfig } from "./config";
export { createIbmCloudControl, type IbmCloudControl } from "./control-client";
export { type EmulatorUrls, startIbmCloudEmulator } from "./emulator";
