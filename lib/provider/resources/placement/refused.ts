import { ClientError } from "../../../clients/client-error";
import type { TargetStatus } from "../../../domain/target";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import type { Value } from "../../framework/value";
import { isBlocked } from "./blocked";
import { notLookedFor, type Unseen } from "./hidden";
import { shorten } from "./report";
import type { Targets } from "./targets";
import type { Wanted } from "./wanted";

/** Targets that an apply leaves out: where that is to be skipped, those that can't be written; and those that were selected and are gone since. */
export interface LeftOut {
  /** Takes what stands in the way of whole namespaces; undefined where that is an error. */
  readonly skip: ((namespaces: readonly string[], diagnostic: Diagnostic) => void) | undefined;
  /** Leaves targets as they are: told by a warning where that is skipped. @throws the error where it is not */
  leave(error: NotTaken): void;
  /** Leaves a target that was served, and may not be read any more: the refresh has told. */
  keep(key: string, status: TargetStatus): void;
  /** True for a target that needs no attempt (any more). */
  has(key: string): boolean;
  /** Makes an attempt: undefined where it ended with a target that is left out, which is told by a warning. */
  attempt<T>(key: string, write: () => Promise<T>, explain: (error: unknown) => readonly Diagnostic[]): Promise<T | undefined>;
  /** How those of `keys` stand that were not written. */
  statuses(keys: readonly string[]): Targets;
  /** True for a target that was selected, and whose place is gone or going. */
  isGone(key: string): boolean;
  /** Says it all, once the work is done: many of one kind in few words. */
  say(report: (diagnostic: Diagnostic) => void): void;
}

/**
 * Begins with none.
 * @param onRefused - the configuration's `on_refused`
 * @param namespaceOf - the namespace of a target's key
 */
export function createLeftOut(
  onRefused: Value | undefined,
  { named }: Pick<Wanted, "named">,
  namespaceOf: (key: string) => string = (key) => key,
): LeftOut {
  const isSkipping = onRefused === "skip";
  const namespaces = new Set<string>();
  const refused = new Map<string, TargetStatus>();
  const gone = new Set<string>();
  const told: Diagnostic[] = [];
  const statusOf = (key: string) => refused.get(key) ?? (namespaces.has(namespaceOf(key)) ? "blocked" : undefined);
  const skip = (some: readonly string[], diagnostic: Diagnostic) => {
    for (const namespace of some) namespaces.add(namespace);
    told.push(asSkipped(diagnostic));
  };
  const leave = (error: NotTaken) => {
    if (!isSkipping) throw error;
    for (const key of error.targets) refused.set(key, error.status);
    told.push(...error.diagnostics.map(asSkipped));
  };
  return {
    skip: isSkipping ? skip : undefined,
    leave,
    keep: (key, status) => void refused.set(key, status),
    has: (key) => statusOf(key) !== undefined || gone.has(key),
    async attempt(key, write, explain) {
      try {
        return await write();
      } catch (error) {
        if (!named.has(key) && (isNotThere(error) || isTerminating(error))) gone.add(key);
        else if (error instanceof NotTaken) leave(error);
        else if (isSkipping && (isBlocked(error) || ClientError.is(error, "forbidden")))
          leave(new NotTaken("blocked", [key], explain(error)));
        else throw error;
        return undefined;
      }
    },
    statuses: (keys) =>
      Object.fromEntries(
        keys.flatMap((key) => {
          const status = statusOf(key);
          return status === undefined ? [] : [[key, { status }]];
        }),
      ),
    isGone: (key) => gone.has(key),
    say: (report) => shorten(told).forEach(report),
  };
}

/** Leaves as they are those that stay and were not seen. @param what - what could not be looked for, as the start of a sentence */
export function keepUnseen(unseen: Unseen, what: string, leftOut: LeftOut, report: (diagnostic: Diagnostic) => void): void {
  for (const key of unseen.kept()) leftOut.keep(key, unseen.statusOf(key) ?? "blocked");
  if (unseen.never().length > 0) report(notLookedFor(what, unseen.never()));
}

function isNotThere(error: unknown): boolean {
  return error instanceof NotThere || ClientError.is(error, "not_found");
}

/** Thrown for targets that can't be written, and are left as they are. */
export class NotTaken extends DiagnosticError {
  constructor(
    /** How they stand. */
    readonly status: TargetStatus,
    readonly targets: readonly string[],
    diagnostics: readonly Diagnostic[],
  ) {
    super(diagnostics);
  }
}

/** Thrown for a target whose place is not there, which the client found out without an error. */
export class NotThere extends Error {}

/** True where a namespace takes nothing new since it is being deleted. */
export function isTerminating(error: unknown): boolean {
  return ClientError.is(error, "forbidden") && error.message.includes("because it is being terminated");
}

/** An error as the warning that it is where it is skipped. */
export function asSkipped(diagnostic: Diagnostic): Diagnostic {
  const detail = `${diagnostic.detail} on_refused is "skip": the others were served, and every plan tries this again.`;
  return { ...diagnostic, severity: "warning", detail };
}
