import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

/** Another host, that a redirect leads to: it sees who comes, and with what. */
export interface Witness {
  /** `https://localhost:PORT`. */
  readonly url: string;
  /** What reached it: method, path and the names of headers that carry credentials. */
  readonly seen: readonly string[];
  close(): Promise<void>;
}

const CREDENTIALS = ["authorization", "cookie", "proxy-authorization"];

/** Starts the other host, with a certificate that the client trusts: nothing but the client itself keeps a credential from it. */
export async function startWitness(tls: { readonly certificate: string; readonly key: string }): Promise<Witness> {
  const seen: string[] = [];
  const server = createServer({ cert: tls.certificate, key: tls.key }, (incoming, response) => {
    const credentials = CREDENTIALS.filter((name) => incoming.headers[name] !== undefined);
    seen.push(`${incoming.method} ${incoming.url} with ${credentials.length === 0 ? "no credential" : credentials.join(", ")}`);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    seen,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
