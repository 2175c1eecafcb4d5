import type { Dispatcher } from "undici";
import { ClientError } from "../client-error";
import { findProxy } from "./proxy";
import { createTrust } from "./trust";
import type { HttpClientOptions } from "./types";
import { loadUndici } from "./undici";

/** Opens connections to one service, directly or through a proxy. undici is loaded here, at first use. */
export async function createDispatcher(url: URL, options: HttpClientOptions): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = loadUndici();
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
  if (proxy !== undefined) checkProxy(proxy);
  return proxy === undefined
    ? new Agent({ ...shared, connect: tls })
    : new ProxyAgent({ ...shared, uri: proxy, requestTls: tls });
}

/** The address may hold a password: no message shows it. */
function checkProxy(proxy: string): void {
  const protocol = URL.canParse(proxy) ? new URL(proxy).protocol : undefined;
  if (protocol === "http:" || protocol === "https:") return;
  const given = protocol === undefined ? "is no URL" : `starts with "${protocol}//"`;
  throw new ClientError(
    "invalid",
    `The address of the proxy ${given}. Give it as "http://host:port" (proxy_url, or HTTPS_PROXY and HTTP_PROXY in the environment).`,
  );
}
