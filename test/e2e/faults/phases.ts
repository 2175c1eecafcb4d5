import type { Run } from "../support/terraform";
import type { Lane } from "./lane";

/** A step of a full run. */
export interface Phase {
  /** Brings about that there is something to do. @default - nothing has to be done for it */
  prepare?(lane: Lane): Promise<void>;
  /** The command that the fault strikes. Exit code 0: it went well. */
  run(lane: Lane): Promise<Run>;
  /** The command that plans what `run` does: what it calls, `run` calls first. @default - `run` is a plan itself */
  plan?(lane: Lane): Promise<Run>;
  /** What holds once it went well. */
  readonly leaves: "made" | "gone";
}

const apply = ({ engine }: Lane) => engine.apply();
const plan = ({ engine }: Lane) => engine.plan();

/** All phases, in the order of a full run: each finds what the one before it left. */
export const PHASES = {
  create: { run: apply, plan, leaves: "made" },
  refresh: { run: plan, leaves: "made" },
  "look up": { run: ({ engine }) => engine.lookUp(), leaves: "made" },
  update: {
    async prepare(lane) {
      lane.variant = lane.variant === "a" ? "b" : "a";
      lane.write();
    },
    run: apply,
    plan,
    leaves: "made",
  },
  rotate: {
    async prepare(lane) {
      lane.generation++;
      lane.write();
    },
    run: apply,
    plan,
    leaves: "made",
  },
  repair: { prepare: ({ scene }) => scene.damage(), run: apply, plan, leaves: "made" },
  destroy: {
    run: ({ engine }) => engine.destroy(),
    plan: ({ engine }) => engine.planDestroy(),
    leaves: "gone",
  },
} as const satisfies { readonly [name: string]: Phase };

/** The name of a phase. */
export type PhaseName = keyof typeof PHASES;

/** A plan that has to be empty. */
export async function planIsEmpty(lane: Lane): Promise<boolean> {
  return (await plan(lane)).code === 0;
}
