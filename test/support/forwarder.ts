import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";

/** Passes connections on, unread. */
export interface Forwarder {
  readonly port: number;
  close(): Promise<void>;
}

/** A forwarder that ends TLS with a certificate of its own, and speaks TLS to the service, whose CA it checks. */
export interface ForwarderTls {
  readonly certificate: string;
  readonly key: string;
  /** PEM. */
  readonly ca: string;
}

/**
 * Listens at an address and passes each connection on to `host:port`: a service is then reached at another address than its own, or
 * with another certificate.
 */
export async function startForwarder(address: string, to: string, tls?: ForwarderTls): Promise<Forwarder> {
  const open = new Set<Socket>();
  const { hostname, port: target } = new URL(`tcp://${to}`);
  const pass = (socket: Socket) => {
    const at = { port: Number(target), host: hostname };
    const onward = tls === undefined ? connect(at) : connectTls({ ...at, ca: tls.ca });
    for (const each of [socket, onward]) {
      open.add(each);
      each.on("error", () => undefined).on("close", () => open.delete(each));
    }
    socket.pipe(onward).pipe(socket);
  };
  const server = tls === undefined ? createServer(pass) : createTlsServer({ cert: tls.certificate, key: tls.key }, pass);
  await new Promise<void>((done) => server.listen(0, address, done));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
