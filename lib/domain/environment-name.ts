import type { Path, Problem } from "./problem";

/** Names that `password_env` and its like may always read. */
const ALLOWED = /^(REGISTRY|BLUEMIX|IBMCLOUD|IC|CF)_[A-Z0-9_]+$/;

/** The environment variable in which a pipeline lists further names, separated by commas. Never set by code under review. */
export const ALLOWED_NAMES_VARIABLE = "REGISTRY_ACCESS_PASSWORD_ENV";

/** Says what is wrong with the name of an environment variable, or nothing; whether it may be read is {@link mayReadEnvironment}. */
export function checkEnvironmentName(value: string | number, path: Path): Problem | undefined {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid environment variable name",
    // Not shown: people put the password itself here.
    detail:
      'What was given is not the name of an environment variable (letters, digits and "_"); it is not shown, since it may be the password itself. Give the name alone, such as "REGISTRY_PASSWORD", without "$".',
  };
}

/**
 * Whether a configuration may have this variable read and sent to a registry: a pull request must not read any variable it likes.
 * `REGISTRY_ACCESS_*` steers the product itself and is never a password.
 */
export function mayReadEnvironment(name: string, environment: { readonly [name: string]: string | undefined }): boolean {
  const listed = (environment[ALLOWED_NAMES_VARIABLE] ?? "").split(",").map((entry) => entry.trim());
  return (ALLOWED.test(name) && !name.startsWith("REGISTRY_ACCESS_")) || listed.includes(name);
}
