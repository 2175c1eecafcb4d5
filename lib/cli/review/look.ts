import { ClientError } from "../../clients/client-error";
import { createKubernetesClient } from "../../clients/kubernetes/create-client";
import { clusterId } from "../../clients/kubernetes/namespaces";
import type { EngineMessage } from "../../domain/drift/failure";
import { driftOf } from "../../domain/drift/items";
import { type Plan, PlanError, readPlan } from "../../domain/plan-json/read-plan";
import { blastRadiusOf } from "../../domain/review/blast-radius";
import { type Review, reviewOf } from "../../domain/review/review";
import type { Editors } from "../../domain/review/targets";
import { readCluster } from "../cluster/read-cluster";
import { type ClusterOptions, kubernetesSettings } from "../cluster/settings";
import { askWho } from "../drift/who";
import type { CommandIo } from "../io";
import { attributesOf, clusterOf } from "../terraform/plan-facts";
import { UsageError } from "../usage-error";
import type { LookedAt, StackReview } from "./report";

/** What is the same for all stacks of a run. */
export interface Reviewing extends ClusterOptions {
  readonly io: CommandIo;
  readonly soonSeconds: number;
  /** Whether the cluster is asked. */
  readonly looks: boolean;
}

/** Reviews a stack by its plan. Throws only when interrupted, and for bugs. */
export async function reviewPlan(
  stack: string,
  json: string,
  messages: readonly EngineMessage[],
  { io, soonSeconds, looks, ...named }: Reviewing,
): Promise<StackReview> {
  let plan: Plan;
  try {
    plan = readPlan(json);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return { stack, messages: [{ severity: "error", summary: "The plan can't be read", detail: error.message }] };
  }
  const cluster = { ...clusterOf(plan), ...named };
  const now = io.now();
  const editors = looks ? await editorsOf(plan, now, soonSeconds, cluster, io) : () => undefined;
  const review = reviewOf(plan, { now, soonSeconds, attributesOf, editors });
  return {
    stack,
    review,
    looked: looks
      ? await lookAt(plan, review, cluster, io)
      : { notLooked: "the plan alone was read (--kubeconfig names a cluster)" },
    messages: messages.filter(({ severity }) => severity === "warning"),
  };
}

/** Who edited what, as the drift command finds it out. */
async function editorsOf(plan: Plan, now: Date, soonSeconds: number, cluster: ClusterOptions, io: CommandIo): Promise<Editors> {
  const items = await askWho(driftOf(plan, now, soonSeconds, attributesOf).items, cluster, io);
  const known = new Map(
    items.flatMap(({ address, target, changedBy }) =>
      changedBy === undefined
        ? []
        : [
            [
              `${address} ${target ?? ""}`,
              ` by field manager ${changedBy.manager}${changedBy.at === undefined ? "" : ` at ${changedBy.at}`}`,
            ] as const,
          ],
    ),
  );
  return (address, target) => known.get(`${address} ${target}`);
}

async function lookAt(plan: Plan, { access }: Review, options: ClusterOptions, io: CommandIo): Promise<LookedAt> {
  if (access.length === 0) return { notLooked: "nobody's access changes" };
  let client: Awaited<ReturnType<typeof createKubernetesClient>> | undefined;
  try {
    client = await createKubernetesClient(kubernetesSettings(options, io.env), { env: io.env });
    const known = plan.changes
      .flatMap(({ before, after }) => [before?.cluster, after?.cluster])
      .find((id) => typeof id === "string");
    if (known !== undefined && (await clusterId(client, io.signal)) !== known)
      return { notLooked: `${client.server} is not known to be the stack's cluster` };
    // Secrets are not needed for it: of none that is there any is asked for.
    const facts = await readCluster(client, { secretNames: [] }, io.signal);
    return { radius: blastRadiusOf(facts, access) };
  } catch (error) {
    if (io.signal.aborted || !(ClientError.is(error) || error instanceof UsageError)) throw error;
    return { notLooked: error.message };
  } finally {
    await client?.close();
  }
}
