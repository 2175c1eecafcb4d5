import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** What a client asked a proxy for. */
export interface ProxyRequest {
  /** `CONNECT`, or the method of a request that should have been a CONNECT. */
  readonly method: string;
  /** `host:port`, as the client named it. */
  readonly target: string;
  /** `user:password`, as they came. @default - none came */
  readonly login?: string;
}

/** How a proxy behaves. */
export interface ConnectProxyOptions {
  /** Where each target really is, as `host:port`: names that this machine doesn't know. @default - where it says */
  readonly hosts?: { readonly [target: string]: string };
  /** `user:password` that it wants; 407 without. @default - it wants none */
  readonly login?: string;
  /** Refuses all with that status. @default - it connects */
  readonly refuse?: number;
  /** PEM: it is reached by TLS. @default - plain */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** @default 127.0.0.1 */
  readonly address?: string;
}

/** A proxy that runs, and its log. */
export interface ConnectProxy {
  readonly url: string;
  readonly port: number;
  /** What it was asked for, in order. */
  readonly asked: readonly ProxyRequest[];
  /** Forgets what it was asked for. */
  forget(): void;
  close(): Promise<void>;
}

/** Starts a forward proxy that only tunnels (CONNECT), as a company's has it: it sees whom one talks to, and nothing of what is said. */
export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const asked: ProxyRequest[] = [];
  const open = new Set<Duplex>();
  const refuseAll: RequestListener = ({ method = "", url = "" }, response) => {
    asked.push({ method, target: url });
    response.writeHead(405).end();
  };
  const server = options.tls === undefined ? createServer(refuseAll) : createTlsServer(options.tls, refuseAll);
  server.on("connection", (socket: Socket) => track(open, socket));
  server.on("connect", ({ url: target = "", headers }, socket: Duplex) => {
    const login = loginOf(headers["proxy-authorization"]);
    asked.push({ method: "CONNECT", target, ...(login === undefined ? {} : { login }) });
    const status = options.refuse ?? (options.login !== undefined && options.login !== login ? 407 : undefined);
    const answer = (code: number) => socket.end(`HTTP/1.1 ${code} No\r\ncontent-length: 0\r\n\r\n`);
    socket.on("error", () => undefined);
    if (status !== undefined) {
      answer(status);
      return;
    }
    const { hostname, port } = new URL(`tcp://${options.hosts?.[target] ?? target}`);
    const onward = connect(Number(port), hostname.replace(/^\[|\]$/g, ""), () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    track(open, onward);
    onward.on("error", () => (onward.connecting ? answer(502) : socket.destroy()));
  });
  const address = options.address ?? "127.0.0.1";
  await new Promise<void>((done) => server.listen(0, address, done));
  const { port } = server.address() as AddressInfo;
  const scheme = options.tls === undefined ? "http" : "https";
  return {
    url: `${scheme}://${address.includes(":") ? `[${address}]` : address}:${port}`,
    port,
    asked,
    forget: () => void asked.splice(0),
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function track(open: Set<Duplex>, socket: Duplex): void {
  open.add(socket);
  socket.on("close", () => open.delete(socket)).on("error", () => undefined);
}

function loginOf(header: string | undefined): string | undefined {
  const [, encoded] = /^Basic (.+)$/.exec(header ?? "") ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
}
