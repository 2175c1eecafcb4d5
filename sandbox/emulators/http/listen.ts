import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** Where to listen. */
export interface ListenOptions {
  /** Address to bind to, for example `127.0.0.1`. */
  readonly address: string;
  /** @default 0 - a free port */
  readonly port?: number | undefined;
  /** @default 0 - a free port; only with `tls` */
  readonly tlsPort?: number | undefined;
  /** Certificate chain and key in PEM form. @default - no TLS port */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** Where a service is reached. */
export interface Listening {
  readonly url: string;
  /** Only where TLS was asked for. */
  readonly tlsUrl?: string;
  /** Stops listening and cuts what is still connected. */
  close(): Promise<void>;
}

/** Listens plainly and, where a certificate is given, on a second port with TLS. Fails when a port is taken. */
export async function listen(listener: RequestListener, options: ListenOptions): Promise<Listening> {
  const plain = createServer(listener);
  const url = `http://${await bind(plain, options.address, options.port ?? 0)}`;
  if (options.tls === undefined) return { url, close: () => stop([plain]) };
  const secure = createTlsServer({ ...options.tls, minVersion: "TLSv1.2" }, listener);
  try {
    const tlsUrl = `https://${await bind(secure, options.address, options.tlsPort ?? 0)}`;
    return { url, tlsUrl, close: () => stop([plain, secure]) };
  } catch (error) {
    await stop([plain]);
    throw error;
  }
}

/** Where to listen with TLS alone. */
export interface TlsListenOptions {
  readonly address: string;
  /** @default 0 - a free port */
  readonly port?: number | undefined;
  readonly tls: {
    readonly cert: string;
    readonly key: string;
    /** PEM: only clients with a certificate that it signs are let in. @default - everybody is */
    readonly clientCa?: string;
  };
}

/** Listens with TLS and nowhere else: for what must not be asked in the clear. Fails when the port is taken. */
export async function listenTls(listener: RequestListener, { address, port, tls }: TlsListenOptions): Promise<Listening> {
  const { cert, key, clientCa } = tls;
  const clients = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  const server = createTlsServer({ cert, key, ...clients, minVersion: "TLSv1.2" }, listener);
  return { url: `https://${await bind(server, address, port ?? 0)}`, close: () => stop([server]) };
}

async function bind(server: Server, address: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  return `${address.includes(":") ? `[${address}]` : address}:${(server.address() as AddressInfo).port}`;
}

async function stop(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map((server) => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    }),
  );
}
