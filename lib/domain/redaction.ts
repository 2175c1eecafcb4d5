import { REDACTED, Secret } from "./secret";

/** Takes secrets out of what is about to be logged. */
export interface Redactor {
  /** Masks this value from now on, wherever it appears: as it is, in base64, URL- or JSON-escaped. Under 4 characters nothing is remembered. */
  remember(secret: Secret | string): void;
  /** A text without secrets. */
  text(text: string): string;
  /** A copy of any value, fit for JSON, without secrets: {@link Secret}s, fields with secret-looking names, and secrets inside strings. */
  value(value: unknown): unknown;
}

/** Shorter values would mask half of every line and protect nobody. */
const SHORTEST_REMEMBERED = 4;

/** Field and header names whose value is a secret, compared in lower case without `-` and `_`. */
const SECRET_NAME =
  /^(?:(?:proxy)?authorization|(?:set)?cookie|(?:.*)password(?:wo)?|passwd|passcode|passphrase|apikey|xauthtoken|secret|clientsecret|(?:access|refresh|id|identity|oauth|bearer|registry|auth)?token|privatekey|dockerconfigjson|dockercfg|stringdata|auth|credentials)$/;

const JWT = /\beyJ[\w-]{4,}\.[\w-]+\.[\w-]*/g;
const AUTHORIZATION = /\b(basic|bearer)(\s+|%20|\+)[\w.~+/=%-]{4,}/gi;
const USERINFO = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)[^\s/@"']+@/gi;
/** `"password": "…"` and `\"auth\":\"…\"` in a JSON text, also one quoted inside another. */
const JSON_FIELD = /(\\*")([\w.-]+)\1(\s*:\s*)\1([\s\S]*?)(?<!\\)\1/g;
/** `api_key=…` in a query or a form. */
const FORM_FIELD = /([?&\s]|^)([\w-]+)=([^&\s"']+)/g;
const PEM_KEY = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g;

/** True for the name of a field, header or parameter that holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.toLowerCase().replace(/[-_.]/g, ""));
}

function maskPatterns(text: string): string {
  return text
    .replace(PEM_KEY, REDACTED)
    .replace(JSON_FIELD, (whole, quote: string, name: string, colon: string) =>
      isSecretName(name) ? `${quote}${name}${quote}${colon}${quote}${REDACTED}${quote}` : whole,
    )
    .replace(AUTHORIZATION, (_, scheme: string) => `${scheme} ${REDACTED}`)
    .replace(JWT, REDACTED)
    .replace(USERINFO, `$1${REDACTED}@`)
    .replace(FORM_FIELD, (whole, before: string, name: string) => (isSecretName(name) ? `${before}${name}=${REDACTED}` : whole));
}

/** The forms in which a value turns up in requests, answers and logs. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value, "utf8");
  const escaped = JSON.stringify(value).slice(1, -1);
  return [value, escaped, encodeURIComponent(value), ...base64Cores(bytes)].filter((form) => form.length >= SHORTEST_REMEMBERED);
}

/** Base64 of the value at each of the three alignments it can have inside a longer text, without the characters its neighbours share. */
function base64Cores(bytes: Buffer): string[] {
  const cores = [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const first = offset === 0 ? 0 : offset + 1;
    const core = padded.toString("base64url").slice(first, Math.floor((padded.length * 8) / 6));
    return [core, core.replace(/-/g, "+").replace(/_/g, "/")];
  });
  return cores.filter((core) => core.length >= 6);
}

/** A redactor with an empty memory. */
export function createRedactor(): Redactor {
  const remembered = new Set<string>();
  let longestFirst: string[] = [];

  const text = (input: string): string => {
    let output = input;
    for (const form of longestFirst) if (output.includes(form)) output = output.replaceAll(form, REDACTED);
    return maskPatterns(output);
  };

  const value = (input: unknown, seen: readonly object[] = []): unknown => {
    if (typeof input === "string") return text(input);
    if (input === null || typeof input !== "object")
      return typeof input === "bigint" || typeof input === "symbol" ? String(input) : input;
    if (input instanceof Secret) return REDACTED;
    if (input instanceof Uint8Array) return `${input.byteLength} bytes`;
    if (seen.includes(input)) return "[circular]";
    const path = [...seen, input];
    if (input instanceof Error) return { name: input.name, message: text(input.message), stack: text(input.stack ?? "") };
    if (Array.isArray(input)) return input.map((element) => value(element, path));
    return Object.fromEntries(
      Object.entries(input).map(([name, field]) => [
        name,
        isSecretName(name) && field !== null && field !== undefined && typeof field !== "boolean" ? REDACTED : value(field, path),
      ]),
    );
  };

  return {
    remember(secret) {
      const opened = typeof secret === "string" ? secret : secret.reveal();
      if (opened.length < SHORTEST_REMEMBERED || remembered.has(opened)) return;
      remembered.add(opened);
      longestFirst = [...new Set([...longestFirst, ...formsOf(opened)])].sort((a, b) => b.length - a.length);
    },
    text,
    value: (input) => value(input),
  };
}

/** The redactor that everything this process logs goes through: whoever opens a secret tells it. */
export const processRedactor: Redactor = createRedactor();
