import { isRecord } from "../json";
import { type Fault, formatPlace } from "./faults";
import { expandVariables, type Variables } from "./variables";

/** A definition as published, before it is signed. */
export interface Definition {
  readonly [name: string]: unknown;
}

/** The variable that is always there: the provider's organization. */
export const ORG_VARIABLE = "HZN_ORG_ID";

/** Reads a definition's JSON and replaces its variables. Where that can't be done, the faults. */
export function readDefinition(text: string, variables: Variables): Definition | readonly Fault[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return [{ path: [], detail: `The definition is no JSON: ${whereOf(error, text)}` }];
  }
  const { value, missing } = expandVariables(parsed, variables);
  const [first] = missing;
  if (first !== undefined) {
    return missing.map(({ name, path }) => ({
      path,
      detail: `${formatPlace(path)} names the variable ${name}, which has no value. Give it in variables, as hzn has it in horizon/hzn.json or in the environment; a plain "$" is written "$$".`,
    }));
  }
  return isRecord(value) ? value : [{ path: [], detail: "The definition is not an object." }];
}

/** The engine's own words, without the text that it quotes: that may hold a secret. */
function whereOf(error: unknown, text: string): string {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
  if (position === undefined)
    return 'give the content of the file, such as file("horizon/service.definition.json") or jsonencode({ … }).';
  const line = text.slice(0, Number(position)).split("\n").length;
  return `it breaks off in line ${line}. Give the content of the file, such as file("horizon/service.definition.json"), or jsonencode({ … }).`;
}

/** Whether faults were found. */
export function isFaulty(result: Definition | readonly Fault[]): result is readonly Fault[] {
  return Array.isArray(result);
}

/** A definition that names an organization is for that one alone, as for hzn. */
export function otherOrg({ org }: Definition, configured: string): Fault | undefined {
  if (org === undefined || org === null || org === "" || org === configured) return undefined;
  return {
    path: ["org"],
    detail: `org is ${JSON.stringify(org)}, and the provider publishes in the organization ${JSON.stringify(configured)}. Leave org out, or write "$${ORG_VARIABLE}".`,
  };
}
