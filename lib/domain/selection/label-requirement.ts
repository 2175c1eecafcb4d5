import { isLabelValue, isQualifiedName } from "../kubernetes-name";
import type { Labels } from "../label-selector";
import type { Path, Problem } from "../problem";

/** The operators of `matchExpressions`, as Kubernetes has them (LabelSelectorRequirement of meta/v1). */
export const LABEL_OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist"] as const;

/** One of {@link LABEL_OPERATORS}. */
export type LabelOperator = (typeof LABEL_OPERATORS)[number];

/** One requirement on a label. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  /** Of `In` and `NotIn` at least one, of the others none. */
  readonly values: readonly string[];
}

/** Whether labels meet a requirement. An object without the label meets `NotIn`, as in Kubernetes. */
export function meets(labels: Labels, { key, operator, values }: LabelRequirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}

/** Says what is wrong with a requirement's key, operator and number of values, as far as it is known (`undefined`: not yet). */
export function checkRequirement(
  { key, operator, values }: { readonly [part in keyof LabelRequirement]: unknown },
  path: Path,
): readonly Problem[] {
  const problems: Problem[] = [];
  const add = (attribute: string, summary: string, detail: string) =>
    problems.push({ path: [...path, attribute], summary, detail });
  if (typeof key === "string" && !isQualifiedName(key))
    add("key", "Invalid label", `${JSON.stringify(key)} is not a label's name, such as "team" or "app.kubernetes.io/name".`);
  const isOperator = (LABEL_OPERATORS as readonly unknown[]).includes(operator);
  if (typeof operator === "string" && !isOperator)
    add(
      "operator",
      "Unknown operator",
      `${JSON.stringify(operator)} is none of Kubernetes' operators: ${LABEL_OPERATORS.join(", ")}.`,
    );
  if (!isOperator || values === undefined) return problems;
  const given = Array.isArray(values) ? (values as readonly unknown[]) : [];
  const takesValues = operator === "In" || operator === "NotIn";
  if (takesValues && given.length === 0)
    add("values", "No values", `${operator} compares with values, and there is none. Name at least one.`);
  if (!takesValues && given.length > 0)
    add("values", "Values without use", `${operator} compares with no value. Leave values out, or use In or NotIn.`);
  for (const value of given)
    if (typeof value === "string" && !isLabelValue(value))
      add(
        "values",
        "Invalid label",
        `${JSON.stringify(value)} is not a label's value: up to 63 letters, digits, '-', '_' and '.'.`,
      );
  return problems;
}
