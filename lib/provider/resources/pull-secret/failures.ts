import { ClientError } from "../../../clients/client-error";
import { verbsInWords } from "../../../domain/permissions";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { explainWrite } from "../placement/blocked";
import { isTerminating } from "../placement/refused";

/** True where a write failed because its namespace does not exist: a Secret itself can't be "not found" when it is created. */
export function isNamespaceMissing(error: unknown): boolean {
  return ClientError.is(error, "not_found");
}

/** One Secret's failure as messages; what is no client's failure and has no words of its own is a bug, and thrown. */
export function failureOf(error: unknown, what: string, namespace: string): readonly Diagnostic[] {
  if (error instanceof DiagnosticError) return error.diagnostics;
  if (isTerminating(error)) {
    return [
      {
        severity: "error",
        summary: "Namespace is being deleted",
        detail: `${what}: namespace ${JSON.stringify(namespace)} is terminating, and takes nothing new. Take it out of namespaces, or wait until it is gone and make it anew.`,
        path: ["namespaces"],
      },
    ];
  }
  const permission = `It takes the verbs ${verbsInWords("apply", "secrets")} on secrets in namespace ${JSON.stringify(namespace)} (a Role there, or a ClusterRole).`;
  const diagnostic = explainWrite(error, { what, permission, path: ["namespaces"] });
  if (diagnostic === undefined) throw error;
  return [diagnostic];
}
