import type { Path, Problem } from "./problem";

/** How the names begin that `password_env` may always read: not an issuer's own, which would go to any registry host. */
export const PASSWORD_PREFIXES: readonly string[] = ["REGISTRY_"];

/** How the names begin that an issuer's `*_env` may always read. */
export const ISSUER_PREFIXES: readonly string[] = ["REGISTRY_", "BLUEMIX_", "IBMCLOUD_", "IC_", "CF_"];

/** How the names begin that `horizon.user_auth_env` may always read, and a signing key's `signing_key_env`. */
export const HORIZON_PREFIXES: readonly string[] = ["REGISTRY_", "HZN_"];

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
 * The prefixes are {@link PASSWORD_PREFIXES} or {@link ISSUER_PREFIXES}. `REGISTRY_ACCESS_*` steers the product itself and is never
 * a password.
 */
export function mayReadEnvironment(
  name: string,
  prefixes: readonly string[],
  environment: { readonly [name: string]: string | undefined },
): boolean {
  const listed = (environment[ALLOWED_NAMES_VARIABLE] ?? "").split(",").map((entry) => entry.trim());
  const isPrefixed = prefixes.some((prefix) => name.startsWith(prefix) && name.length > prefix.length);
  return (isPrefixed && /^[A-Z0-9_]+$/.test(name) && !name.startsWith("REGISTRY_ACCESS_")) || listed.includes(name);
}
