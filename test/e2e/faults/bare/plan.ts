import { equal } from "../../../../lib/provider/framework/equal";
import type { ObjectValue } from "../../../../lib/provider/framework/value";
import type { Declared } from "../configuration";
import { resolveReferences } from "./references";
import type { Held, Proposal, Session } from "./session";
import type { State } from "./state";

/** What is to be done to one resource. */
export interface Change {
  readonly declared: Declared;
  readonly action: "create" | "update" | "replace" | "none";
  readonly proposal: Proposal;
}

/** A plan: the state as it was read, and what is to change. */
export interface Plan {
  readonly refreshed: State;
  readonly changes: readonly Change[];
  /** Replaced ones that an earlier apply did not destroy. */
  readonly deposed: readonly { readonly declared: Declared; readonly held: Held; readonly proposal: Proposal }[];
}

const NOTHING = new Uint8Array();

/** The walk of `terraform plan`: one resource after the other, as they refer to each other. Undefined where one of them failed. */
export async function planWalk(session: Session, declarations: readonly Declared[], state: State): Promise<Plan | undefined> {
  const refreshed = state.copy();
  const values = new Map<string, ObjectValue>();
  const changes: Change[] = [];
  const deposed: Plan["deposed"][number][] = [];
  for (const declared of declarations) {
    const { schema } = declared;
    for (const old of refreshed.of(schema.name).deposed) {
      const { held, failed } = await session.read(schema, old);
      const proposal = failed || held === undefined ? undefined : await session.plan(schema, held, null, held.privateData);
      if (failed || (held !== undefined && proposal === undefined)) return undefined;
      if (held !== undefined && proposal !== undefined) deposed.push({ declared, held, proposal });
    }
    const { current, tainted } = refreshed.of(schema.name);
    let prior = current;
    if (current !== undefined) {
      const read = await session.read(schema, current);
      if (read.failed) return undefined;
      prior = read.held;
    }
    const left = deposed.filter((each) => each.declared === declared).map(({ held }) => held);
    refreshed.set(schema.name, {
      ...(prior === undefined ? {} : { current: prior }),
      ...(tainted && { tainted }),
      deposed: left,
    });
    const config = resolveReferences(declared.config, values);
    const change = await planOne(session, declared, config, tainted ? undefined : prior);
    if (change === undefined) return undefined;
    changes.push(tainted && prior !== undefined ? { ...change, action: "replace" } : change);
    values.set(schema.name, change.proposal.planned ?? {});
  }
  return { refreshed, changes, deposed };
}

/** A replacement is planned twice: as the change that it can't be, and as a create that knows the first one's private data. */
async function planOne(
  session: Session,
  declared: Declared,
  config: ObjectValue,
  prior: Held | undefined,
): Promise<Change | undefined> {
  const { schema } = declared;
  const proposal = await session.plan(schema, prior, config, prior?.privateData ?? NOTHING);
  if (proposal === undefined) return undefined;
  if (prior === undefined) return { declared, action: "create", proposal };
  if (!proposal.replaces) return { declared, action: equal(prior.value, proposal.planned) ? "none" : "update", proposal };
  const anew = await session.plan(schema, undefined, config, proposal.privateData);
  return anew === undefined ? undefined : { declared, action: "replace", proposal: anew };
}
