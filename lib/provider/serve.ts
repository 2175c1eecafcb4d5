/** Serving a provider to Terraform and OpenTofu: handshake first, everything else is loaded after it. */
import { processRedactor } from "../domain/redaction";
import { createSession, type Session } from "./framework/call";
import type { Logger, ProviderDefinition } from "./framework/definition";
import { formatNotByHand, formatReattach, type Handshake, readHandshake } from "./plugin/handshake";
import { takeLaunch } from "./plugin/launch";
import { guardProcess, onStopSignal } from "./plugin/lifetime";
import { createLogger, readLogLevel } from "./plugin/log";
import { createServer } from "./plugin/server";
import { shakeHands } from "./plugin/shake-hands";
import { listen, sweepSockets } from "./plugin/socket";

/** How to serve. */
export interface ServeOptions {
  /** The source address that `--debug` prints. @default - `registry.terraform.io/registry-access/<name>` */
  readonly address?: string;
}

/**
 * Serves a provider until Terraform is done with it. Started by hand it says so and leaves with 1;
 * started with `--debug` it prints TF_REATTACH_PROVIDERS and serves until Ctrl-C.
 */
export async function serve<C>(definition: ProviderDefinition<C>, options: ServeOptions = {}): Promise<void> {
  const { name } = definition.schema;
  const debug = process.argv.includes("--debug");
  const handshake = debug ? undefined : readHandshake(process.env);
  if (handshake === undefined && !debug) {
    process.stdout.write(formatNotByHand(name));
    process.exitCode = 1;
    return;
  }

  const log = createLogger({
    module: `provider.${name}`,
    redactor: processRedactor,
    write: (line) => void process.stderr.write(line),
    level: debug ? "debug" : readLogLevel(process.env),
  });
  const createOwnSession = () => createSession<unknown>(definition, log, processRedactor);
  try {
    if (handshake === undefined)
      await serveDebugger(createOwnSession, log, options.address ?? `registry.terraform.io/registry-access/${name}`);
    else await serveTerraform(createOwnSession(), handshake);
  } catch (error) {
    // Whoever waits for an answer would wait for ever.
    process.stderr.write(`The ${name} provider can't start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

async function serveTerraform(session: Session<unknown>, handshake: Handshake): Promise<void> {
  const launch = takeLaunch();
  const { parent, listener, tls } = launch?.shaken ?? (await shakeHands(handshake));
  const exit = () => {
    launch?.saveCodeCache(session.isConfigured());
    process.exit(0);
  };
  listener.accept(createServer({ session, tls, exit }));
  guardProcess(session.log, (error) => session.crash(error));
  parent.onGone(() => session.stop());
  onStopSignal({ stop: () => void session.stop(), interrupt: session.interrupt });
  setImmediate(() => sweepSockets());
}

/** Every provider block of a configuration comes with a connection, and gets a session, of its own. */
async function serveDebugger(createOwnSession: () => Session<unknown>, log: Logger, address: string): Promise<void> {
  const sessions = new Set<Session<unknown>>();
  const listener = await listen();
  listener.accept((connection) => {
    const session = createOwnSession();
    sessions.add(session);
    connection.once("close", () => sessions.delete(session));
    createServer({ session, tls: undefined, exit: undefined })(connection);
  });
  guardProcess(log, (error) => {
    for (const session of sessions) session.crash(error);
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(0));
  process.stdout.write(formatReattach(address, listener.path, process.pid));
}
