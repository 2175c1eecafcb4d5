import type { Path, Problem } from "../domain/problem";
import { type TerraformStack, TerraformVariable } from "./cdktf";
import { resolveText } from "./resolve-text";

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
  return { path, summary: "Not a secret", detail: `A ${received} was given where a secret belongs. ${HOW}` };
}

/** Says what is wrong with an expression that stands where a secret belongs: it may only name what Terraform never stores. */
export function checkSecretReference(expression: string, stack: TerraformStack, path: Path): Problem | undefined {
  const text = resolveText(expression, stack);
  if (!text.includes("${")) return plainSecret(path);
  const names = [...text.matchAll(/\bvar\.([A-Za-z_][\w-]*)/g)].map((match) => match[1]);
  if (names.length === 0) {
    return /\bephemeral\./.test(text)
      ? undefined
      : {
          path,
          summary: "A secret that Terraform stores",
          detail: `${text} is neither an ephemeral variable nor an ephemeral resource, so its value stands in the plan or the state. ${HOW}`,
        };
  }
  const variables = stack.node.findAll().filter((node) => node instanceof TerraformVariable);
  for (const name of names) {
    const variable = variables.find((candidate) => candidate.friendlyUniqueId === name);
    const problem = variable && checkVariable(variable, path);
    if (problem) return problem;
  }
  return undefined;
}

function checkVariable(variable: TerraformVariable, path: Path): Problem | undefined {
  const name = variable.friendlyUniqueId;
  const declared = (variable.toTerraform() as { variable: { [name: string]: { default?: unknown; ephemeral?: unknown } } })
    .variable[name];
  if (declared?.default !== undefined) {
    return {
      path,
      summary: "A secret with a default",
      detail: `The variable ${JSON.stringify(name)} has a default, which would stand in the synthesized files. Leave the default out and set TF_VAR_${name}.`,
    };
  }
  if (declared?.ephemeral !== true) {
    return {
      path,
      summary: "A secret variable that is not ephemeral",
      detail: `The variable ${JSON.stringify(name)} is not ephemeral, so its value would be written into the plan file. Use Secret.variable(${JSON.stringify(name)}), or call addOverride("ephemeral", true) on it.`,
    };
  }
  return undefined;
}
