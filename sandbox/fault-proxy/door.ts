import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import { findFreePorts } from "../process/ports";

/** Where all ports are. */
export const ADDRESS = "127.0.0.1";

/** A port that can be shut, so that nothing listens there, and opened again. */
export interface Door {
  readonly port: number;
  /** At once: connections are refused, and those that are open take no more calls. */
  shut(): void;
  reopen(): Promise<void>;
  /** Ends the connection of a call as a machine does that has lost it: with a TCP reset, and not with TLS's own farewell. */
  reset(incoming: IncomingMessage): void;
  close(): Promise<void>;
}

/** Opens a port for TLS with the certificate given; `serve` gets every call. */
export async function openDoor(
  { certificate, key }: { readonly certificate: string; readonly key: string },
  serve: (incoming: IncomingMessage, response: ServerResponse) => void,
): Promise<Door> {
  // A TLS socket can't be reset, only what lies below it.
  const below = new Map<number, Socket>();
  const listen = (port: number) =>
    new Promise<Server>((resolve, reject) => {
      const server = createServer({ cert: certificate, key }, (incoming, response) => {
        if (isShut) incoming.socket.destroy();
        else serve(incoming, response);
      });
      server.on("connection", (socket: Socket) => {
        const { remotePort = 0 } = socket;
        below.set(remotePort, socket);
        socket.once("close", () => below.delete(remotePort));
      });
      server.once("error", reject);
      server.listen(port, ADDRESS, () => resolve(server));
    });
  let isShut = false;
  const [port = 0] = await findFreePorts(1);
  const first = await listen(port);
  const servers = [first];
  let server: Server | undefined = first;
  return {
    port,
    shut() {
      isShut = true;
      server?.close();
      server?.closeIdleConnections();
      server = undefined;
    },
    async reopen() {
      isShut = false;
      if (server !== undefined) return;
      server = await listen(port);
      servers.push(server);
    },
    reset({ socket }) {
      const found = below.get(socket.remotePort ?? 0);
      if (found === undefined) throw new Error(`no connection from port ${socket.remotePort}`);
      found.resetAndDestroy();
    },
    async close() {
      server?.close();
      for (const each of servers) each.closeAllConnections();
    },
  };
}
