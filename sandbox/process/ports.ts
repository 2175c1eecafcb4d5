import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Where everything of a sandbox listens: nobody else on the network reaches it. */
export const LOOPBACK = "127.0.0.1";

const TRIES = 5;

/**
 * Below the ports that systems give to outgoing connections (Linux: from 32768, macOS: from 49152), and below Kubernetes' node ports.
 * From those, a port whose process is down is not safe: a client that tries again and again is given it for its own end at last, is then
 * connected to itself, and the process finds its port taken when it starts again.
 */
const FIRST_PORT = 10_000;
const LAST_PORT = 29_999;
const LOOKS = 200;

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
      const { server, port } = await listenSomewhere();
      servers.push(server);
      ports.push(port);
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

async function listenSomewhere(): Promise<{ server: Server; port: number }> {
  for (let look = 1; ; look++) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    const server = createServer();
    try {
      await once(server.listen(port, LOOPBACK), "listening");
      return { server, port };
    } catch (error) {
      if (look === LOOKS) throw error;
    }
  }
}
