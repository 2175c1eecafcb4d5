import { alternatives } from "../../domain/alternatives";
import { ALLOWED_NAMES_VARIABLE, mayReadEnvironment } from "../../domain/environment-name";
import type { Path } from "../../domain/problem";
import { Secret } from "../../domain/secret";
import { DiagnosticError } from "../framework/diagnostic";
import type { Environment } from "./environment";

/**
 * The secret in an environment variable that the configuration names. The prefixes are those of the names that may be read here.
 * @throws DiagnosticError where it may not be read, or holds nothing
 */
export function readSecretFromEnvironment(
  name: string,
  prefixes: readonly string[],
  path: Path,
  environment: Environment,
): Secret {
  if (!mayReadEnvironment(name, prefixes, environment)) {
    throw DiagnosticError.at(
      path,
      "Environment variable not allowed",
      `${name} may not be read: a change under review must not have any variable it likes sent to a registry. ` +
        `Allowed are names that begin with ${alternatives(prefixes)} (but not REGISTRY_ACCESS_). ` +
        `To allow this one, the pipeline (not the code) sets ${ALLOWED_NAMES_VARIABLE}=${name}, names separated by commas.`,
    );
  }
  const value = environment[name];
  if (value === undefined || value === "") {
    throw DiagnosticError.at(
      path,
      value === undefined ? "Environment variable not set" : "Empty environment variable",
      `${name} is ${value === undefined ? "not set" : "an empty string"} where the provider runs. Export it before terraform is started, in every run (plan and apply), or correct the name.`,
    );
  }
  return Secret.of(value);
}
