import { DiagnosticError } from "../../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import { type Metadata, visibleMetadata } from "../metadata";
import type { Manifest, ObjectKind } from "../object-kind";
import { metadataOf } from "../object-state";
import type { Fields } from "../to-object";
import { timeoutOf, waitUntil } from "../wait";

/** kubernetes_deployment_v1 */
export const deployment: ObjectKind = {
  type: "kubernetes_deployment_v1",
  apiVersion: "apps/v1",
  kind: "Deployment",
  resource: "deployments",
  namespaced: true,
  stateOnly: ["wait_for_rollout"],
  deleteTimeout: 10 * 60_000,
  failure: { create: "Failed to create deployment", update: "Failed to update deployment" },

  hide(object, prior, ignored) {
    const template = object.spec?.template as Fields | undefined;
    if (template?.metadata === undefined) return object;
    const before = (prior?.spec as readonly ObjectValue[] | undefined)?.[0]?.template;
    const metadata = visibleMetadata(
      template.metadata as Metadata,
      metadataOf((before as readonly ObjectValue[] | undefined)?.[0]),
      ignored,
    );
    return { ...object, spec: { ...object.spec, template: { ...template, metadata } } };
  },

  change(current, wanted) {
    const spec = { ...(wanted.spec as Fields) };
    const strategy = spec.strategy as Fields | undefined;
    // The plan keeps rolling_update, since the cluster may set it; the API server refuses it beside Recreate.
    if (strategy?.type === "Recreate") spec.strategy = { type: strategy.type };
    return { ...current, spec };
  },

  async ready({ client, at, planned, operation, signal }) {
    if (planned.wait_for_rollout !== true) return;
    await waitUntil({
      timeout: timeoutOf(planned, operation, 10 * 60_000),
      signal,
      check: async () => missingOfRollout(await client.get<Manifest>(at, signal), at.name),
    });
  },
};

/** What a rollout still lacks; undefined where it is complete. @throws DiagnosticError where the controller gave it up */
export function missingOfRollout(object: Manifest | undefined, name: string): string | undefined {
  if (object === undefined) return `Deployment ${name} not found`;
  const status = object.status ?? {};
  const count = (field: string): number => Number(status[field] ?? 0);
  if (count("observedGeneration") < (object.metadata.generation ?? 0))
    return `Waiting for rollout to start of deployment ${name}`;
  const conditions = (status.conditions ?? []) as readonly Fields[];
  if (conditions.some(({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded")) {
    throw DiagnosticError.at(
      undefined,
      `Deployment ${name} exceeded its progress deadline`,
      "Its Pods say why: kubectl describe pods.",
    );
  }
  const replicas = Number(object.spec?.replicas ?? 1);
  const [updated, all, available] = [count("updatedReplicas"), count("replicas"), count("availableReplicas")];
  if (updated < replicas)
    return `Waiting for rollout to finish of ${name}: ${updated} out of ${replicas} new replicas have been updated`;
  if (all > updated) return `Waiting for rollout to finish of ${name}: ${all - updated} old replicas are pending termination`;
  return available < updated
    ? `Waiting for rollout to finish of ${name}: ${available} of ${updated} updated replicas are available`
    : undefined;
}
