import type { Session } from "../framework/call";
import type { Shaken } from "./shake-hands";

/** The largest message either way; Terraform's own limit for what it receives. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
/** Terraform kills a plugin 2 s after Shutdown. */
const SHUTDOWN_MS = 500;

/** How to serve. */
export interface ServerOptions extends Shaken {
  readonly session: Session<unknown>;
  /** Called when Terraform is done; undefined to serve on, for the next Terraform. */
  readonly exit: (() => void) | undefined;
}

/** Serves gRPC on the connections of a listener. gRPC is loaded here, after the handshake: Terraform connects in the meantime. */
export function startServer({ session, listener, tls, exit }: ServerOptions): void {
  const { Server, ServerCredentials } = require("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
  const { createProviderService } = require("../rpc/service") as typeof import("../rpc/service");
  const { createPluginServices } = require("./services") as typeof import("./services");

  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  const plugin = createPluginServices(() => {
    session.stop();
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
  listener.accept((socket) => {
    socket.on("error", (error) => session.log.debug("connection closed", { error: error.message }));
    injector.injectConnection(socket);
  });
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
