import type { TargetStatus } from "../../../domain/target";
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
 * @param served - of those that are blocked, the ones that hold what was written before
 */
function mayHideOf({ targets, on_refused: onRefused }: Said, served: ReadonlySet<string> = new Set()): (key: string) => boolean {
  const isSkipping = onRefused === "skip";
  return (key) => {
    const status = statusIn(targets, key);
    return (status === "blocked" && !served.has(key)) || (isSkipping && (status === undefined || status === "missing"));
  };
}

/** What helps where a namespace that may not be looked into is gone: with it went the right to look. A sentence. */
export const GONE =
  "Where that namespace is gone, the verb get on namespaces (a ClusterRole, docs/permissions.md) lets it be seen, and nothing is missed.";

/** Targets that may not be read. */
export interface Unseen {
  /** Whether a refused read of one is no error. */
  readonly mayHide: (key: string) => boolean;
  /** Takes those at which the read was refused. */
  readonly onHidden: (keys: readonly string[]) => void;
  /** How one of them stood before, where it was served; undefined for all others. */
  readonly statusOf: (key: string) => TargetStatus | undefined;
  /** Those that were served and stay, in order. */
  readonly kept: () => readonly string[];
  /** Those that were never served, in order. */
  readonly never: () => readonly string[];
}

/**
 * Begins with none. What was served once and may not be read any more keeps nobody else from being served, under `on_refused = "skip"`;
 * nor from being cleaned up, where it is to be taken away: what can't be seen can't be deleted, and is told when that is tried.
 * @param served - of those that are blocked, the ones that hold what was written before
 */
export function createUnseen(
  said: Said,
  {
    isLeaving = () => false,
    served,
  }: { readonly isLeaving?: (key: string) => boolean; readonly served?: ReadonlySet<string> } = {},
): Unseen {
  const hidden = new Set<string>();
  const isBare = mayHideOf(said, served);
  return {
    mayHide: (key) => isBare(key) || isLeaving(key) || said.on_refused === "skip",
    onHidden: (keys) => {
      for (const key of keys) hidden.add(key);
    },
    statusOf: (key) => (hidden.has(key) && !isBare(key) ? statusIn(said.targets, key) : undefined),
    kept: () => [...hidden].filter((key) => !isBare(key) && !isLeaving(key)).sort(),
    never: () => [...hidden].filter(isBare).sort(),
  };
}

/** The warning for those that were served. @param what - what may not be read, as the start of a sentence */
export function notSeen(what: string, keys: readonly string[]): Diagnostic {
  return {
    severity: "warning",
    summary: "Not seen",
    detail: `${what} may not be read any more in: ${listed(keys)}. How it stands there is not known: the state keeps what it said, and the others are served, since on_refused is "skip". Grant the verb get there again (docs/permissions.md); a destroy needs it too.`,
    path: ["namespaces"],
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
