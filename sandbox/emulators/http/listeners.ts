import { readFileSync } from "node:fs";
import { type Listening, listen } from "./listen";
import { createRequestListener, type Service } from "./serve";

/** Where a service is: `tlsUrl` only with a certificate in the configuration. */
export interface ServiceUrls {
  readonly url: string;
  readonly tlsUrl?: string;
}

/** What all listeners of an emulator share. */
export interface ListenersOptions {
  /** @default 127.0.0.1 */
  readonly address?: string | undefined;
  /** PEM files; with them every port but the control's has a TLS twin. @default - plain HTTP only */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string } | undefined;
}

/** Free ports where none are given. */
export interface Ports {
  readonly port?: number | undefined;
  readonly tlsPort?: number | undefined;
}

/** The listeners of an emulator. */
export interface Listeners {
  /** Fails when a port is taken. */
  open(service: Service, ports?: Ports): Promise<ServiceUrls>;
  /** Opens the control port: plain, and on this machine alone. */
  openControl(service: Service, port?: number): Promise<ServiceUrls>;
  stop(): Promise<void>;
}

/** Nothing listens yet. */
export function createListeners(options: ListenersOptions): Listeners {
  const tls = options.tls && {
    cert: readFileSync(options.tls.certificateFile, "utf8"),
    key: readFileSync(options.tls.keyFile, "utf8"),
  };
  const listening: Listening[] = [];
  const add = async (one: Listening): Promise<ServiceUrls> => {
    listening.push(one);
    return { url: one.url, ...(one.tlsUrl !== undefined && { tlsUrl: one.tlsUrl }) };
  };
  return {
    open: async (service, { port, tlsPort } = {}) =>
      add(await listen(createRequestListener(service), { address: options.address ?? "127.0.0.1", tls, port, tlsPort })),
    openControl: async (service, port) => add(await listen(createRequestListener(service), { address: "127.0.0.1", port })),
    async stop() {
      await Promise.all(listening.map((one) => one.close()));
    },
  };
}
