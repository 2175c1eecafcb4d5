import type { EngineMessage } from "../../domain/drift/failure";
import { mayReadEnvironment, PASSWORD_PREFIXES } from "../../domain/environment-name";
import { isRecord, parseRecord } from "../../domain/json";
import { processRedactor } from "../../domain/redaction";
import { isSecretName } from "../../domain/secret-patterns";

/** The errors and warnings in what a command with `-json` printed, without secrets. */
export function messagesIn(stdout: string): readonly EngineMessage[] {
  return stdout.split("\n").flatMap((line) => {
    const diagnostic = line.startsWith("{") ? parseRecord(line)?.diagnostic : undefined;
    if (!isRecord(diagnostic)) return [];
    const { severity, summary, detail, address } = diagnostic;
    if ((severity !== "error" && severity !== "warning") || typeof summary !== "string") return [];
    return [
      {
        severity,
        summary: processRedactor.text(summary),
        detail: processRedactor.text(typeof detail === "string" ? detail : ""),
        ...(typeof address === "string" ? { address } : {}),
      },
    ];
  });
}

/** Variables that hold a secret by their name; what only says where one is (`…_FILE`, `…_ENV`) is shown. */
const SECRET_VARIABLE = /(?:TOKEN|SECRET|PASSWORD|PASSPHRASE|CREDENTIALS?|API_?KEY|ACCESS_KEY|PRIVATE_KEY|KEY_DATA)/i;
const WHEREABOUTS = /_(?:FILE|ENV|PATH|NAME|URL|SOCK)$/i;

/**
 * Masks from now on what the environment holds under names of secrets, also of other providers and of backends, and what the provider may
 * take a registry's password from (`password_env`): somebody may quote it in an error.
 */
export function rememberEnvironment(env: { readonly [name: string]: string | undefined }): void {
  for (const [name, value] of Object.entries(env)) {
    const isOurs = mayReadEnvironment(name, PASSWORD_PREFIXES, env);
    const isSecret = isSecretName(name.replace(/^TF_VAR_/, "")) || (SECRET_VARIABLE.test(name) && !WHEREABOUTS.test(name));
    if (value !== undefined && (isOurs || isSecret)) processRedactor.remember(value);
  }
}
