import { checkNamespaceName } from "../domain/kubernetes-name";
import { checkLabels } from "../domain/label-selector";
import type { Path, Problem } from "../domain/problem";
import type { PartlyKnown, TypeSchema } from "./attribute";
import { timeouts } from "./timeouts";

/** What `status` may be. */
export type PullCheckStatus = "pulled" | "failing" | "not_checked";

function checkPods(value: string | number, path: Path): Problem | undefined {
  if (Number.isInteger(value) && Number(value) >= 0) return undefined;
  return {
    path,
    summary: "Invalid number of Pods",
    detail: `${JSON.stringify(value)} is not a number of Pods: a whole number, 0 or more. Leave pods out for as many as their workload wants.`,
  };
}

/** Without a label it would be every Pod of the namespace, which is hardly ever meant. */
function labelsSelect(config: PartlyKnown): readonly Problem[] {
  const labels = config.match_labels;
  if (typeof labels !== "object" || labels === null || Array.isArray(labels)) return [];
  const entries = Object.entries(labels as PartlyKnown);
  if (entries.length === 0)
    return [
      {
        path: ["match_labels"],
        summary: "No labels",
        detail: "match_labels is empty. Give at least one label of the Pods, such as those of a Deployment's selector.",
      },
    ];
  const known = entries.flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : []));
  return [checkLabels(Object.fromEntries(known), ["match_labels"]) ?? []].flat();
}

/** `registry_pull_check`. */
export const pullCheck = {
  name: "registry_pull_check",
  kind: "resource",
  description: `Waits until Pods have pulled their images; where they have not in time, fails and says why: each image with the kubelet's own reason, the pull secrets that the Pod really had, and the likely cause. It makes nothing in the cluster, and destroy only forgets it.

It is done when every selected Pod has all its images (init and ephemeral containers included) and there are as many Pods as there should be. Pods that are being deleted don't count, nor do those of an older template of their Deployment, StatefulSet or DaemonSet: a rollout that has just begun is waited for. Whether a container then runs is not its matter; one that does not start is a warning.

Use it in place of \`wait_for_rollout\` (set that to \`false\`, and a Pod's \`target_state\` to \`["Pending", "Running"]\`): a workload that waits for its rollout holds up the very apply that would repair its pull secret. Let \`replace_triggered_by\` name the workload, the pull secret and the patch, so that each change is checked, and \`triggers\` what a workload that is made anew has anew, such as its \`id\`.

A refresh looks as well and never fails (where it can't look, it warns and keeps \`status\`): where a Pod can't pull any more, \`status\` becomes \`failing\`, a warning says why, and the next apply waits again. A check that fails when it is made leaves no state.

**The credential of the Pods' cluster, not of this machine, is what is tried**: the provider pulls nothing, and only asks a registry for the manifest, and its tags, of an image that the node did not find.

**Only what is pulled tries a credential.** A Pod that runs already is not pulled again when its pull secret changes; nor is an image that is on the node already, with \`imagePullPolicy: IfNotPresent\`. That is Kubernetes' default for a digest and for every tag but \`latest\`, so for a sample with \`pinDigest\`, too. Such Pods stay \`pulled\`, which says nothing of a credential that was changed: the next pull tries it. The data source \`registry_image\` tries a credential at plan.

Where no Pod is wanted (\`pods = 0\`, or a workload with 0 replicas) and none is there, there is nothing to check: \`status\` is \`pulled\`, though nothing was.`,
  attributes: {
    id: { type: "string", presence: "computed", description: "`<namespace>/<labels>`, such as `team-a/app=shop`." },
    namespace: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      description: "The namespace of the Pods.",
      check: checkNamespaceName,
    },
    match_labels: {
      type: { map: "string" },
      presence: "required",
      requiresReplace: true,
      description: "Labels that the Pods have, all of them; at least one. For a workload: the labels of its selector.",
    },
    pods: {
      type: "number",
      presence: "optional",
      description: "How many Pods there have to be at least; 0 where there may be none.",
      whenUnset:
        "as many as the workloads whose Pod template has these labels want (`replicas`), where they may be read; else at least one",
      check: checkPods,
    },
    triggers: {
      type: { map: "string" },
      presence: "optional",
      requiresReplace: true,
      description:
        "Values of one's own; when one of them changes, the Pods are checked anew. For what `replace_triggered_by` does not see: a workload that is made again after somebody deleted it.",
    },
    status: {
      type: "string",
      presence: "computed",
      description:
        "`pulled`, also where no Pod is wanted and none is there; `failing`, where a refresh saw a Pod that can't pull (the plan then checks again); or `not_checked` (the provider's `pull_checks` is `\"skip\"`).",
    },
    timeouts: timeouts({ create: "6m", read: "30s", update: "6m" }),
  },
  rules: [labelsSelect],
} as const satisfies TypeSchema;
