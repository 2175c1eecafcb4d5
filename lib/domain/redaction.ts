import { REDACTED, Secret } from "./secret";
import { formsOf, SHORTEST_REMEMBERED } from "./secret-forms";
import { isSecretName, maskPatterns } from "./secret-patterns";

/** Takes secrets out of what is about to be logged. */
export interface Redactor {
  /** Masks this value from now on, wherever it appears: as it is, in base64 (also of base64 or JSON), escaped for a URL, a form, JSON or HTML. Under 4 characters nothing is remembered. */
  remember(secret: Secret | string): void;
  /** A text without secrets. */
  text(text: string): string;
  /** A copy of any value, fit for JSON, without secrets: {@link Secret}s, fields with secret-looking names, and secrets inside strings. */
  value(value: unknown): unknown;
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
    if (input instanceof Error) {
      const cause = input.cause === undefined ? {} : { cause: value(input.cause, path) };
      return { name: input.name, message: text(input.message), stack: text(input.stack ?? ""), ...cause };
    }
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
