import { checkLabels } from "../domain/label-selector";
import type { Problem } from "../domain/problem";
import { checkGlob } from "../domain/selection/glob";
import { checkRequirement, LABEL_OPERATORS } from "../domain/selection/label-requirement";
import { OPT_OUT_ANNOTATION, SYSTEM_NAMESPACES } from "../domain/selection/namespace-selector";
import type { PartlyKnown, PartlyKnownValue } from "./attribute";
import { isObject } from "./partly-known";

const systemNames = SYSTEM_NAMESPACES.map((glob) => `\`${glob}\``).join(", ");

/** What namespaces are selected by, wherever they are: a data source's own arguments, or `namespace_selector` of a resource. */
export const selectorAttributes = {
  match_labels: {
    type: { map: "string" },
    presence: "optional",
    description: "Labels that a namespace has to have, all of them, as in Kubernetes' `matchLabels`.",
    whenUnset: "labels are not asked for",
  },
  match_expressions: {
    nesting: "list",
    presence: "optional",
    description: "Requirements on labels, all of which have to be met, as in Kubernetes' `matchExpressions`.",
    whenUnset: "none",
    attributes: {
      key: { type: "string", presence: "required", description: "The label's name." },
      operator: {
        type: "string",
        presence: "required",
        description: `${LABEL_OPERATORS.map((operator) => `\`${operator}\``).join(", ")}. A namespace without the label meets \`NotIn\`.`,
      },
      values: {
        type: { list: "string" },
        presence: "optional",
        description: "What `In` and `NotIn` compare with.",
        whenUnset: "right for `Exists` and `DoesNotExist` alone",
      },
    },
  },
  names: {
    type: { list: "string" },
    presence: "optional",
    description: "Globs for names, one of which has to match: `*` stands for any number of characters, `?` for one.",
    whenUnset: "every name",
    check: checkGlob,
  },
  except: {
    type: { list: "string" },
    presence: "optional",
    description: "Globs for names that are left out.",
    whenUnset: "none",
    check: checkGlob,
  },
  include_system: {
    type: "bool",
    presence: "optional",
    description: `Whether the system's namespaces count as others do: ${systemNames}.`,
    whenUnset: "they are left out",
  },
} as const;

/** What a selection leaves out besides, for the types that take one. */
export const LEFT_OUT = `Left out are namespaces that are being deleted, the system's (unless \`include_system\`), and those that opted out: the annotation \`${OPT_OUT_ANNOTATION}: "true"\` on the namespace (any value but \`false\`).`;

/** What is wrong with labels and requirements of a selector that stands at `path`, as far as it is known. */
export function selectorProblems(selector: PartlyKnown, path: readonly (string | number)[] = []): readonly Problem[] {
  const { match_labels: labels, match_expressions: requirements, names } = selector;
  return [
    ...nameProblems(names, [...path, "names"]),
    ...labelProblems(labels, [...path, "match_labels"]),
    ...requirementProblems(requirements, [...path, "match_expressions"]),
  ];
}

/** A list that was computed, and came out empty, hardly means all there are. */
function nameProblems(names: PartlyKnownValue, path: readonly (string | number)[]): readonly Problem[] {
  if (!Array.isArray(names) || names.length > 0) return [];
  const detail = "names is empty, and no name matches one of none. Leave it out where every name is meant.";
  return [{ path, summary: "Empty list of names", detail }];
}

function labelProblems(labels: PartlyKnownValue, path: readonly (string | number)[]): readonly Problem[] {
  if (!isObject(labels)) return [];
  const known = Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const problem = checkLabels(Object.fromEntries(known), path);
  return problem === undefined ? [] : [problem];
}

function requirementProblems(requirements: PartlyKnownValue, path: readonly (string | number)[]): readonly Problem[] {
  if (!Array.isArray(requirements)) return [];
  return (requirements as readonly PartlyKnownValue[]).flatMap((requirement, index) =>
    isObject(requirement)
      ? checkRequirement({ key: requirement.key, operator: requirement.operator, values: requirement.values }, [...path, index])
      : [],
  );
}
