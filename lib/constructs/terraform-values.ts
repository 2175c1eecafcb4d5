import type { Path, Problem } from "../domain/problem";
import { type Attribute, type Attributes, isNested, toCamelCase } from "../schema";
import { type TerraformStack, Token } from "./cdktf";
import { Secret } from "./secret";
import { checkSecretReference, isReferenceAlone, isVariable, notASecret, plainSecret } from "./secret-reference";
import type { PropProblem } from "./validation";

/** A Terraform value as it goes into the synthesized JSON; may hold cdktf's tokens anywhere. */
export type TerraformValue = unknown;

/** Attributes of one object, in the schema's own names. */
export interface TerraformValues {
  readonly [name: string]: TerraformValue;
}

/** Props turned into attributes, and what can be wrong with them that no schema rule sees. */
export interface Translated {
  readonly values: TerraformValues;
  /** Looked at when the stack is validated: a variable may still be changed until then. */
  readonly checks: readonly (() => PropProblem | undefined)[];
}

/**
 * Props (camelCase) as Terraform attributes (snake_case), by walking the schema: only names that the schema knows are turned,
 * so keys of maps, such as labels and issuer names, stay as they are.
 */
export function toTerraformValues(attributes: Attributes, props: object, stack: TerraformStack): Translated {
  const checks: (() => PropProblem | undefined)[] = [];

  const translate = (attributes: Attributes, props: object, path: Path): TerraformValues => {
    const names = new Map(Object.keys(attributes).map((name) => [toCamelCase(name), name]));
    const values: { [name: string]: TerraformValue } = {};
    for (const [prop, value] of Object.entries(props)) {
      if (value === undefined || value === null) continue;
      const name = names.get(prop);
      const attribute = name === undefined ? undefined : attributes[name];
      if (name === undefined || attribute === undefined || attribute.presence === "computed") {
        checks.push(() => unknownProp(prop, attributes, path));
        continue;
      }
      const here = [...path, name];
      if (attribute.sensitive) {
        const secret = translateSecret(value, name, attributes, here);
        if (secret) values[secret.name] = secret.value;
      } else if (holdsSecret(value)) {
        checks.push(() => misplacedSecret(here));
      } else {
        values[name] = translateValue(attribute, value, here);
      }
    }
    return values;
  };

  const translateValue = (attribute: Attribute, value: unknown, path: Path): TerraformValue => {
    if (!isNested(attribute) || Token.isUnresolved(value) || typeof value !== "object" || value === null) return value;
    if (attribute.nesting === "single") return translate(attribute.attributes, value, path);
    if (attribute.nesting === "list") {
      return Array.isArray(value)
        ? value.map((item, index) => translateItem(attribute.attributes, item, [...path, index]))
        : value;
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, translateItem(attribute.attributes, item, [...path, key])]),
    );
  };

  const translateItem = (attributes: Attributes, item: unknown, path: Path): TerraformValue =>
    typeof item === "object" && item !== null && !Token.isUnresolved(item) ? translate(attributes, item, path) : item;

  const translateSecret = (value: unknown, name: string, attributes: Attributes, path: Path) => {
    const secret = isVariable(value) || typeof value === "string" ? Secret.from(value) : value;
    if (!(secret instanceof Secret)) {
      checks.push(() => notASecret(path, Array.isArray(value) ? "list" : typeof value));
      return undefined;
    }
    if (secret.environmentName !== undefined) {
      const environmentAttribute = `${name.replace(/_wo$/, "")}_env`;
      if (attributes[environmentAttribute] === undefined) {
        checks.push(() => noEnvironment(path, attributes[name]));
        return undefined;
      }
      // What is no such name may be the secret itself: it reaches no file.
      if (/^[A-Z_][A-Z0-9_]*$/.test(secret.environmentName)) return { name: environmentAttribute, value: secret.environmentName };
      checks.push(() => noEnvironmentName([...path.slice(0, -1), environmentAttribute]));
      return undefined;
    }
    const reference = secret.referenceIn(stack) ?? "";
    // A plain string is dropped here, so that it reaches no file even where validation is skipped.
    if (!isReferenceAlone(reference)) {
      checks.push(() => plainSecret(path));
      return undefined;
    }
    checks.push(() => checkSecretReference(reference, stack, path));
    return { name, value: reference };
  };

  return { values: translate(attributes, props, []), checks };
}

/** A secret itself, or a list or map with one; props of nested attributes are looked at one by one. */
function holdsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Token.isUnresolved(value)) return false;
  if (value instanceof Secret) return true;
  return Array.isArray(value) && value.some((item) => item instanceof Secret);
}

function misplacedSecret(path: Path): Problem {
  return {
    path,
    summary: "A secret where none belongs",
    detail: "This prop stands in the synthesized files and in the plan as it is, and takes no Secret. Give a plain value.",
  };
}

function unknownProp(prop: string, attributes: Attributes, path: Path): PropProblem {
  const allowed = Object.entries(attributes)
    .filter(([, attribute]) => attribute.presence !== "computed")
    .map(([name]) => toCamelCase(name));
  return {
    path,
    prop,
    summary: "Unknown prop",
    detail: `${JSON.stringify(prop)} is not a prop. Props are: ${allowed.join(", ")}.`,
  };
}

function noEnvironmentName(path: Path): Problem {
  return {
    path,
    summary: "Invalid environment variable name",
    detail:
      'Secret.env takes the name of an environment variable in upper case, such as Secret.env("REGISTRY_PASSWORD"). What was given is no such name; it is not shown, since it may be the secret itself.',
  };
}

function noEnvironment(path: Path, attribute: Attribute | undefined): Problem {
  const own = attribute?.environment?.[0];
  return {
    path,
    summary: "A secret that can't be named",
    detail: `Secret.env can't be used here. Give Secret.variable("name")${own === undefined ? "" : `, or leave it out and set ${own}, which the provider reads by itself`}.`,
  };
}
