import type { Diagnostic } from "../../framework/diagnostic";

/** More than this many messages of one kind help nobody. */
const SHOWN = 10;
/** So many that are the same but for the namespace are still told one by one. */
const FEW = 3;
/** Names of namespaces in one message. */
const PLACES_SHOWN = 5;

/** Where our messages about one target name its namespace. */
const PLACE = /\bnamespace "([^"]+)"/i;

/** Messages that are the same but for the namespace. */
interface Kind {
  /** The first few; one alone, where there are more. */
  readonly told: readonly Diagnostic[];
  /** Namespaces of the others. */
  readonly others: readonly string[];
}

/**
 * Reports failures of targets: many that are the same but for the namespace in one message, with the first one in full; of what is then
 * still too much, how many there are.
 */
export function shorten(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const all = fold(diagnostics).flatMap(({ told, others }) => told.map((diagnostic) => ({ diagnostic, others })));
  const shown = all.slice(0, SHOWN).map(({ diagnostic, others }) => describe(diagnostic, others));
  const rest = all.slice(SHOWN);
  const [first] = rest;
  if (first === undefined) return shown;
  const count = rest.reduce((sum, { others }) => sum + 1 + others.length, 0);
  const more: Diagnostic = {
    severity: rest.some(({ diagnostic }) => diagnostic.severity === "error") ? "error" : "warning",
    summary: `${count} more of the same`,
    detail: `${count} more targets failed; the first of them: ${first.diagnostic.detail}`,
  };
  return [...shown, more];
}

function fold(diagnostics: readonly Diagnostic[]): readonly Kind[] {
  const kinds = new Map<string, { readonly diagnostic: Diagnostic; readonly place: string | undefined }[]>();
  for (const diagnostic of diagnostics) {
    const place = PLACE.exec(diagnostic.detail)?.[1];
    const key = JSON.stringify([
      diagnostic.severity,
      diagnostic.summary,
      diagnostic.path,
      withoutPlace(diagnostic.detail, place),
    ]);
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, [{ diagnostic, place }]);
    else kind.push({ diagnostic, place });
  }
  return [...kinds.values()].map((kind) => {
    const isFew = kind.length <= FEW || kind[0]?.place === undefined;
    const told = kind.slice(0, isFew ? undefined : 1).map(({ diagnostic }) => diagnostic);
    return { told, others: kind.slice(told.length).map(({ place }) => place ?? "") };
  });
}

/** With a blank where the namespace stands: quoted, in a path or a target, after an option or as somebody's last word. */
function withoutPlace(detail: string, place: string | undefined): string {
  if (place === undefined) return detail;
  return [`"${place}"`, `/${place}/`, `/${place}:`, ` ${place}/`, `--namespace ${place} `].reduce(
    (text, named) => text.replaceAll(named, named.replace(place, "\n")),
    detail,
  );
}

function describe(diagnostic: Diagnostic, others: readonly string[]): Diagnostic {
  if (others.length === 0) return diagnostic;
  const where = `${others.length} other namespaces`;
  return { ...diagnostic, detail: `${diagnostic.detail} The same in ${where}: ${listed(others, PLACES_SHOWN)}.` };
}

/** A list for a message: the first few, and how many more. */
export function listed(items: readonly string[], shown = SHOWN): string {
  const more = items.length > shown ? ` and ${items.length - shown} more` : "";
  return `${items.slice(0, shown).join(", ")}${more}`;
}
