/** Serving a provider to Terraform and OpenTofu: handshake first, everything else is loaded after it. */
import { processRedactor } from "../domain/redaction";
import { createSession } from "./framework/call";
import type { ProviderDefinition } from "./framework/definition";
import { createCertificate } from "./plugin/certificate";
import { formatHandshake, formatNotByHand, formatReattach, readHandshake } from "./plugin/handshake";
import { guardProcess } from "./plugin/lifetime";
import { createLogger, readLogLevel } from "./plugin/log";
import { startServer } from "./plugin/server";
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
  const handshake = debug ? { clientCertificate: undefined } : readHandshake(process.env);
  if (handshake === undefined) {
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
  guardProcess(log, { debug });

  const listener = await listen();
  const { clientCertificate } = handshake;
  const tls = clientCertificate === undefined ? undefined : { own: createCertificate(), clientCertificate };
  process.stdout.write(
    debug
      ? formatReattach(options.address ?? `registry.terraform.io/registry-access/${name}`, listener.path, process.pid)
      : formatHandshake(listener.path, tls?.own.certificateDer),
  );
  startServer({
    session: createSession<unknown>(definition, log),
    listener,
    tls,
    exit: debug ? undefined : () => process.exit(0),
  });
}
