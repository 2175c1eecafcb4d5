import { spawn } from "node:child_process";
import { Secret } from "../../domain/secret";
import { ClientError } from "../client-error";
import { isRecord } from "../json";
import type { ClusterConnection, ExecSettings } from "./connection";

/** What an exec plugin printed. */
export interface ExecCredential {
  readonly token?: Secret;
  readonly clientCertificate?: string;
  readonly clientKey?: Secret;
  /** Milliseconds since the epoch; undefined where it may be kept for the whole run. */
  readonly expiresAt?: number;
}

/** Runs an exec plugin (client.authentication.k8s.io/v1 and v1beta1). Its output is a secret: no message shows it. */
export async function runExecPlugin(
  exec: ExecSettings,
  connection: ClusterConnection,
  signal: AbortSignal,
): Promise<ExecCredential> {
  const name = JSON.stringify(exec.command);
  if (exec.command === "")
    throw new ClientError(
      "invalid",
      "The exec plugin of the kubeconfig has no command. Set command to the program that prints the credential.",
    );
  const info = {
    apiVersion: exec.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, cluster: { server: connection.server, "insecure-skip-tls-verify": connection.insecure } },
  };
  const { code, stdout, stderr } = await run(
    exec,
    { ...process.env, ...exec.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    signal,
  );
  if (code !== 0) {
    const said = Object.values(exec.env)
      .filter((value) => value.length >= 4)
      .reduce((text, value) => text.replaceAll(value, "[redacted]"), stderr.trim());
    throw new ClientError(
      "unauthenticated",
      `The exec plugin ${name} failed with exit code ${code}${said === "" ? "." : `: ${said.slice(-500)}`}`,
    );
  }
  return parse(stdout, name);
}

function run(
  exec: ExecSettings,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn(exec.command, [...exec.args], { env, stdio: ["ignore", "pipe", "pipe"], signal });
    const out = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (out.stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (out.stderr += chunk));
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (signal.aborted) return fail(new ClientError("aborted", `The exec plugin ${JSON.stringify(exec.command)}: cancelled.`));
      const hint = exec.installHint === undefined ? "Install it, or correct command in the kubeconfig." : exec.installHint.trim();
      fail(
        new ClientError(
          "invalid",
          `The exec plugin ${JSON.stringify(exec.command)} can't be started (${error.code ?? "unknown reason"}). ${hint}`,
        ),
      );
    });
    child.on("close", (code) => done({ code, ...out }));
  });
}

function parse(stdout: string, name: string): ExecCredential {
  let printed: unknown;
  try {
    printed = JSON.parse(stdout);
  } catch {
    printed = undefined;
  }
  const status = isRecord(printed) && isRecord(printed.status) ? printed.status : {};
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = status;
  if (typeof token !== "string" && typeof clientCertificateData !== "string") {
    throw new ClientError(
      "malformed",
      `The exec plugin ${name} did not print an ExecCredential with a token or a client certificate.`,
    );
  }
  const expiresAt = typeof expirationTimestamp === "string" ? Date.parse(expirationTimestamp) : Number.NaN;
  return {
    ...(typeof token === "string" ? { token: Secret.of(token) } : {}),
    ...(typeof clientCertificateData === "string" ? { clientCertificate: clientCertificateData } : {}),
    ...(typeof clientKeyData === "string" ? { clientKey: Secret.of(clientKeyData) } : {}),
    ...(Number.isNaN(expiresAt) ? {} : { expiresAt }),
  };
}
