import type { Diagnostic } from "../../framework/diagnostic";
import { listed } from "./report";
import { statusIn, type Targets } from "./targets";

/** What a state says of its targets. */
interface Said {
  readonly targets: Targets | null;
  readonly on_refused: string | null;
}

/**
 * Targets at which a refused read is no error: the cluster refused the write there, so nothing is known to be there. Under
 * `on_refused = "skip"` also those that were never served: they are left out as soon as an apply tries them.
 */
export function mayHideOf({ targets, on_refused: onRefused }: Said): (key: string) => boolean {
  const isSkipping = onRefused === "skip";
  return (key) => {
    const status = statusIn(targets, key);
    return status === "blocked" || (isSkipping && (status === undefined || status === "missing"));
  };
}

/** The warning where such targets are forgotten without a look. @param what - what might be there, as the start of a sentence */
export function notLookedFor(what: string, keys: readonly string[]): Diagnostic {
  return {
    severity: "warning",
    summary: "Not looked for",
    detail: `${what} could not be looked for, since the caller may not read there, in: ${listed([...keys].sort())}. The cluster refused to have it written there. Should it be there all the same, from before, it is left.`,
    path: ["namespaces"],
  };
}
