import { formatPath, type Path, type Problem } from "../domain/problem";
import {
  type Attribute,
  type Attributes,
  isNested,
  type PartlyKnown,
  type PartlyKnownValue,
  type TypeSchema,
  toCamelCase,
  type ValueType,
} from "../schema";

/** Everything that the schema finds wrong with a configuration; what is not known yet passes. */
export function problemsOf(schema: TypeSchema, config: PartlyKnown): readonly Problem[] {
  const ofAttributes = problemsOfAttributes(schema.attributes, config, []);
  // Rules over several attributes would stumble over values of a wrong type.
  return ofAttributes.length > 0 ? ofAttributes : (schema.rules ?? []).flatMap((rule) => rule(config));
}

function problemsOfAttributes(attributes: Attributes, config: PartlyKnown, path: Path): readonly Problem[] {
  return Object.entries(attributes)
    .filter(([, attribute]) => attribute.presence !== "computed")
    .flatMap(([name, attribute]) => {
      const value = config[name];
      const here = [...path, name];
      if (value === undefined) return [];
      if (value !== null) return problemsOfValue(attribute, value, here);
      return attribute.presence === "required"
        ? [
            {
              path: here,
              summary: "Missing prop",
              detail: `${toCamelCase(name)} is required. ${firstSentence(attribute.description)}`,
            },
          ]
        : [];
    });
}

function problemsOfValue(attribute: Attribute, value: PartlyKnownValue, path: Path): readonly Problem[] {
  if (!isNested(attribute)) {
    const wrong = wrongType(attribute.type, value, path);
    if (wrong.length > 0) return wrong;
    // What is sensitive stands here only as a placeholder.
    return attribute.check && !attribute.sensitive ? checkScalars(attribute.check, value, path) : [];
  }
  if (attribute.nesting === "single") {
    return isObject(value) ? problemsOfAttributes(attribute.attributes, value, path) : [typeProblem("an object", value, path)];
  }
  if (attribute.nesting === "list" ? !Array.isArray(value) : !isObject(value)) {
    return [typeProblem(attribute.nesting === "list" ? "a list of objects" : "objects by name", value, path)];
  }
  const items: readonly (readonly [string | number, PartlyKnownValue])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value as PartlyKnown);
  return items.flatMap(([step, item]) => {
    if (item === undefined) return [];
    return isObject(item)
      ? problemsOfAttributes(attribute.attributes, item, [...path, step])
      : [typeProblem("an object", item, [...path, step])];
  });
}

function checkScalars(check: NonNullable<Attribute["check"]>, value: PartlyKnownValue, path: Path): readonly Problem[] {
  if (typeof value === "string" || typeof value === "number") return [check(value, path) ?? []].flat();
  if (Array.isArray(value)) return value.flatMap((item, index) => checkScalars(check, item, [...path, index]));
  if (isObject(value)) return Object.entries(value).flatMap(([key, item]) => checkScalars(check, item, [...path, key]));
  return [];
}

function wrongType(type: ValueType, value: PartlyKnownValue, path: Path): readonly Problem[] {
  if (value === undefined || value === null || type === "dynamic") return [];
  if (typeof type === "string") {
    const wanted = type === "bool" ? "boolean" : type;
    return typeof value === wanted ? [] : [typeProblem(`a ${wanted}`, value, path)];
  }
  if ("list" in type || "set" in type) {
    const element = "list" in type ? type.list : type.set;
    return Array.isArray(value)
      ? value.flatMap((item, index) => wrongType(element, item, [...path, index]))
      : [typeProblem("a list", value, path)];
  }
  if (!isObject(value)) return [typeProblem("an object", value, path)];
  return "map" in type ? Object.entries(value).flatMap(([key, item]) => wrongType(type.map, item, [...path, key])) : [];
}

function typeProblem(wanted: string, value: PartlyKnownValue, path: Path): Problem {
  return { path, summary: "Wrong type", detail: `${JSON.stringify(value)} was given where ${wanted} belongs.` };
}

function isObject(value: PartlyKnownValue): value is PartlyKnown {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function firstSentence(markdown: string): string {
  return /^.*?\.(?=\s|$)/s.exec(markdown)?.[0] ?? markdown;
}

/** One problem as cdktf prints it behind the construct's path: the prop, what happened, how to fix it. */
export function formatProblem(attributes: Attributes, problem: Problem): string {
  const where = formatPath(toPropPath(attributes, problem.path));
  const summary = problem.summary.endsWith("?") ? problem.summary : `${problem.summary}.`;
  return `${where === "" ? "" : `${where}: `}${summary} ${problem.detail}`;
}

/** A path of attributes as a path of props; keys of maps stay as they are. */
function toPropPath(attributes: Attributes, path: Path): Path {
  const [step, ...rest] = path;
  if (step === undefined) return [];
  const attribute = typeof step === "string" ? attributes[step] : undefined;
  if (attribute === undefined) return path;
  const prop = toCamelCase(String(step));
  if (!isNested(attribute)) return [prop, ...rest];
  if (attribute.nesting === "single") return [prop, ...toPropPath(attribute.attributes, rest)];
  const [key, ...inner] = rest;
  return key === undefined ? [prop] : [prop, key, ...toPropPath(attribute.attributes, inner)];
}
