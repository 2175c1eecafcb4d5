import type { Redactor } from "../../domain/redaction";
import type { LogFields, Logger } from "../framework/definition";

const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;
type Level = (typeof LEVELS)[number];

/** Where lines go, and what is worth writing. */
export interface LogOptions {
  readonly module: string;
  readonly redactor: Redactor;
  readonly write: (line: string) => void;
  /** Lines below it are not made. */
  readonly level: Level;
  readonly now?: () => Date;
}

/** The level that Terraform shows; without TF_LOG it shows nothing of a provider, so only what is wrong is worth a line. */
export function readLogLevel(environment: { readonly [name: string]: string | undefined }): Level {
  const wanted = (environment.TF_LOG_PROVIDER || environment.TF_LOG)?.toLowerCase();
  if (wanted === undefined || wanted === "" || wanted === "off") return "warn";
  return LEVELS.find((level) => level === wanted) ?? "trace";
}

/** Log lines as go-plugin reads them on stderr: one JSON object each, in hclog's form, without secrets. */
export function createLogger({ module, redactor, write, level, now = () => new Date() }: LogOptions): Logger {
  const at = (line: Level) => (message: string, fields?: LogFields) => {
    if (LEVELS.indexOf(line) < LEVELS.indexOf(level)) return;
    const safe = redactor.value(fields ?? {}) as LogFields;
    write(
      `${JSON.stringify({
        "@level": line,
        "@message": redactor.text(message),
        "@module": module,
        "@timestamp": now().toISOString().replace("Z", "000Z"),
        ...safe,
      })}\n`,
    );
  };
  return { trace: at("trace"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
