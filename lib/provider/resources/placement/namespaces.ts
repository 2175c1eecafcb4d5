import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { namespaceAt } from "../../../clients/kubernetes/namespaces";
import { settleAll } from "../../concurrency";
import type { Diagnostic } from "../../framework/diagnostic";

/** Which of these namespaces do not exist, as far as the caller may see that. */
export async function findMissingNamespaces(
  client: KubernetesClient,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found = await settleAll(namespaces, (namespace) => client.get(namespaceAt(namespace), signal));
  return namespaces.filter((_, index) => {
    const outcome = found[index];
    return outcome?.outcome === "done" && outcome.result === undefined;
  });
}

/** The error for namespaces that do not exist. `consequence` says what was not done, as a sentence. */
export function missingNamespaces(namespaces: readonly string[], server: string, consequence: string): Diagnostic {
  const names = namespaces.map((name) => JSON.stringify(name));
  const [summary, subject, pronoun] =
    names.length === 1
      ? ["Namespace does not exist", `Namespace ${names[0]} does`, "its reference"]
      : ["Namespaces do not exist", `Namespaces ${names.slice(0, -1).join(", ")} and ${names.at(-1)} do`, "their references"];
  return {
    severity: "error",
    summary,
    detail:
      `${subject} not exist in the cluster at ${server}. ${consequence} ` +
      `Make ${names.length === 1 ? "it" : "them"} in the same stack (kubernetes_namespace_v1, NamespaceV1) and give ${pronoun} in namespaces, so that the order follows; or correct the name.`,
    path: ["namespaces"],
  };
}
