import type { ObjectValue } from "../../../../lib/provider/framework/value";
import type { Declared } from "../configuration";
import type { Change, Plan } from "./plan";
import { resolveReferences } from "./references";
import type { Held, Session } from "./session";
import type { State } from "./state";

const NOTHING = new Uint8Array();

/** The walk of `terraform apply`. What fails ends it: all that comes after refers to it. Returns whether all went well. */
export async function applyWalk(session: Session, { changes, deposed }: Plan, state: State): Promise<boolean> {
  const values = new Map<string, ObjectValue>();
  for (const change of changes) {
    if (!(await applyOne(session, change, state, values))) return false;
    const { current } = state.of(change.declared.schema.name);
    if (current !== undefined) values.set(change.declared.schema.name, current.value);
  }
  // What was replaced goes last, when nothing uses it any more.
  for (const { declared } of changes) {
    const planned = deposed.filter((each) => each.declared === declared);
    for (const held of state.of(declared.schema.name).deposed) {
      const known = planned.find((each) => each.held === held)?.proposal;
      const proposal = known ?? (await session.plan(declared.schema, held, null, held.privateData));
      if (proposal === undefined) return false;
      const applied = await session.apply(declared.schema, held, proposal, null);
      const { deposed: all, ...rest } = state.of(declared.schema.name);
      const others = all.filter((each) => each !== held);
      state.set(declared.schema.name, { ...rest, deposed: applied.held === undefined ? others : [...others, applied.held] });
      if (applied.failed) return false;
    }
  }
  return true;
}

/** Plans once more, with what is known by now, and carries it out. */
async function applyOne(
  session: Session,
  { declared, action }: Change,
  state: State,
  values: ReadonlyMap<string, ObjectValue>,
): Promise<boolean> {
  if (action === "none") return true;
  const { schema } = declared;
  const before = state.of(schema.name);
  const replaced = action === "replace" ? before.current : undefined;
  if (replaced !== undefined && declared.createsBeforeDestroy !== true)
    throw new Error(`${schema.name} would be destroyed first, which no case does`);
  const prior = replaced === undefined ? before.current : undefined;
  const config = resolveReferences(declared.config, values);
  const proposal = await session.plan(schema, prior, config, prior?.privateData ?? NOTHING);
  if (proposal === undefined) return false;
  const { held, failed } = await session.apply(schema, prior, proposal, config);
  const deposed = replaced === undefined ? before.deposed : [...before.deposed, replaced];
  if (held === undefined && replaced !== undefined) state.set(schema.name, before);
  else state.set(schema.name, { ...currentOf(held, failed && prior === undefined), deposed });
  return !failed;
}

/** What a failed create left is tainted. */
function currentOf(held: Held | undefined, tainted: boolean): { readonly current?: Held; readonly tainted?: true } {
  return held === undefined ? {} : { current: held, ...(tainted ? { tainted } : {}) };
}

/** The walks of `terraform destroy` after the refresh: a plan of it, and in the opposite order what it says. */
export async function planDestroyWalk(
  session: Session,
  declarations: readonly Declared[],
  state: State,
): Promise<readonly Destruction[] | undefined> {
  const destructions: Destruction[] = [];
  for (const declared of [...declarations].reverse()) {
    const { current, deposed } = state.of(declared.schema.name);
    for (const held of [...deposed, ...(current === undefined ? [] : [current])]) {
      const proposal = await session.plan(declared.schema, held, null, held.privateData);
      if (proposal === undefined) return undefined;
      destructions.push({ declared, held, proposal });
    }
  }
  return destructions;
}

/** One object to destroy. */
type Destruction = Plan["deposed"][number];

/** Destroys what was planned to be. Returns whether all went well. */
export async function destroyWalk(session: Session, destructions: readonly Destruction[], state: State): Promise<boolean> {
  for (const { declared, held, proposal } of destructions) {
    const applied = await session.apply(declared.schema, held, proposal, null);
    const { name } = declared.schema;
    const { current, deposed } = state.of(name);
    const others = deposed.filter((each) => each !== held);
    const kept = applied.held === undefined ? [] : [applied.held];
    if (current === held) state.set(name, { ...currentOf(applied.held, false), deposed });
    else state.set(name, { ...currentOf(current, false), deposed: [...others, ...kept] });
    if (applied.failed) return false;
  }
  return true;
}
