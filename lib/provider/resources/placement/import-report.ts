import type { PlanRequest, PrivateData } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import { equal } from "../../framework/equal";
import { isUnknown, type ObjectValue, type Unknown } from "../../framework/value";
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

/** The private data of a resource that was imported, and not updated since: its state is what the import could read, and no more. */
export const importedMemory: NonNullable<PrivateData> = { imported: 0 };

/** The refresh that belongs to the import, and the one of the first plan after it. */
const REFRESHES = 2;

/** True for {@link importedMemory}, until {@link refreshedImport} ended it. */
export function isImported(data: PrivateData): boolean {
  return typeof data?.imported === "number";
}

/**
 * What a refresh remembers of an import. Terraform never tells a provider that a plan without changes was applied, so the refreshes
 * that were kept are counted: what changes after them is an ordinary edit.
 */
export function refreshedImport(data: PrivateData): NonNullable<PrivateData> {
  if (typeof data?.imported !== "number") return {};
  return { imported: data.imported < REFRESHES ? data.imported + 1 : false };
}

/** Private data without {@link importedMemory}: of what was written since, or takes its place. */
export function withoutImport(data: PrivateData): PrivateData {
  if (data === null) return null;
  const { imported: _, ...rest } = data;
  return rest;
}

/** Why an import can't know an attribute. */
export const IN_CONFIGURATION = "it stands in the configuration alone";

/**
 * The warning for a plan that changes in place what an import could not know; undefined where it changes nothing of that.
 * @param untold - attribute → why what was read may be another thing than what is configured
 * @param more - what becomes of the cluster's objects. @default - nothing
 */
export function changedAfterImport(
  what: string,
  { prior, planned, privateData }: { readonly planned: ObjectValue } & Pick<PlanRequest, "prior" | "privateData">,
  untold: { readonly [attribute: string]: string },
  more = "Nothing is written for it.",
): Diagnostic | undefined {
  if (!isImported(privateData)) return undefined;
  const changed = Object.entries(untold).filter(([name]) => !equal(prior?.[name] ?? null, planned[name] ?? null));
  if (changed.length === 0) return undefined;
  const attributes = changed.map(([name, why]) => `${name} (${why})`).join(", ");
  return {
    severity: "warning",
    summary: "Changed in place after the import",
    detail: `${what} was imported, and an import can't tell all that is configured. The plan takes this from the configuration, in place: ${attributes}. ${more}`,
  };
}
