import type { IncomingHttpHeaders } from "node:http";
import type { ExchangeEmulatorConfig } from "./config";
import type { Identity } from "./identities";
import type { Store } from "./store";

/** What all routes work on. */
export interface ExchangeContext {
  readonly config: ExchangeEmulatorConfig;
  readonly store: Store;
  readonly authenticate: (headers: IncomingHttpHeaders) => Identity | undefined;
}
