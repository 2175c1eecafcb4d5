import { checkNamespaceName, checkObjectName } from "./kubernetes-name";
import type { Path, Problem } from "./problem";

/** What an import id of something that lies in many places says: `<owner>/<name>@<place>,<place>`. */
export interface PlacedImportId {
  readonly owner: string;
  readonly name: string;
  /** In the order given; each once. */
  readonly places: readonly string[];
}

/** Reads such an id; undefined where it is none. An owner may hold `/`, and neither a name nor a place holds `@` or `,`. */
export function parsePlacedImportId(id: string): PlacedImportId | undefined {
  const match = /^(?<owner>[^@,\s]+)\/(?<name>[^@,/\s]+)@(?<places>[^@\s]+)$/.exec(id);
  const { owner, name, places = "" } = match?.groups ?? {};
  if (owner === undefined || name === undefined) return undefined;
  return { owner, name, places: [...new Set(places.split(","))] };
}

/** Says what is wrong with the import id of a pull secret, part by part, or nothing. */
export function checkPullSecretImportId(value: string | number, path: Path): Problem | undefined {
  return checkPlaced(value, path, checkNamespaceName);
}

/** Says what is wrong with the import id of a service-account patch, part by part, or nothing. */
export function checkPatchImportId(value: string | number, path: Path): Problem | undefined {
  return checkPlaced(value, path, (place, at) => {
    const [namespace = "", account, ...rest] = String(place).split("/");
    if (account === undefined || rest.length > 0) {
      return { path: at, summary: "", detail: `${JSON.stringify(place)} is not "<namespace>/<service account>".` };
    }
    return checkNamespaceName(namespace, at) ?? checkObjectName(account, at);
  });
}

function checkPlaced(
  value: string | number,
  path: Path,
  checkPlace: (place: string, path: Path) => Problem | undefined,
): Problem | undefined {
  const parsed = parsePlacedImportId(String(value));
  const problem =
    parsed === undefined
      ? { detail: `${JSON.stringify(value)} has another form.` }
      : (checkObjectName(parsed.name, path) ?? parsed.places.flatMap((place) => checkPlace(place, path) ?? [])[0]);
  return problem === undefined ? undefined : { path, summary: "Invalid import id", detail: problem.detail };
}
