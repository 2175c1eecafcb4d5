import { type EngineMessage, notLookedAt, verdictOnFailure } from "../../domain/drift/failure";
import { driftOf } from "../../domain/drift/items";
import { worstOf } from "../../domain/drift/verdict";
import { type Plan, PlanError, readPlan } from "../../domain/plan-json/read-plan";
import type { ClusterOptions } from "../cluster/settings";
import type { CommandIo } from "../io";
import { attributesOf, clusterOf } from "../terraform/plan-facts";
import { planStack } from "../terraform/plan-stack";
import type { Stack } from "../terraform/stacks";
import type { StackReport } from "./report";
import { askWho } from "./who";

/** What is the same for all stacks of a run. */
export interface Looking extends ClusterOptions {
  readonly io: CommandIo;
  readonly soonSeconds: number;
}

/** Refreshes one stack and tells how it stands. Writes nothing, also not to the state. Never throws but when interrupted. */
export async function lookAtStack(
  { name, folder }: Stack,
  { engine, lockTimeout, ...looking }: Looking & { readonly engine: string; readonly lockTimeout: string },
): Promise<StackReport> {
  const { env, signal } = looking.io;
  const args = ["-refresh-only", `-lock-timeout=${lockTimeout}`];
  try {
    const { json, messages } = await planStack(folder, { engine, env, signal, args });
    signal.throwIfAborted();
    if (json === undefined) return failed(name, folder, messages);
    return await judgePlan(name, folder, json, messages, looking);
  } catch (error) {
    if (signal.aborted) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    return failed(name, folder, [{ severity: "error", summary: "The stack could not be looked at", detail }]);
  }
}

/** Tells how a stack stands from its plan. */
export async function judgePlan(
  stack: string,
  folder: string,
  json: string,
  messages: readonly EngineMessage[],
  { io, soonSeconds, ...cluster }: Looking,
): Promise<StackReport> {
  let plan: Plan;
  try {
    plan = readPlan(json);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return failed(stack, folder, [{ severity: "error", summary: "The plan can't be read", detail: error.message }]);
  }
  const { items, resources, others } = driftOf(plan, io.now(), soonSeconds, attributesOf);
  const seen = await askWho(items, { ...clusterOf(plan), ...cluster }, io);
  const gaps = notLookedAt(messages);
  const verdict = worstOf([...items.map((item) => item.verdict), ...(gaps.length > 0 ? ["not_looked" as const] : [])]);
  return {
    stack,
    folder,
    verdict: verdict === "in_sync" && resources === 0 ? "empty" : verdict,
    items: seen,
    resources,
    others,
    messages: gaps,
  };
}

function failed(stack: string, folder: string, messages: readonly EngineMessage[]): StackReport {
  const told = messages.filter(({ severity }) => severity === "error");
  return { stack, folder, verdict: verdictOnFailure(messages), items: [], resources: null, others: [], messages: told };
}
