import type { Socket } from "node:net";
import type { Session } from "../framework/call";
import type { Tls } from "./shake-hands";

/** The largest message either way; Terraform's own limit for what it receives. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
/** Terraform kills a plugin 2 s after Shutdown. */
const SHUTDOWN_MS = 500;

/** What to serve, and how. */
export interface ServerOptions {
  readonly session: Session<unknown>;
  /** Mutual TLS; undefined for plain connections. */
  readonly tls: Tls | undefined;
  /** Called when Terraform is done; undefined to serve on, for the next Terraform. */
  readonly exit: (() => void) | undefined;
}

/** Makes what serves gRPC on connections. gRPC is loaded here, after the handshake: Terraform connects in the meantime. */
export function createServer({ session, tls, exit }: ServerOptions): (connection: Socket) => void {
  const { Server, ServerCredentials } = require("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
  const { createProviderService } = require("../rpc/service") as typeof import("../rpc/service");
  const { createPluginServices } = require("./services") as typeof import("./services");

  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  const plugin = createPluginServices(() => {
    void session.stop();
    plugin.endStreams();
    if (exit === undefined) return;
    const leave = once(exit);
    server.tryShutdown(leave);
    setTimeout(leave, SHUTDOWN_MS);
  });
  const provider = createProviderService(session);
  server.addService(plugin.definition, plugin.implementation);
  server.addService(provider.definition, provider.implementation);

  const credentials =
    tls === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(
          Buffer.from(tls.clientCertificate),
          [{ private_key: Buffer.from(tls.own.privateKeyPem), cert_chain: Buffer.from(tls.own.certificatePem) }],
          true,
        );
  const injector = server.createConnectionInjector(credentials);
  return (connection) => {
    connection.on("error", (error) => session.log.debug("connection closed", { error: error.message }));
    injector.injectConnection(connection);
  };
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
