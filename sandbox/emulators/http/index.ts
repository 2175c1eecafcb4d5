/** HTTP for emulators: a tiny router with a request log and faults, plain and TLS listeners. Knows no service. */
export { createFaults, type Fault, type Faults } from "./faults";
export { type Listening, listen } from "./listen";
export { basicLogin, bearerToken, type EmulatorRequest, ok, type Reply, type Route } from "./request";
export { createRequestLog, type LoggedRequest, type RequestLog } from "./request-log";
export { createReverseProxy } from "./reverse-proxy";
export { createRequestListener } from "./serve";
