import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { listNamespaces, namespaceAt } from "../../../clients/kubernetes/namespaces";
import { inWords } from "../../../domain/permissions";
import { type Settled, settleAll } from "../../concurrency";
import type { Logger } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import { listed } from "./report";

/** Names of namespaces in one message. */
const SHOWN = 5;

/** More than this many are looked for in the list of all, where that is allowed. */
const MANY = 50;

/** Namespaces by how they stand; one that the caller may not see, or that could not be seen, is in none of the lists. */
export interface Sighting {
  readonly found: readonly string[];
  readonly missing: readonly string[];
  /** Being deleted: they take nothing new. */
  readonly going: readonly string[];
  /** Those in none of the lists, with what kept them from being seen. */
  readonly hidden: readonly { readonly namespace: string; readonly error: unknown }[];
}

/** Which of these namespaces are there: many by one list, where the caller may list them. Never throws. */
export async function lookForNamespaces(
  client: KubernetesClient,
  namespaces: readonly string[],
  { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<Sighting> {
  const look = async (namespace: string): Promise<Standing> => {
    const found = await client.get(namespaceAt(namespace), signal);
    return standingOf(found && { isTerminating: found.metadata.deletionTimestamp !== undefined });
  };
  const outcomes =
    (namespaces.length > MANY ? await lookInList(client, namespaces, signal) : undefined) ??
    (await settleAll(namespaces, look, { progress: { log, what: "looking for namespaces", unit: "namespaces" } }));
  const standing = (index: number): Standing | undefined => {
    const outcome = outcomes[index];
    return outcome?.outcome === "done" ? outcome.result : undefined;
  };
  const where = (how: Standing) => namespaces.filter((_, index) => standing(index) === how);
  const hidden = namespaces.flatMap((namespace, index) => {
    const outcome = outcomes[index];
    return outcome?.outcome === "failed" ? [{ namespace, error: outcome.error }] : [];
  });
  return { found: where("found"), missing: where("missing"), going: where("going"), hidden };
}

/** Undefined where they may not be listed. */
async function lookInList(
  client: KubernetesClient,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly Settled<Standing>[] | undefined> {
  try {
    const all = new Map((await listNamespaces(client, signal)).map((namespace) => [namespace.name, namespace]));
    return namespaces.map((namespace) => ({ outcome: "done", result: standingOf(all.get(namespace)) }));
  } catch (error) {
    if (ClientError.is(error, "forbidden")) return undefined;
    return namespaces.map(() => ({ outcome: "failed", error }));
  }
}

type Standing = "found" | "missing" | "going";

function standingOf(namespace: { readonly isTerminating: boolean } | undefined): Standing {
  if (namespace === undefined) return "missing";
  return namespace.isTerminating ? "going" : "found";
}

/** The error for namespaces that do not exist. `consequence` says what was not done, as a sentence. */
export function missingNamespaces(namespaces: readonly string[], server: string, consequence: string): Diagnostic {
  const { summary, subject, them, references } = wordsFor(namespaces);
  return {
    severity: "error",
    summary,
    detail:
      `${subject} not exist in the cluster at ${server}. ${consequence} ` +
      `Make ${them} in the same stack (kubernetes_namespace_v1, NamespaceV1) and give ${references} in namespaces, so that the order follows; or correct the name.`,
    path: ["namespaces"],
  };
}

/** The warning for them at plan: a namespace that is named as text may still be made by the same stack, which nobody can tell. */
export function missingAtPlan(namespaces: readonly string[], server: string, isSkipping: boolean): Diagnostic {
  const { summary, subject, them, references } = wordsFor(namespaces);
  return {
    severity: "warning",
    summary,
    detail:
      `${subject} not exist in the cluster at ${server}. The apply ${atApply(isSkipping)}, unless something makes ${them} first. ` +
      `All is well where this stack makes ${them}, and namespaces has ${references} (kubernetes_namespace_v1, NamespaceV1), so that the order follows; if not, make ${them}, or correct the name.`,
    path: ["namespaces"],
  };
}

/** The error for namespaces that are being deleted. `consequence` says what was not done, as a sentence. */
export function goingNamespaces(namespaces: readonly string[], server: string, consequence: string): Diagnostic {
  return { severity: "error", ...describeGoing(namespaces, server, consequence), path: ["namespaces"] };
}

/** The warning for them at plan: they may be gone by the time of the apply, and made anew. */
export function goingAtPlan(namespaces: readonly string[], server: string, isSkipping: boolean): Diagnostic {
  const consequence = `As long as that is so, the apply ${atApply(isSkipping)}.`;
  return { severity: "warning", ...describeGoing(namespaces, server, consequence), path: ["namespaces"] };
}

function atApply(isSkipping: boolean): string {
  return isSkipping ? 'leaves this out, since on_refused is "skip"' : "stops at this resource, before it writes anything of it";
}

function describeGoing(namespaces: readonly string[], server: string, consequence: string) {
  const isOne = namespaces.length === 1;
  const [are, take, them] = isOne ? ["is", "takes", "it"] : ["are", "take", "them"];
  const names = namesOf(namespaces);
  return {
    summary: isOne ? "Namespace is being deleted" : "Namespaces are being deleted",
    detail:
      `${isOne ? "Namespace" : "Namespaces"} ${names} ${are} being deleted in the cluster at ${server}, and ${take} nothing new. ${consequence} ` +
      `Take ${them} out of namespaces, or wait until ${isOne ? "it is" : "they are"} gone and make ${them} anew (kubectl get namespace shows what ${isOne ? "it still waits" : "they still wait"} for).`,
  };
}

function wordsFor(namespaces: readonly string[]) {
  const names = namesOf(namespaces);
  if (namespaces.length === 1)
    return {
      summary: "Namespace does not exist",
      subject: `Namespace ${names} does`,
      them: "it",
      references: "its reference",
    };
  return { summary: "Namespaces do not exist", subject: `Namespaces ${names} do`, them: "them", references: "their references" };
}

function namesOf(namespaces: readonly string[]): string {
  const names = namespaces.map((name) => JSON.stringify(name));
  return names.length > SHOWN ? listed(names, SHOWN) : inWords(names);
}
