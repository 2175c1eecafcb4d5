import type { Diagnostic } from "../../framework/diagnostic";
import { listed } from "./report";

/**
 * Said by a create that found what another resource of its owner had written. A replacement's successor finds its predecessor's; Terraform
 * tells a create neither of that nor of a state that was lost, so that all of them are said.
 *
 * @param what - `Secrets "pull"`, or `Entries`
 * @param places - where they are
 */
export function takenUp(what: string, owner: string, places: readonly string[]): Diagnostic | undefined {
  if (places.length === 0) return undefined;
  return {
    severity: "warning",
    summary: `${what.replace(/ .*/, "")} were taken up`,
    detail:
      `${what} were there already, written by another resource of the owner ${JSON.stringify(owner)}: ${listed(places)}. They are this resource's now, in place. ` +
      "That is right for what this run replaces, and for what a run left whose state was lost. " +
      "Where another state has this owner and these names, it has lost them to this one: an owner belongs to one state. Give one of the two another owner.",
    path: ["owner"],
  };
}
