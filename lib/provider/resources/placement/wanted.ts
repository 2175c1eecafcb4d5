import type { Path } from "../../../domain/problem";
import type { ConfiguredProvider } from "../../configured/provider";
import type { PlanRequest, PrivateData, TypeContext } from "../../framework/definition";
import { equal } from "../../framework/equal";
import { isUnknown, isWhollyKnown, type ObjectValue, type Value } from "../../framework/value";
import { parseSeen } from "./cluster-memory";
import { describeSelection } from "./selection-report";
import type { TargetEntry, Targets } from "./targets";
import { unlessUnreadable } from "./unless-unreadable";

/** How one type says which targets it means. */
export interface Targeting {
  /** The targets that a configuration, plan or state names itself. */
  named(value: ObjectValue): { readonly known: readonly string[]; readonly isAll: boolean };
  /** What of it selects targets; null where nothing does. What is the same selects the same. */
  rule(value: ObjectValue): Value;
  /** The targets that the rule means in the cluster as it is now. @throws DiagnosticError where they can't be listed */
  select(value: ObjectValue, context: Selecting): Promise<readonly string[]>;
  /** What a message about a selection says besides, as a sentence: what is never selected, and why. @default - nothing */
  remark?(value: ObjectValue): string | undefined;
  /** The attribute that selects. */
  readonly path: Path;
}

/** What a selection is made with. */
export type Selecting = Pick<TypeContext<ConfiguredProvider>, "provider" | "signal" | "log">;

/** The targets that are wanted, as far as they are known. */
export interface Wanted {
  /** In order. */
  readonly keys: readonly string[];
  readonly isAll: boolean;
  /** Whether an apply will want the same, whatever happens in the cluster until then. */
  readonly isFixed: boolean;
  /** Those that the configuration names itself: one that is not there is a mistake, where one that was selected just went away. */
  readonly named: ReadonlySet<string>;
}

/** The targets that an apply has to reach. */
export interface WantedAtApply extends Wanted {
  /** To remember with the state. */
  readonly memory: NonNullable<PrivateData>;
}

/**
 * The targets to plan. Terraform plans once more at apply, and takes a plan only if it says the same: so an update goes by what the
 * refresh has seen. Only what is new, or selects otherwise than before, is selected now, to be told in a warning, and again at apply.
 */
export async function planWanted(
  targeting: Targeting,
  { prior, proposed, privateData }: Pick<PlanRequest, "prior" | "proposed" | "privateData">,
  look: (select: (signal: AbortSignal) => Promise<readonly string[]>) => Promise<readonly string[]>,
  { provider, log, report }: TypeContext<ConfiguredProvider>,
): Promise<Wanted> {
  const { known, isAll } = targeting.named(proposed);
  const named = new Set(known);
  const rule = targeting.rule(proposed);
  if (rule === null) return { keys: known, isAll, isFixed: isAll, named };
  if (provider.cluster.unknown !== undefined || !isWhollyKnown(rule)) return { keys: known, isAll: false, isFixed: false, named };
  if (prior !== null && equal(targeting.rule(prior), rule) && parseSeen(privateData)?.isOther !== true)
    return { keys: together(known, keptBy(targeting, prior, privateData)), isAll, isFixed: isAll, named };
  const unread = "What is selected could not be found out; the apply selects when it begins.";
  const select = () => look((signal) => targeting.select(proposed, { provider, signal, log }));
  const selected = await unlessUnreadable(unread, select, undefined, report);
  if (selected === undefined) return { keys: known, isAll: false, isFixed: false, named };
  const keys = together(known, selected);
  report(describeSelection(keys, keysOf(prior?.targets), targeting.path, targeting.remark?.(proposed)));
  return { keys, isAll, isFixed: false, named };
}

/**
 * The targets that an apply has to reach: those planned, or, where the plan left that open, what is selected now.
 * @param privateData - what was remembered with the state
 */
export async function wantedAtApply(
  targeting: Targeting,
  { planned, privateData }: { readonly planned: ObjectValue; readonly privateData: PrivateData },
  context: Selecting,
): Promise<WantedAtApply> {
  const { known } = targeting.named(planned);
  const named = new Set(known);
  const { targets } = planned;
  if (targeting.rule(planned) === null) return { keys: known, isAll: true, isFixed: true, named, memory: {} };
  if (targets !== undefined && !isUnknown(targets))
    return { keys: keysOf(targets), isAll: true, isFixed: true, named, memory: keptMemory(privateData) };
  // What the same apply has made meanwhile is in no list from before.
  context.provider.cluster.namespaces.forget();
  const selected = await targeting.select(planned, context);
  return { keys: together(known, selected), isAll: true, isFixed: false, named, memory: alsoSelected(selected, named) };
}

/** What a refresh finds to be wanted; undefined where nothing is selected: then it is what the state has. */
export async function wantedAtRefresh(
  targeting: Targeting,
  state: ObjectValue,
  context: Selecting,
): Promise<Selected | undefined> {
  if (targeting.rule(state) === null) return undefined;
  const named = new Set(targeting.named(state).known);
  const selected = await targeting.select(state, context);
  return { keys: new Set([...named, ...selected]), memory: alsoSelected(selected, named) };
}

/** What a refresh found to be wanted. */
export interface Selected {
  readonly keys: ReadonlySet<string>;
  /** To remember with the state. */
  readonly memory: NonNullable<PrivateData>;
}

/**
 * Targets as a refresh found them, held against the selection: what it no longer means is to be cleaned up where it is ours, and is no
 * target where it is not. What the cluster refused stays so until it is served.
 * @param selected - undefined where nothing is selected: then all are wanted, or a plan takes them away by name
 */
export function asSelected(
  found: readonly TargetEntry[],
  selected: Selected | undefined,
  before: Targets | null,
): readonly TargetEntry[] {
  return found.flatMap(([key, { status }]): readonly TargetEntry[] => {
    if (selected === undefined || selected.keys.has(key)) {
      const isStillRefused = status === "missing" && before?.[key]?.status === "blocked";
      return [[key, { status: isStillRefused ? "blocked" : status }]];
    }
    return status === "missing" || status === "foreign" ? [] : [[key, { status: "unmatched" }]];
  });
}

/** Keys that are both named and selected: such a one stays a target when it is named no longer. */
const ALSO_SELECTED = "also_selected";

function alsoSelected(selected: readonly string[], named: ReadonlySet<string>): NonNullable<PrivateData> {
  return { [ALSO_SELECTED]: selected.filter((key) => named.has(key)).join(" ") };
}

/** What was remembered with the state, for the state after an apply of the same rule. */
function keptMemory(privateData: PrivateData): NonNullable<PrivateData> {
  const also = privateData?.[ALSO_SELECTED];
  return typeof also === "string" ? { [ALSO_SELECTED]: also } : {};
}

/** The targets of a state that are there by selection. */
function keptBy(targeting: Targeting, prior: ObjectValue, privateData: PrivateData): readonly string[] {
  const named = new Set(targeting.named(prior).known);
  const also = privateData?.[ALSO_SELECTED];
  const selected = new Set(typeof also === "string" ? also.split(" ") : []);
  const targets = (prior.targets ?? {}) as unknown as Targets;
  return Object.keys(targets).filter((key) => targets[key]?.status !== "unmatched" && (!named.has(key) || selected.has(key)));
}

function keysOf(targets: Value | undefined): readonly string[] {
  return typeof targets === "object" && targets !== null && !isUnknown(targets) ? Object.keys(targets) : [];
}

function together(named: readonly string[], selected: readonly string[]): readonly string[] {
  return [...new Set([...named, ...selected])].sort();
}
