import { lstatSync, mkdtempSync, readdirSync, rmdirSync, rmSync, unlinkSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
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

const PREFIX = "tfp-";
/** Whoever makes a folder listens in it at once. */
const SETTLED_MS = 60_000;

/** Listens in a private folder (0700) that goes when the process does. */
export async function listen(): Promise<Listener> {
  const folder = makeFolder(shortTmpdir());
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

function makeFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, PREFIX));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `No folder for the socket can be made in ${JSON.stringify(parent)} (${reason}). Let TMPDIR name a folder that exists and can be written to, or unset it.`,
    );
  }
}

function shortTmpdir(): string {
  const folder = tmpdir();
  return folder.length + "/tfp-XXXXXX/s".length <= LONGEST_PATH ? folder : "/tmp";
}

/** Takes away the sockets of our own providers that were killed: nobody listens there any more. */
export function sweepSockets(parent: string = shortTmpdir()): void {
  for (const folder of settledFolders(parent)) {
    const path = join(folder, "s");
    const probe = connect(path, () => probe.destroy());
    probe.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") remove(path, folder);
    });
    probe.unref();
  }
}

/** Folders of our own that are old enough for somebody to listen in them. */
function settledFolders(parent: string): readonly string[] {
  try {
    const folders = readdirSync(parent).filter((name) => name.startsWith(PREFIX));
    return folders
      .map((name) => join(parent, name))
      .filter((folder) => {
        const status = lstatSync(folder, { throwIfNoEntry: false });
        return status?.isDirectory() && status.uid === process.getuid?.() && Date.now() - status.mtimeMs > SETTLED_MS;
      });
  } catch {
    return []; // A folder that can't be listed is left to others.
  }
}

function remove(path: string, folder: string): void {
  try {
    if (!lstatSync(path).isSocket()) return;
    unlinkSync(path);
    rmdirSync(folder);
  } catch {
    // Another provider sweeps as well.
  }
}
