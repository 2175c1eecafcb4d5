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
import { isObject } from "../schema/partly-known";

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
      ? value.flatMap((item, index) => problemsOfElement(element, item, [...path, index]))
      : [typeProblem("a list", value, path)];
  }
  if (!isObject(value)) return [typeProblem("an object", value, path)];
  return "map" in type ? Object.entries(value).flatMap(([key, item]) => problemsOfElement(type.map, item, [...path, key])) : [];
}

/** Null is "not set" for an attribute, and nothing for an element. */
function problemsOfElement(type: ValueType, value: PartlyKnownValue, path: Path): readonly Problem[] {
  if (value !== null) return wrongType(type, value, path);
  const wanted = typeof type === "string" ? `a ${type === "bool" ? "boolean" : type}` : "a value";
  return [typeProblem(wanted, value, path)];
}

function typeProblem(wanted: string, value: PartlyKnownValue, path: Path): Problem {
  return { path, summary: "Wrong type", detail: `${JSON.stringify(value)} was given where ${wanted} belongs.` };
}

function firstSentence(markdown: string): string {
  return /^.*?\.(?=\s|$)/s.exec(markdown)?.[0] ?? markdown;
}

/** A problem with what only props have, such as one that the schema doesn't know. */
export interface PropProblem extends Problem {
  /** The prop as it was written, behind the path. */
  readonly prop?: string;
}

/** One problem as cdktf prints it behind the construct's path: the prop, what happened, how to fix it. */
export function formatProblem(attributes: Attributes, problem: PropProblem): string {
  const prop = problem.prop === undefined ? [] : [problem.prop];
  const where = formatPath([...toPropPath(attributes, problem.path), ...prop]);
  const summary = problem.summary.endsWith("?") ? problem.summary : `${problem.summary}.`;
  return `${where === "" ? "" : `${where}: `}${summary} ${toPropNames(attributes, problem.detail)}`;
}

/** The schema's names as they are written in TypeScript; what stands in quotes is the user's own. */
function toPropNames(attributes: Attributes, detail: string): string {
  const names = new Set(namesOf(attributes));
  const written = detail.split(/("(?:[^"\\]|\\.)*")/);
  return written
    .map((text, index) =>
      index % 2 === 1
        ? text
        : text.replace(/(?<![\w.$])([a-z][a-z_]*[a-z])\b( =(?= ))?/g, (all, name: string, equals?: string) =>
            names.has(name) ? `${toCamelCase(name)}${equals === undefined ? "" : ":"}` : all,
          ),
    )
    .join("")
    .replace(/…_env\b/, "…Env");
}

function namesOf(attributes: Attributes): readonly string[] {
  return Object.entries(attributes).flatMap(([name, attribute]) => [
    name,
    ...(isNested(attribute) ? namesOf(attribute.attributes) : []),
  ]);
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
