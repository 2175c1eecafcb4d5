/** HTTP for emulators: a tiny router with a request log and faults, plain and TLS listeners, a control port. Knows no service. */
export { controlRoutes } from "./control";
export { createControlClient, type EmulatorControl } from "./control-client";
export { type DataFile, openDataFile } from "./data-file";
export { createFaults } from "./faults";
export { listenTls } from "./listen";
export { createListeners, type ServiceUrls } from "./listeners";
export { basicLogin, bearerToken, type EmulatorRequest, ok, type Reply, type Route } from "./request";
export { createRequestLog } from "./request-log";
export { createReverseProxy } from "./reverse-proxy";
export { type RunningEmulator, runEmulator } from "./run";
export { createRequestListener } from "./serve";
