import type { Cluster } from "../support/cluster";
import { expectWell, type Run } from "../support/terraform";
import { type Lane, SECRET_NAME } from "./lane";

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

const PLAN = ["plan", "-detailed-exitcode", "-input=false", "-json"];
const apply = (lane: Lane) => lane.stack.apply();
const plan = (lane: Lane) => lane.stack.run(...PLAN);

/** All phases, in the order of a full run: each finds what the one before it left. */
export const PHASES = {
  create: { run: apply, plan, leaves: "made" },
  refresh: { run: plan, leaves: "made" },
  "look up": { run: (lane) => lane.lookUp.run(...PLAN), leaves: "made" },
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
    run: (lane) => lane.stack.destroy(),
    plan: (lane) => lane.stack.run("plan", "-destroy", "-input=false", "-json"),
    leaves: "gone",
  },
} as const satisfies { readonly [name: string]: Phase };

/** The name of a phase. */
export type PhaseName = keyof typeof PHASES;

/** A plan that has to be empty. */
export async function planIsEmpty(lane: Lane): Promise<boolean> {
  return (await plan(lane)).code === 0;
}

/** Makes an empty lane's stack initialised, so that no fault strikes `init`. */
export async function initialise(lane: Lane): Promise<void> {
  for (const stack of [lane.stack, lane.lookUp]) expectWell(await stack.plan());
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
