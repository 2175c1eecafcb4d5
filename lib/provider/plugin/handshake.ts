/** hashicorp/go-plugin's side of a provider: handshake, TLS, its own services, and when to leave. */

/** Terraform's magic cookie: it tells a plugin that it is not run by hand. */
const COOKIE = {
  name: "TF_PLUGIN_MAGIC_COOKIE",
  value: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
} as const;
const CORE_PROTOCOL = 1;
const TERRAFORM_PROTOCOL = 6;

/** How Terraform started this process. */
export interface Handshake {
  /** PEM of the one client that may connect; undefined for a plain connection. */
  readonly clientCertificate: string | undefined;
}

/** Reads the environment; undefined where no Terraform started this process. */
export function readHandshake(environment: { readonly [name: string]: string | undefined }): Handshake | undefined {
  if (environment[COOKIE.name] !== COOKIE.value) return undefined;
  return { clientCertificate: environment.PLUGIN_CLIENT_CERT || undefined };
}

/** The one line on stdout; the certificate in base64 without padding. */
export function formatHandshake(socketPath: string, certificate: Buffer | undefined): string {
  const encoded = certificate?.toString("base64").replace(/=+$/, "") ?? "";
  return `${CORE_PROTOCOL}|${TERRAFORM_PROTOCOL}|unix|${socketPath}|grpc|${encoded}\n`;
}

/** What somebody reads who runs the binary by hand. */
export function formatNotByHand(name: string): string {
  return (
    `This is the ${name} provider for Terraform and OpenTofu; they start it, it is not run by hand.\n` +
    "To debug it, run it with --debug and set the TF_REATTACH_PROVIDERS that it prints.\n"
  );
}

/** What `--debug` prints: with it in the environment, Terraform talks to this process instead of starting its own. */
export function formatReattach(address: string, socketPath: string, pid: number): string {
  const reattach = {
    [address]: {
      Protocol: "grpc",
      ProtocolVersion: TERRAFORM_PROTOCOL,
      Pid: pid,
      Test: true,
      Addr: { Network: "unix", String: socketPath },
    },
  };
  return `TF_REATTACH_PROVIDERS='${JSON.stringify(reattach)}'\n`;
}
