import { isIP } from "node:net";
import type { buildConnector, Dispatcher } from "undici";
import { systemCode } from "../error-code";
import { unbracketed } from "./address";
import { TLS_ALERT } from "./connection-error";
import { findProxy } from "./proxy";
import { blameProxy } from "./proxy-error";
import { createProxyTrust, createTrust } from "./trust";
import type { HttpClientOptions } from "./types";
import { loadUndici } from "./undici";

/** How long a service may be silent before its answer begins, where the caller does not say. */
export const HEADERS_MILLISECONDS = 30_000;

/** Connections to one service. */
export interface Transport {
  readonly dispatcher: Dispatcher;
  /**
   * The TLS alert behind a connection that was closed, or the error itself. In TLS 1.3 a refused client certificate comes after the
   * handshake, and undici then tells only that the connection was closed.
   */
  explain(error: unknown): unknown;
}

/** Opens connections to one service, directly or through a proxy. undici is loaded here, at first use. */
export async function createTransport(
  url: URL,
  options: HttpClientOptions & Required<Pick<HttpClientOptions, "env">>,
): Promise<Transport> {
  const { Agent, Pool, ProxyAgent, buildConnector, errors } = loadUndici();
  const tls = {
    timeout: options.timeouts?.connect ?? 10_000,
    rejectUnauthorized: options.insecure !== true,
    ...(options.serverName === undefined ? {} : { servername: options.serverName }),
    ...(url.protocol === "https:" ? { secureContext: await createTrust(options) } : {}),
  };
  const shared = {
    connections: options.maxConnections ?? 32,
    headersTimeout: options.timeouts?.headers ?? HEADERS_MILLISECONDS,
    bodyTimeout: options.timeouts?.body ?? 30_000,
  };
  const { watch, explain } = createAlertWatch((error) =>
    error instanceof errors.SocketError ? error.socket?.localPort : undefined,
  );
  const proxy = findProxy(url, options.proxy, options.env);
  if (proxy !== undefined) {
    const isSecure = proxy.uri.startsWith("https:");
    const dispatcher = new ProxyAgent({
      ...shared,
      uri: proxy.uri,
      ...(proxy.authorization === undefined ? {} : { token: proxy.authorization.reveal() }),
      requestTls: tls,
      proxyTls: { timeout: tls.timeout, ...(isSecure ? { secureContext: await createProxyTrust(proxy, options.env) } : {}) },
      factory: (origin, pool: { connect?: buildConnector.connector }) =>
        new Pool(origin, { ...pool, ...(pool.connect && { connect: watch(pool.connect) }) }),
      clientFactory: (origin, pool: { connect?: buildConnector.connector }) => {
        const connect = pool.connect && nameServer(pool.connect, unbracketed(origin.hostname));
        return blameProxy(
          proxy,
          new Pool(origin, { ...pool, ...(connect && { connect }), headersTimeout: shared.headersTimeout }),
        );
      },
    });
    return { dispatcher, explain };
  }
  return { dispatcher: new Agent({ ...shared, connect: watch(buildConnector(tls)) }), explain };
}

/** undici names the host in brackets, and an address too, which is no name: the certificate would be taken for another's. */
function nameServer(connect: buildConnector.connector, host: string): buildConnector.connector {
  return ({ servername: _, ...options }, callback) =>
    connect({ ...options, ...(isIP(host) === 0 ? { servername: host } : {}) }, callback);
}

/** Remembers the TLS alerts of connections by their local port, which is all that undici tells of a connection that was closed. */
function createAlertWatch(portOf: (error: unknown) => number | undefined) {
  const alerts = new Map<number, unknown>();
  const watch =
    (connect: buildConnector.connector): buildConnector.connector =>
    (options, callback) =>
      connect(options, (...result) => {
        const [, socket] = result;
        const localPort = socket?.localPort;
        socket?.on("error", (error) => {
          if (localPort !== undefined && TLS_ALERT.test(systemCode(error) ?? "")) alerts.set(localPort, error);
        });
        callback(...result);
      });
  const explain = (error: unknown): unknown => {
    const port = portOf(error);
    if (port === undefined) return error;
    const alert = alerts.get(port);
    alerts.delete(port);
    return alert ?? error;
  };
  return { watch, explain };
}
