import type { PullSecretFact } from "../../../domain/pulls/cause";
import type { PodEvent } from "../../../domain/pulls/events";
import { type Pod, pullSecretsOf } from "../../../domain/pulls/pod";
import type { Evidence } from "./evidence";

/** The pull secrets that a Pod really has, as they were found. */
export async function pullSecretFacts(
  pod: Pod,
  events: readonly PodEvent[],
  evidence: Evidence,
): Promise<readonly PullSecretFact[]> {
  const facts: PullSecretFact[] = [];
  for (const name of pullSecretsOf(pod)) facts.push(await evidence.pullSecret(name, events));
  return facts;
}

/** Pull secrets of so many Pods in one line, and what is the matter with each: `Pull secrets of the Pod: pull, gone (not there).` */
export function describePullSecrets(pods: number, secrets: readonly PullSecretFact[]): string {
  return `Pull secrets of ${pods === 1 ? "the Pod" : "these Pods"}: ${secrets.length === 0 ? "none" : secrets.map(describe).join(", ")}.`;
}

function describe(secret: PullSecretFact): string {
  if ("missing" in secret) return `${secret.name} (not there)`;
  if ("unseen" in secret) return `${secret.name} (not looked at)`;
  if ("undecodable" in secret) return `${secret.name} (can't be decoded)`;
  return "ignored" in secret ? `${secret.name} (not used by the kubelet)` : secret.name;
}
