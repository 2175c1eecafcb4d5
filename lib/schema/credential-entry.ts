import { checkCredentialId } from "../domain/credential-id";
import { checkEnvironmentName } from "../domain/environment-name";
import type { Path, Problem } from "../domain/problem";
import type { PartlyKnown } from "./attribute";

function checkUsername(value: string | number, path: Path): Problem | undefined {
  const name = String(value);
  if (name !== "" && !name.includes(":") && !/\p{Cc}/u.test(name)) return undefined;
  return {
    path,
    summary: "Invalid user name",
    detail: `${JSON.stringify(name)} is ${name === "" ? "empty" : "not a user name: ':' and control characters can't stand in one, since \"user:password\" is split at the first ':'"}. Give the registry's user name, such as "token" or "iamapikey".`,
  };
}

function checkPassword(value: string | number, path: Path): Problem | undefined {
  if (String(value) !== "") return undefined;
  return {
    path,
    summary: "Empty password",
    detail:
      "The password is an empty string: a variable that was never set? Give it a value, or leave the credential out for a public registry.",
  };
}

/** The credential for a registry, wherever one is configured: of a pull secret's entry, for edge nodes, to look an image up. */
export const credential = {
  credential_id: {
    type: "string",
    presence: "optional",
    description:
      "A credential by name, such as `registry_token.example.credential_id`: the provider fetches its user name and value when it writes.",
    check: checkCredentialId,
  },
  username: {
    type: "string",
    presence: "optional",
    description: "The user name, with a password of one's own.",
    check: checkUsername,
  },
  password_wo: {
    type: "string",
    presence: "optional",
    writeOnly: true,
    sensitive: true,
    description:
      "The password, write-only (Terraform or OpenTofu ≥ 1.11): give it from an ephemeral variable. A changed one is noticed by the fingerprint, with nothing to bump.",
    check: checkPassword,
  },
  password_wo_version: {
    type: "number",
    presence: "optional",
    description: "For a password that differs at every run: then only a change of this number writes it anew.",
    whenUnset: "a changed password is noticed by itself",
  },
  password_env: {
    type: "string",
    presence: "optional",
    description:
      "The name of the environment variable that holds the password, read by the provider: `REGISTRY_*`, or a name listed in `REGISTRY_ACCESS_PASSWORD_ENV`. Works on every Terraform.",
    check: checkEnvironmentName,
  },
} as const;

const PARTS = ["credential_id", "username", "password_wo", "password_env"] as const;

/** True where surely no credential is given. */
export function hasNoCredential(entry: PartlyKnown): boolean {
  return PARTS.every((name) => entry[name] === null);
}

/**
 * One credential at most, and all of it.
 * @param path - where the entry stands
 * @param orNone - ends the list of what is allowed, where an entry may go without, such as "; or none of them"
 */
export function problemsOfCredential(entry: PartlyKnown, path: Path, orNone = ""): readonly Problem[] {
  const given = PARTS.filter((name) => entry[name] !== null);
  // What is not known yet may still turn out to be null: judge only what is certain.
  const certain = given.filter((name) => entry[name] !== undefined);
  const at = (name: string, summary: string, detail: string): Problem[] => [{ path: [...path, name], summary, detail }];
  const allowed = `Allowed are: credential_id alone; username with either password_wo or password_env${orNone}.`;

  if (certain.includes("credential_id") && certain.length > 1) {
    return at(
      "credential_id",
      "Two credentials for one registry entry",
      `credential_id stands beside ${certain.slice(1).join(" and ")}. ${allowed}`,
    );
  }
  if (certain.includes("password_wo") && certain.includes("password_env")) {
    return at("password_env", "Two passwords for one registry entry", `Both password_wo and password_env are set. ${allowed}`);
  }
  if (certain.includes("username") && given.length === 1) {
    return at(
      "username",
      "A user name without a password",
      `username is ${JSON.stringify(entry.username)}, and no password is set. ${allowed}`,
    );
  }
  const password = certain.find((name) => name.startsWith("password"));
  if (password !== undefined && entry.username === null) {
    return at(password, "A password without a user name", `${password} is set, and username is not. ${allowed}`);
  }
  if (typeof entry.password_wo_version === "number" && entry.password_wo === null) {
    return at(
      "password_wo_version",
      "A version without a write-only password",
      "password_wo_version counts the changes of password_wo, which is not set. Set both, or neither.",
    );
  }
  return [];
}
