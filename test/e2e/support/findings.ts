import type { Message, Run } from "./terraform";

/** A message, and the line of the configuration that it is about. */
export interface Finding extends Message {
  /** The line of main.tf, trimmed. @default - the message is about no line */
  readonly line?: string;
  /** The attribute that the provider names: of a bare engine, which has no lines. @default - Terraform shows the line alone */
  readonly path?: string;
}

/** The messages of a command that was run with `-json`: `validate` prints one object, the others one a line. */
export function findingsOf({ output }: Run): readonly Finding[] {
  const whole = parse(output);
  if (whole?.diagnostics !== undefined) return whole.diagnostics.map(toFinding);
  return output.split("\n").flatMap((line) => {
    const diagnostic = line.startsWith("{") ? parse(line)?.diagnostic : undefined;
    return diagnostic === undefined ? [] : [toFinding(diagnostic)];
  });
}

interface WireDiagnostic extends Message {
  readonly snippet?: { readonly code: string } | null;
  readonly path?: string;
}
interface Output {
  readonly diagnostics?: readonly WireDiagnostic[];
  readonly diagnostic?: WireDiagnostic;
}

function parse(text: string): Output | undefined {
  try {
    return JSON.parse(text) as Output;
  } catch {
    return undefined;
  }
}

function toFinding({ severity, summary, detail, address, snippet, path }: WireDiagnostic): Finding {
  return {
    severity,
    summary,
    detail,
    ...(address === undefined ? {} : { address }),
    ...(snippet ? { line: snippet.code.trim() } : {}),
    ...(path === undefined ? {} : { path }),
  };
}
