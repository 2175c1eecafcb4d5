import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A unix socket that listens already; connections wait until somebody takes them. */
export interface Listener {
  readonly path: string;
  /** Hands over the connections that wait, and all that come. */
  accept(take: (socket: Socket) => void): void;
}

/** A socket's path may have 107 bytes on Linux and 103 on macOS. */
const LONGEST_PATH = 103;

/** Listens in a private folder (0700) that goes when the process does. */
export async function listen(): Promise<Listener> {
  const folder = mkdtempSync(join(shortTmpdir(), "tfp-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "s");

  let waiting: Socket[] | undefined = [];
  let taker: (socket: Socket) => void = (socket) => waiting?.push(socket);
  // Paused, so that no byte is read before the TLS or HTTP/2 session takes the socket over.
  const server = createServer({ pauseOnConnect: true }, (socket) => taker(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return {
    path,
    accept(take) {
      taker = (socket) => {
        take(socket);
        socket.resume();
      };
      const early = waiting ?? [];
      waiting = undefined;
      for (const socket of early) taker(socket);
    },
  };
}

function shortTmpdir(): string {
  const folder = tmpdir();
  return folder.length + "/tfp-XXXXXX/s".length <= LONGEST_PATH ? folder : "/tmp";
}
