/** Serving a provider to Terraform and OpenTofu: handshake first, everything else is loaded after it. */
import { processRedactor } from "../domain/redaction";
import { createSession } from "./framework/call";
import type { ProviderDefinition } from "./framework/definition";
import { formatNotByHand, formatReattach, readHandshake } from "./plugin/handshake";
import { takeLaunch } from "./plugin/launch";
import { guardProcess } from "./plugin/lifetime";
import { createLogger, readLogLevel } from "./plugin/log";
import { startServer } from "./plugin/server";
import { shakeHands } from "./plugin/shake-hands";
import { listen } from "./plugin/socket";

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
  const launch = takeLaunch();
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
  guardProcess(log);

  const session = createSession<unknown>(definition, log, processRedactor);
  if (handshake === undefined) {
    process.on("SIGINT", () => process.exit(0));
    const listener = await listen();
    process.stdout.write(
      formatReattach(options.address ?? `registry.terraform.io/registry-access/${name}`, listener.path, process.pid),
    );
    startServer({ session, listener, tls: undefined, exit: undefined });
    return;
  }
  const shaken = launch?.shaken ?? (await shakeHands(handshake));
  startServer({
    session,
    ...shaken,
    exit: () => {
      launch?.saveCodeCache(session.isConfigured());
      process.exit(0);
    },
  });
}
