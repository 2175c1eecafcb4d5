import { ClientError } from "../../../clients/client-error";
import type { TargetStatus } from "../../../domain/target";
import type { Diagnostic } from "../../framework/diagnostic";
import type { Value } from "../../framework/value";
import { isBlocked } from "./blocked";
import { shorten } from "./report";
import type { Targets } from "./targets";
import type { Wanted } from "./wanted";

/** Targets that an apply leaves out: refused by the cluster, where that is to be skipped, or selected and gone since. */
export interface LeftOut {
  /** Takes what stands in the way of whole namespaces; undefined where that is an error. */
  readonly skip: ((namespaces: readonly string[], diagnostic: Diagnostic) => void) | undefined;
  /** True for a target that needs no attempt (any more). */
  has(key: string): boolean;
  /** Makes an attempt: undefined where it ended with a target that is left out, which is told by a warning. */
  attempt<T>(key: string, write: () => Promise<T>, explain: (error: unknown) => readonly Diagnostic[]): Promise<T | undefined>;
  /** Those of `keys` that the cluster refused. */
  blocked(keys: readonly string[]): Targets;
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
  const refused = new Set<string>();
  const gone = new Set<string>();
  const told: Diagnostic[] = [];
  const isRefused = (key: string) => refused.has(key) || namespaces.has(namespaceOf(key));
  const skip = (some: readonly string[], diagnostic: Diagnostic) => {
    for (const namespace of some) namespaces.add(namespace);
    told.push(asSkipped(diagnostic));
  };
  return {
    skip: isSkipping ? skip : undefined,
    has: (key) => isRefused(key) || gone.has(key),
    async attempt(key, write, explain) {
      try {
        return await write();
      } catch (error) {
        if (!named.has(key) && (isNotThere(error) || isTerminating(error))) gone.add(key);
        else if (isSkipping && (isBlocked(error) || ClientError.is(error, "forbidden"))) {
          refused.add(key);
          told.push(...explain(error).map(asSkipped));
        } else throw error;
        return undefined;
      }
    },
    blocked: (keys) =>
      Object.fromEntries(keys.filter(isRefused).map((key) => [key, { status: "blocked" satisfies TargetStatus }])),
    isGone: (key) => gone.has(key),
    say: (report) => shorten(told).forEach(report),
  };
}

function isNotThere(error: unknown): boolean {
  return error instanceof NotThere || ClientError.is(error, "not_found");
}

/** Thrown for a target whose place is not there, which the client found out without an error. */
export class NotThere extends Error {}

/** True where a namespace takes nothing new since it is being deleted. */
export function isTerminating(error: unknown): boolean {
  return ClientError.is(error, "forbidden") && error.message.includes("because it is being terminated");
}

function asSkipped(diagnostic: Diagnostic): Diagnostic {
  const detail = `${diagnostic.detail} on_refused is "skip": the others were served, and every plan tries this again.`;
  return { ...diagnostic, severity: "warning", detail };
}
