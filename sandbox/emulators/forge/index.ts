/** The forges' emulator for whoever starts it from TypeScript, and its control client for tests. */
export { createForgeControl, type ForgeControl } from "./control-client";
export { type ForgeUrls, startForgeEmulator } from "./emulator";
