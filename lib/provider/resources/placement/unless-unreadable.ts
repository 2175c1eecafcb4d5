import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { WrongCluster } from "./cluster";

/**
 * Looks at something that a plan can do without: what is in the way is a warning, which `unread` begins.
 * @throws WrongCluster where the configuration leads to a cluster that is not to be used
 */
export async function unlessUnreadable<T>(
  unread: string,
  look: () => Promise<T>,
  otherwise: T,
  report: (diagnostic: Diagnostic) => void,
): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof DiagnosticError) || error instanceof WrongCluster) throw error;
    for (const diagnostic of error.diagnostics) {
      report({ ...diagnostic, severity: "warning", detail: `${unread} ${diagnostic.detail}` });
    }
    return otherwise;
  }
}
