import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { namespaceAt } from "../../../clients/kubernetes/namespaces";
import { inWords } from "../../../domain/permissions";
import { settleAll } from "../../concurrency";
import type { Diagnostic } from "../../framework/diagnostic";
import { listed } from "./report";

/** Names of namespaces in one message. */
const SHOWN = 5;

/** Which of these namespaces exist, and which don't; of the others the caller may not see that, or could not. */
export async function lookForNamespaces(
  client: KubernetesClient,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly found: readonly string[]; readonly missing: readonly string[] }> {
  const outcomes = await settleAll(namespaces, (namespace) => client.get(namespaceAt(namespace), signal));
  const where = (isThere: boolean) =>
    namespaces.filter((_, index) => {
      const outcome = outcomes[index];
      return outcome?.outcome === "done" && (outcome.result !== undefined) === isThere;
    });
  return { found: where(true), missing: where(false) };
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
export function missingAtPlan(namespaces: readonly string[], server: string): Diagnostic {
  const { summary, subject, them, references } = wordsFor(namespaces);
  return {
    severity: "warning",
    summary,
    detail:
      `${subject} not exist in the cluster at ${server}. The apply stops before it writes anything, unless something makes ${them} first. ` +
      `If this stack makes ${them}, give ${references} in namespaces (kubernetes_namespace_v1, NamespaceV1), so that the order follows; if not, make ${them}, or correct the name.`,
    path: ["namespaces"],
  };
}

function wordsFor(namespaces: readonly string[]) {
  const names = namespaces.map((name) => JSON.stringify(name));
  if (names.length === 1)
    return {
      summary: "Namespace does not exist",
      subject: `Namespace ${names[0]} does`,
      them: "it",
      references: "its reference",
    };
  const all = names.length > SHOWN ? listed(names, SHOWN) : inWords(names);
  return { summary: "Namespaces do not exist", subject: `Namespaces ${all} do`, them: "them", references: "their references" };
}
