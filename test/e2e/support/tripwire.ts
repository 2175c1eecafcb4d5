import { readFileSync } from "node:fs";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestHttp,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer, Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { createUserKubeconfig, type SandboxState } from "../../../sandbox";
import { issueCertificate } from "../../../sandbox/certificates";

/** Where in a request's life the wire trips. */
export type Side =
  /** It has arrived, and nothing was done. */
  | "asked"
  /** It was carried out, and its answer is not on its way. */
  | "done"
  /** The answer has left. */
  | "answered";

/** How many requests there were: all; those that change something; those about registry tokens. */
export interface Count {
  readonly all: number;
  readonly writes: number;
  readonly tokens: number;
}

/** Which request trips the wire. */
export interface Trip {
  /** The ones that are counted. */
  readonly of: keyof Count;
  /** The first is 0. */
  readonly index: number;
  readonly side: Side;
}

/** A wire in front of a sandbox's API server, its Bluemix, its exchange and its IAM, on which a run is stopped at a request that was chosen before. */
export interface Tripwire {
  /** The sandbox as seen through the wire. */
  readonly state: SandboxState;
  /** Counts from now on; resolves with the request once it is there, and holds it back unless its answer has left. */
  arm(trip: Trip): Promise<string>;
  /** Lets everything pass; what was held back is cut off. Returns how many requests there were since it was armed. */
  disarm(): Count;
  close(): Promise<void>;
}

const NONE: Count = { all: 0, writes: 0, tokens: 0 };

/** Puts a wire in front of a sandbox. */
export async function createTripwire(state: SandboxState): Promise<Tripwire> {
  let count: Count = NONE;
  let armed: { readonly trip: Trip; readonly tell: (request: string) => void } | undefined;
  let held: ServerResponse[] = [];

  /** The side at which this request is to be stopped. */
  function meet(incoming: IncomingMessage): { readonly side: Side; readonly tell: () => void } | undefined {
    const before = count;
    const counts = { all: true, writes: changes(incoming), tokens: incoming.url?.startsWith("/api/v1/tokens") === true };
    const add = (of: keyof Count) => before[of] + (counts[of] ? 1 : 0);
    count = { all: add("all"), writes: add("writes"), tokens: add("tokens") };
    if (armed === undefined || !counts[armed.trip.of] || before[armed.trip.of] !== armed.trip.index) return undefined;
    const { trip, tell } = armed;
    armed = undefined;
    return { side: trip.side, tell: () => tell(`${incoming.method} ${shorten(incoming.url ?? "")}`) };
  }
  const hold = (response: ServerResponse) => void held.push(response);

  const handler =
    (send: (incoming: IncomingMessage) => ReturnType<typeof requestHttp>) =>
    async (incoming: IncomingMessage, response: ServerResponse) => {
      const met = meet(incoming);
      const body = await buffer(incoming).catch(() => undefined);
      if (body === undefined) return void response.destroy();
      if (met?.side === "asked") {
        hold(response);
        return met.tell();
      }
      const onward = send(incoming);
      onward.on("error", () => response.destroy());
      onward.on("response", async (answer) => {
        const content = await buffer(answer).catch(() => undefined);
        if (content === undefined) return void response.destroy();
        if (met?.side === "done") {
          hold(response);
          return met.tell();
        }
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        response.end(content);
        if (met?.side === "answered") met.tell();
      });
      onward.end(body);
    };

  const authority = {
    certificate: readFileSync(state.caFile, "utf8"),
    key: readFileSync(state.caFile.replace(/\.crt$/, ".key"), "utf8"),
  };
  const [own, admin] = await Promise.all([
    issueCertificate(authority, { commonName: "tripwire", hosts: ["127.0.0.1"] }),
    issueCertificate(authority, { commonName: "tripwire", organizations: ["system:masters"] }),
  ]);
  const agent = new HttpsAgent({ keepAlive: true, ca: authority.certificate, cert: admin.certificate, key: admin.key });
  const cluster = createHttpsServer(
    { cert: own.certificate, key: own.key, ca: authority.certificate, requestCert: true },
    handler(({ method, url, headers, socket }) =>
      requestHttps(`${state.apiServer}${url}`, { method, headers: { ...headers, ...callerOf(socket as TLSSocket) }, agent }),
    ),
  );
  const region = state.bluemix.regions.dedicated;
  const bluemix = createHttpServer(
    // With the client's own Host, so that addresses in answers lead back here.
    handler(({ method, url, headers }) => requestHttp(`${region.url}${url}`, { method, headers })),
  );
  const horizon = state.systems["open-horizon"];
  const exchange = createHttpsServer(
    { cert: own.certificate, key: own.key },
    handler(({ method, url, headers }) =>
      requestHttps(`${new URL(horizon?.exchange ?? "https://127.0.0.1:1").origin}${url}`, { method, headers, agent }),
    ),
  );
  const ibmCloud = state.systems["ibm-cloud"];
  const iam = createHttpsServer(
    { cert: own.certificate, key: own.key },
    handler(({ method, url, headers }) =>
      requestHttps(`${ibmCloud?.iam ?? "https://127.0.0.1:1"}${url}`, { method, headers, agent }),
    ),
  );
  const servers = [cluster, bluemix, exchange, iam];
  const [clusterPort, bluemixPort, exchangePort, iamPort] = await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return (server.address() as AddressInfo).port;
    }),
  );
  const apiServer = `https://127.0.0.1:${clusterPort}`;
  const regions = { ...state.bluemix.regions, dedicated: { ...region, url: `http://127.0.0.1:${bluemixPort}` } };
  const kubeconfig = await createUserKubeconfig(
    { ...state, apiServer },
    { name: `tripwire-${clusterPort}`, groups: ["system:masters"] },
  );

  const systems: SandboxState["systems"] = {
    ...state.systems,
    ...(horizon && { "open-horizon": { ...horizon, exchange: `https://127.0.0.1:${exchangePort}/v1` } }),
    ...(ibmCloud && { "ibm-cloud": { ...ibmCloud, iam: `https://127.0.0.1:${iamPort}` } }),
  };

  return {
    state: { ...state, apiServer, kubeconfig, bluemix: { ...state.bluemix, regions }, systems },
    arm(trip) {
      count = NONE;
      return new Promise((tell) => {
        armed = { trip, tell };
      });
    },
    disarm() {
      armed = undefined;
      for (const response of held) response.destroy();
      held = [];
      return count;
    },
    async close() {
      agent.destroy();
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

/** Who asks, by their own certificate: the wire has another one, and the API server is to allow it what it allows them. */
function callerOf(socket: TLSSocket): OutgoingHttpHeaders {
  const { CN: user, O: groups = [] } = socket.getPeerCertificate().subject;
  return { "impersonate-user": user, ...([groups].flat().length === 0 ? {} : { "impersonate-group": groups }) };
}

/** Logging in and trying changes nothing. */
function changes({ method, url = "" }: IncomingMessage): boolean {
  return (
    method !== "GET" &&
    !url.startsWith("/oauth/") &&
    url !== "/identity/token" &&
    !url.includes("dryRun=All") &&
    !url.includes("selfsubject")
  );
}

/** Without the query, which holds descriptions, and without what every path begins with. */
function shorten(url: string): string {
  return (url.split("?")[0] ?? "").replace(/^\/api\/v1\/(namespaces\/)?/, "").replace(/[0-9a-f]{8}-[0-9a-f-]{27}$/, "ID");
}

async function buffer(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
