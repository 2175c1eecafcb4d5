import { isLabelValue, isQualifiedName } from "./kubernetes-name";
import type { Path, Problem } from "./problem";

/** Labels by name, all of which something has to have. */
export interface Labels {
  readonly [name: string]: string;
}

/** A selector of labels as the API takes it, and people write it: `app=shop,tier=web`. */
export function formatLabelSelector(labels: Labels): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
}

/** Whether an object with these labels is selected. */
export function isSelected(labels: Labels | undefined, selector: Labels): boolean {
  return Object.entries(selector).every(([name, value]) => labels?.[name] === value);
}

/** Says what is wrong with the first label that is none, or nothing. */
export function checkLabels(labels: Labels, path: Path): Problem | undefined {
  for (const [name, value] of Object.entries(labels)) {
    const fault = !isQualifiedName(name)
      ? `${JSON.stringify(name)} is not a label's name`
      : isLabelValue(value)
        ? undefined
        : `${JSON.stringify(value)} is not a label's value`;
    if (fault !== undefined)
      return {
        path: [...path, name],
        summary: "Invalid label",
        detail: `${fault}: both take up to 63 letters, digits, '-', '_' and '.', and start and end with a letter or a digit; a name may have a prefix, such as "app.kubernetes.io/name".`,
      };
  }
  return undefined;
}
