import { createServer, type Server } from "node:net";

/** Where everything of a sandbox listens: nobody else on the network reaches it. */
export const LOOPBACK = "127.0.0.1";

const TRIES = 5;

/** A process could not have its port: somebody took it between our look and its start. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
}

/** Ports that are free on the loopback address right now, each another. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  try {
    const ports: number[] = [];
    for (let index = 0; index < count; index++) {
      const server = createServer();
      servers.push(server);
      ports.push(await listen(server));
    }
    return ports;
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

/** Starts something on free ports, and again on others where a port was taken meanwhile. */
export async function onFreePorts<T>(count: number, start: (ports: readonly number[]) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await findFreePorts(count));
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === TRIES) {
        throw error;
      }
    }
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
