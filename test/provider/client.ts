/** A bare gRPC client that starts a provider as Terraform does, for tests and the benchmark. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Client, type ClientUnaryCall, credentials, type ServiceError } from "@grpc/grpc-js";
import { createCertificate } from "../../lib/provider/plugin/certificate";
import type { MessageCodec } from "../../lib/provider/protocol/descriptor";
import { goplugin } from "../../lib/provider/protocol/goplugin";
import { tfplugin6 } from "../../lib/provider/protocol/tfplugin6";

const COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/** What the handshake line says. */
export interface Handshaken {
  readonly process: ChildProcessWithoutNullStreams;
  /** The line's six fields. */
  readonly fields: readonly string[];
  /** From the start of the process to the line. */
  readonly milliseconds: number;
  /** The client's own key and certificate. */
  readonly own: { readonly privateKeyPem: string; readonly certificatePem: string };
  /** All that came on stderr so far. */
  stderr(): string;
  readonly exited: Promise<number | null>;
}

/** Starts a provider and waits for its handshake line. `plain` leaves TLS out. */
export async function handshake(
  binary: string,
  options: { readonly plain?: boolean; readonly env?: { readonly [name: string]: string } } = {},
): Promise<Handshaken> {
  const own = createCertificate();
  const started = performance.now();
  const child = spawn(binary, [], {
    env: {
      ...process.env,
      TF_PLUGIN_MAGIC_COOKIE: COOKIE,
      PLUGIN_PROTOCOL_VERSIONS: "6",
      ...(options.plain ? {} : { PLUGIN_CLIENT_CERT: own.certificatePem }),
      ...options.env,
    },
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const line = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("\n")) resolve(output.slice(0, output.indexOf("\n")));
    });
    child.once("error", reject);
    void exited.then((code) => reject(new Error(`the provider left with ${code}: ${output}${errors}`)));
  });
  return {
    process: child,
    fields: line.split("|"),
    milliseconds: performance.now() - started,
    own,
    stderr: () => errors,
    exited,
  };
}

/** A connection to a provider. */
export interface ProviderClient {
  /** Calls an RPC of tfplugin6. */
  call<R = { readonly [field: string]: unknown }>(rpc: string, request: object): Promise<R>;
  /** Calls any unary RPC with codecs of the caller's choice. */
  unary<R>(path: string, request: MessageCodec, response: MessageCodec, message: object): Promise<R>;
  /** go-plugin's Shutdown; resolves with the exit code. */
  shutdown(): Promise<number | null>;
  close(): void;
}

/** Connects to a provider that has shaken hands. */
export function connect(
  started: Pick<Handshaken, "fields"> & Partial<Handshaken>,
  options: { readonly stranger?: boolean } = {},
): ProviderClient {
  const [, , , path = "", , certificate = ""] = started.fields;
  const key = options.stranger || started.own === undefined ? createCertificate() : started.own;
  const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(certificate, "base64").toString("base64")}\n-----END CERTIFICATE-----\n`;
  const channel =
    certificate === ""
      ? credentials.createInsecure()
      : credentials.createSsl(Buffer.from(pem), Buffer.from(key.privateKeyPem), Buffer.from(key.certificatePem));
  const client = new Client(`unix:${path}`, channel, {
    "grpc.ssl_target_name_override": "localhost",
    "grpc.default_authority": "localhost",
    "grpc.use_local_subchannel_pool": 1, // a connection of its own, as every one of Terraform's clients has
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  const unary = <R>(rpc: string, request: MessageCodec, response: MessageCodec, message: object) =>
    new Promise<R>(
      (resolve, reject): ClientUnaryCall =>
        client.makeUnaryRequest(
          rpc,
          (value: object) => request.encode(value),
          (bytes) => response.decode(bytes) as R,
          message,
          (error: ServiceError | null, answer?: R) => (error === null ? resolve(answer as R) : reject(error)),
        ),
    );
  return {
    call: (rpc, request) =>
      unary(`/tfplugin6.Provider/${rpc}`, tfplugin6(`${rpc}.Request`), tfplugin6(`${rpc}.Response`), request),
    unary,
    async shutdown() {
      await unary("/plugin.GRPCController/Shutdown", goplugin("Empty"), goplugin("Empty"), {});
      client.close();
      return (await started.exited) ?? null;
    },
    close: () => client.close(),
  };
}
