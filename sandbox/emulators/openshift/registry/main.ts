/**
 * The door of OpenShift's image registry as a process: `tsx sandbox/emulators/openshift/registry/main.ts CONFIG.json`, with an
 * {@link ImageRegistryConfig} (config.ts says every field).
 */
import { runEmulator } from "../../http";
import { startImageRegistry } from "./registry";

runEmulator(startImageRegistry);
