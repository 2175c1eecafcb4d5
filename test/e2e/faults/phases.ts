import type { Cluster } from "../support/cluster";
import type { Run } from "../support/terraform";
import { SECRET_NAME } from "./configuration";
import type { Lane } from "./lane";

/** A step of a full run. */
export interface Phase {
  /** Brings about that there is something to do. @default - nothing has to be done for it */
  prepare?(lane: Lane, cluster: Cluster): Promise<void>;
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
  repair: { prepare: breakEverything, run: apply, plan, leaves: "made" },
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

/** All Secrets are deleted and our entries taken out, so that the credential has to be fetched again. */
async function breakEverything(lane: Lane, cluster: Cluster): Promise<void> {
  await Promise.all(
    lane.namespaces.map(async (namespace) => {
      if ((await cluster.secret(namespace, SECRET_NAME)) !== undefined) await cluster.delete("secrets", namespace, SECRET_NAME);
      await cluster.edit("serviceaccounts", namespace, "default", (account) => ({
        ...account,
        imagePullSecrets: (account as { imagePullSecrets?: { name: string }[] }).imagePullSecrets?.filter(
          ({ name }) => name !== SECRET_NAME,
        ),
      }));
    }),
  );
}
