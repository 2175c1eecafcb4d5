import type { HttpClientOptions, HttpLog, HttpRuntime } from "../clients/http";

/** What every issuer takes beside its settings. */
export interface IssuerOptions extends HttpRuntime {
  readonly log?: HttpLog;
  /** @default - those of every client */
  readonly timeouts?: NonNullable<HttpClientOptions["timeouts"]>;
}
