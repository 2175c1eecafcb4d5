import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Passes connections on, unread. */
export interface Forwarder {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens at an address and passes each connection on to `host:port`: a service is then reached at another address than its own. */
export async function startForwarder(address: string, to: string): Promise<Forwarder> {
  const open = new Set<Socket>();
  const { hostname, port: target } = new URL(`tcp://${to}`);
  const server = createServer((socket) => {
    const onward = connect(Number(target), hostname);
    for (const each of [socket, onward]) {
      open.add(each);
      each.on("error", () => undefined).on("close", () => open.delete(each));
    }
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((done) => server.listen(0, address, done));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
