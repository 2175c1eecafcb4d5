import type { AddressInfo, Socket } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import type { KeyPair } from "../../sandbox/certificates";

/** A real TLS server on loopback that presents what a test gives it, and says nothing. */
export interface TlsServer {
  readonly port: number;
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** The names that it was asked for by SNI; a handshake that names none adds none. */
  readonly asked: string[];
  /** Presents another certificate from now on. */
  present(own: KeyPair, ...above: readonly string[]): void;
  close(): Promise<void>;
}

/** @param above - what is sent after the server's own certificate, as PEM */
export async function startTlsServer(own: KeyPair, above: readonly string[] = [], options: TlsOptions = {}): Promise<TlsServer> {
  const contextOf = (pair: KeyPair, rest: readonly string[]) => ({ key: pair.key, cert: [pair.certificate, ...rest].join("\n") });
  const asked: string[] = [];
  const open = new Set<Socket>();
  const SNICallback: TlsOptions["SNICallback"] = (name, done) => {
    asked.push(name);
    done(null);
  };
  const server = createServer({ ...contextOf(own, above), SNICallback, ...options }, (socket) => {
    socket.on("error", () => undefined);
  });
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    host: `127.0.0.1:${port}`,
    asked,
    present: (pair, ...rest) => server.setSecureContext(contextOf(pair, rest)),
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
