import { printable } from "../../../clients/printable";
import { likelyCause } from "../../../domain/pulls/cause";
import { type Pod, serviceAccountOf } from "../../../domain/pulls/pod";
import { formatProgress } from "../../../domain/pulls/progress";
import type { Diagnostic } from "../../framework/diagnostic";
import { listed, shorten } from "../placement/report";
import { createEvidence, type Evidence, type Sources } from "./evidence";
import { explainMissing, explainWaiting } from "./explain-others";
import { type Failure, failuresOf } from "./failures";
import type { Sight } from "./look";
import { describeSelection, namePods, type Selection } from "./model";
import { describePullSecrets, pullSecretFacts } from "./pod-pull-secrets";

/**
 * Says why the Pods have not pulled: every image with the kubelet's words, the pull secrets of its Pods and the likely cause; then what
 * waits, and what is missing. Asks the cluster, and a registry where the kubelet leaves open what is missing there; never fails because
 * of what may not be read.
 * @param within - how long was waited, as a clause: `within 6m`
 */
export async function explain(
  sources: Sources,
  selection: Selection,
  sight: Sight,
  within: string,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const evidence = createEvidence(sources, selection.namespace, signal);
  const head = `${describeSelection(selection)}, ${within}: ${formatProgress(sight)}.`;
  const diagnostics: Diagnostic[] = [];
  for (const failure of await failuresOf(sight.failed, evidence))
    diagnostics.push(diagnosticOf("Image could not be pulled", [...(await explainFailure(failure, selection, evidence)), head]));
  for (const lines of await explainWaiting(sight.waiting, evidence))
    diagnostics.push(diagnosticOf("Pod has not pulled its images", [...lines, head]));
  for (const lines of await explainMissing(sight, selection, evidence))
    diagnostics.push(diagnosticOf("Pods are missing", [...lines, head]));
  const [first, ...rest] = shorten(diagnostics);
  if (first === undefined || evidence.unseen.size === 0) return diagnostics;
  const unseen = `Could not be looked at for this: ${listed([...evidence.unseen])}.`;
  return [{ ...first, detail: `${first.detail}\n${unseen}` }, ...rest];
}

/** Runtimes pass on what registries answer: each line stays one, and steers no terminal. */
function diagnosticOf(summary: string, lines: readonly string[]): Diagnostic {
  return { severity: "error", summary, detail: lines.map(printable).join("\n"), path: ["match_labels"] };
}

async function explainFailure(
  { pull: { image, reason }, pods, containers, fault, words }: Failure,
  { namespace }: Selection,
  evidence: Evidence,
): Promise<readonly string[]> {
  const pod = pods[0] as Pod;
  const events = await evidence.events(pod);
  const pullSecrets = await pullSecretFacts(pod, events, evidence);
  const serviceAccount = serviceAccountOf(pod);
  const accountSecrets = pullSecrets.length === 0 ? await evidence.accountSecrets(serviceAccount) : undefined;
  const registry = fault === "not_found" ? await evidence.registryAnswer(image, pullSecrets) : undefined;
  const cause = likelyCause({ image, fault, words, namespace, serviceAccount, pullSecrets, accountSecrets, registry });
  return [
    `${image}: not pulled for ${nameContainers(containers)} of ${namePods(pods)}.`,
    // Some reasons are the message itself.
    `The kubelet says: ${[...new Set([reason, words])].filter((part) => part !== undefined).join(": ")}`,
    describePullSecrets(pods.length, pullSecrets),
    `Likely cause: ${cause}`,
  ];
}

function nameContainers(names: readonly string[]): string {
  return `${names.length === 1 ? "container" : "containers"} ${names.join(", ")}`;
}
