import type { Path, Problem } from "../domain/problem";
import { TerraformElement, type TerraformStack, TerraformVariable } from "./cdktf";
import { resolveText } from "./resolve-text";
import { parseTemplate } from "./secret-template";

const HOW =
  'Give Secret.variable("name") (an ephemeral Terraform variable, set as TF_VAR_name) or Secret.env("NAME") (an environment variable that the provider reads).';

/** What to say of a plain string where a secret belongs; never the string itself. */
export function plainSecret(path: Path): Problem {
  return {
    path,
    summary: "A secret in the clear",
    detail: `A plain string was given where a secret belongs; it would stand in the synthesized files and in the plan. ${HOW}`,
  };
}

/** What to say of a value that is no secret at all. */
export function notASecret(path: Path, received: string): Problem {
  return {
    path,
    summary: "Not a secret",
    detail: `${/^[aeiou]/.test(received) ? "An" : "A"} ${received} was given where a secret belongs. ${HOW}`,
  };
}

/** Whether a text, as far as it is known, refers to something, and says nothing itself. */
export function isReferenceAlone(text: string): boolean {
  return parseTemplate(text).isReference;
}

/** Whether a value is a Terraform variable, also one of another copy of cdktf. */
export function isVariable(value: unknown): value is TerraformVariable {
  if (value instanceof TerraformVariable) return true;
  return TerraformElement.isTerraformElement(value) && "nullable" in value && "stringValue" in value;
}

/** Says what is wrong with an expression that stands where a secret belongs: it may only name what Terraform never stores. */
export function checkSecretReference(expression: string, stack: TerraformStack, path: Path): Problem | undefined {
  const { isReference, traversals } = parseTemplate(resolveText(expression, stack));
  if (!isReference) return plainSecret(path);
  const stored = traversals.find((traversal) => !/^(var|ephemeral|terraform|path)\./.test(traversal));
  if (stored !== undefined || !traversals.some((traversal) => /^(var|ephemeral)\./.test(traversal))) {
    return {
      path,
      summary: "A secret that Terraform stores",
      detail: `${stored?.includes(".") ? `\${${stored}}` : "The expression"} is neither an ephemeral variable nor an ephemeral resource, so its value stands in the plan or the state. ${HOW}`,
    };
  }
  const names = new Set(
    traversals.filter((traversal) => traversal.startsWith("var.")).map((traversal) => traversal.split(".")[1]),
  );
  for (const name of names) {
    const problem = checkVariable(name ?? "", stack, path);
    if (problem) return problem;
  }
  return undefined;
}

/** Looked up in what the stack becomes, as a variable may be declared, or changed, by an override or by several constructs. */
function checkVariable(name: string, stack: TerraformStack, path: Path): Problem | undefined {
  const { variable } = stack.toTerraform() as {
    readonly variable?: { readonly [name: string]: { readonly default?: unknown; readonly ephemeral?: unknown } };
  };
  const declared = variable?.[name];
  const named = JSON.stringify(name);
  if (declared === undefined) {
    return {
      path,
      summary: "An unknown variable",
      detail: `The stack declares no variable ${named}. Use Secret.variable(${named}), which declares it.`,
    };
  }
  if (declared.default !== undefined) {
    return {
      path,
      summary: "A secret with a default",
      detail: `The variable ${named} has a default, which would stand in the synthesized files. Leave the default out and set TF_VAR_${name}.`,
    };
  }
  const declaring = stack.node.findAll().filter((node) => isVariable(node) && node.friendlyUniqueId === name);
  if (declaring.length > 1) {
    return {
      path,
      summary: "Two variables of one name",
      detail: `The variable ${named} is declared by ${declaring.map((node) => node.node.path).join(" and ")}. To use a variable of your own as a secret, hand it over: Secret.from(variable) in place of Secret.variable(${named}).`,
    };
  }
  if (declared.ephemeral !== true) {
    return {
      path,
      summary: "A secret variable that is not ephemeral",
      detail: `The variable ${named} is not ephemeral, so its value would be written into the plan file. Declare it by Secret.variable(${named}) alone, or call addOverride("ephemeral", true) on it.`,
    };
  }
  return undefined;
}
