import { isRecord } from "../../domain/json";
import { processRedactor } from "../../domain/redaction";
import { REDACTED, Secret } from "../../domain/secret";
import { ClientError } from "../client-error";
import { printable } from "../printable";
import type { ClusterConnection, ExecSettings } from "./connection";
import { runProgram } from "./exec-program";

/** What an exec plugin printed. */
export interface ExecCredential {
  readonly token?: Secret;
  readonly clientCertificate?: string;
  readonly clientKey?: Secret;
  /** Milliseconds since the epoch; undefined where it may be kept for the whole run. */
  readonly expiresAt?: number;
}

const API_VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/** Runs an exec plugin (client.authentication.k8s.io/v1 and v1beta1), for at most `limit` milliseconds. Its output is a secret: no message shows it. */
export async function runExecPlugin(
  exec: ExecSettings,
  connection: ClusterConnection,
  signal: AbortSignal,
  limit?: number,
): Promise<ExecCredential> {
  const name = JSON.stringify(exec.command);
  if (exec.command === "")
    throw new ClientError(
      "invalid",
      `The exec plugin of ${connection.user.source} has no command. Set command to the program that prints the credential.`,
    );
  if (!API_VERSIONS.includes(exec.apiVersion))
    throw new ClientError(
      "invalid",
      `The exec plugin ${name} has the API version ${JSON.stringify(exec.apiVersion)}. Set it to one of ${API_VERSIONS.map((version) => JSON.stringify(version)).join(", ")} that the plugin speaks, if need be with a newer plugin.`,
    );
  if (exec.interactiveMode === "Always")
    throw new ClientError(
      "invalid",
      `The exec plugin ${name} wants a terminal (interactiveMode: Always), and a provider has none. Log in with it once by hand and set interactiveMode to "IfAvailable", or use another way to log in.`,
    );
  const info = { apiVersion: exec.apiVersion, kind: "ExecCredential", spec: specOf(exec, connection) };
  const { ended, stdout, stderr } = await runProgram(
    exec,
    { ...process.env, ...exec.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    signal,
    connection.user.source,
    limit,
  );
  if (ended !== undefined) {
    const said = withoutSecrets(stderr, exec).slice(-500);
    throw new ClientError("unauthenticated", `The exec plugin ${name} ${ended}${said === "" ? "." : `: ${said}`}`);
  }
  return parse(stdout, exec);
}

/** As client-go has it: the cluster only where the kubeconfig says so. */
function specOf(
  { provideClusterInfo }: ExecSettings,
  { server, ca, insecure, serverName, proxyUrl, execConfig }: ClusterConnection,
): object {
  if (provideClusterInfo !== true) return { interactive: false };
  const cluster = {
    server,
    "tls-server-name": serverName,
    "insecure-skip-tls-verify": insecure,
    "certificate-authority-data": ca === undefined ? undefined : Buffer.from(ca).toString("base64"),
    "proxy-url": proxyUrl,
    config: execConfig,
  };
  return { interactive: false, cluster };
}

/** What it said, without the values that it was given and without what looks like a credential. */
function withoutSecrets(stderr: string, exec: ExecSettings): string {
  const masked = Object.values(exec.env)
    .filter((value) => value.length >= 4)
    .sort((a, b) => b.length - a.length)
    .reduce((text, value) => text.replaceAll(value, REDACTED), stderr);
  return printable(processRedactor.text(masked));
}

function parse(stdout: string, { command, apiVersion }: ExecSettings): ExecCredential {
  const malformed = (what: string) => new ClientError("malformed", `The exec plugin ${JSON.stringify(command)} ${what}`);
  let printed: unknown;
  try {
    printed = JSON.parse(stdout);
  } catch {
    printed = undefined;
  }
  const spoken = isRecord(printed) ? printed.apiVersion : undefined;
  if (typeof spoken === "string" && spoken !== apiVersion && API_VERSIONS.includes(spoken))
    throw malformed(`is configured for ${JSON.stringify(apiVersion)}, and answered in ${JSON.stringify(spoken)}. Set that one.`);
  const status = isRecord(printed) && isRecord(printed.status) ? printed.status : {};
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = status;
  const isGiven = (value: unknown): value is string => typeof value === "string" && value !== "";
  if (!isGiven(token) && !isGiven(clientCertificateData))
    throw malformed("did not print an ExecCredential with a token or a client certificate.");
  if (isGiven(clientCertificateData) !== isGiven(clientKeyData))
    throw malformed("printed a client certificate without its key, or a key alone (clientCertificateData, clientKeyData).");
  const expiresAt = typeof expirationTimestamp === "string" ? Date.parse(expirationTimestamp) : Number.NaN;
  return {
    ...(isGiven(token) ? { token: Secret.of(token) } : {}),
    ...(isGiven(clientCertificateData) ? { clientCertificate: clientCertificateData } : {}),
    ...(isGiven(clientKeyData) ? { clientKey: Secret.of(clientKeyData) } : {}),
    ...(Number.isNaN(expiresAt) ? {} : { expiresAt }),
  };
}
