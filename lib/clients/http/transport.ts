import type { Dispatcher } from "undici";
import { findProxy } from "./proxy";
import { createTrust } from "./trust";
import type { HttpClientOptions } from "./types";

/** Opens connections to one service, directly or through a proxy. undici is loaded here, at first use: it costs 70 ms of start-up. */
export async function createDispatcher(url: URL, options: HttpClientOptions): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import("undici");
  const tls = {
    timeout: options.timeouts?.connect ?? 10_000,
    rejectUnauthorized: options.insecure !== true,
    ...(options.serverName === undefined ? {} : { servername: options.serverName }),
    ...(url.protocol === "https:" ? { secureContext: await createTrust(options) } : {}),
  };
  const shared = {
    connections: options.maxConnections ?? 32,
    headersTimeout: options.timeouts?.headers ?? 30_000,
    bodyTimeout: options.timeouts?.body ?? 30_000,
  };
  const proxy = options.proxyUrl ?? findProxy(url, options.env ?? process.env);
  return proxy === undefined
    ? new Agent({ ...shared, connect: tls })
    : new ProxyAgent({ ...shared, uri: proxy, requestTls: tls });
}
