import type { Diagnostic } from "../../framework/diagnostic";
import { isUnknown, type Unknown } from "../../framework/value";
import { listed } from "./report";

/** What is not there at an import: an error where it is all of it, else a warning. */
export function missingAtImport(
  what: string,
  places: readonly string[],
  server: string,
  cluster: string | null,
  severity: Diagnostic["severity"],
): Diagnostic {
  const which = cluster === null ? server : `${server} (${cluster}, the UID of its kube-system namespace)`;
  const rest =
    severity === "error"
      ? "Nothing was imported. Correct the id, or point the provider's kubernetes configuration to the cluster where it is; what is not there yet is created by an apply, without an import."
      : "The rest was imported; the next apply makes it there.";
  return {
    severity,
    summary: severity === "error" ? "Nothing to import" : "Not everything is there",
    detail: `The cluster at ${which} has no ${what} in ${listed(places)}. ${rest}`,
  };
}

/** The warning for what differs from place to place; undefined where nothing does. `how` follows "in team-a it". */
export function differing(what: string, places: readonly string[], how: string): Diagnostic | undefined {
  if (places.length === 0) return undefined;
  return {
    severity: "warning",
    summary: "Not the same everywhere",
    detail: `The ${what} ${how} in: ${listed(places)}. The next apply makes it the same there; the plan shows which.`,
  };
}

/** The warning for an id whose owner is not the provider's; undefined where it is. */
export function relabelled(what: string, owner: string, configured: string | Unknown): Diagnostic | undefined {
  if (isUnknown(configured) || configured === owner) return undefined;
  return {
    severity: "warning",
    summary: "Imported from another owner",
    detail: `The ${what} is imported with an id that names the owner ${JSON.stringify(owner)}, and the provider's owner is ${JSON.stringify(configured)}: the plan relabels it, in place. Take it out of the state of the stack that it came from (terraform state rm), or that one finds it foreign from then on.`,
  };
}
