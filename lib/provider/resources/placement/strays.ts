import type { Diagnostic } from "../../framework/diagnostic";
import { listed } from "./report";

/**
 * The warning at refresh for what carries a resource's marks where the state has no target: it becomes one, and so a plan deletes it,
 * unless the configuration names the place.
 * @param what - the object, as the start of a sentence
 * @param places - where it was found
 * @param attributes - those that would have to name the places
 */
export function strays(what: string, places: readonly string[], attributes: string): Diagnostic {
  return {
    severity: "warning",
    summary: "Found outside of the state",
    detail:
      `${what} carries this resource's marks in places that the state does not know: ${listed(places)}. That is a copy (of a backup, or of another namespace), or what a run that was killed has left. ` +
      `The next apply or destroy removes it there; it stays where ${attributes} have the place. ` +
      "To keep a copy as somebody else's, take the annotations registry-access/… off it first.",
    path: ["namespaces"],
  };
}
