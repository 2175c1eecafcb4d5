import { checkCredentialId } from "../domain/credential-id";
import { checkEnvironmentName } from "../domain/environment-name";
import { checkPullSecretImportId } from "../domain/import-id";
import { checkObjectName } from "../domain/kubernetes-name";
import type { Path, Problem } from "../domain/problem";
import { checkRegistryHost } from "../domain/registry-host";
import type { TypeSchema } from "./attribute";
import { notEmpty, placement } from "./placement";
import { credentialsAreWhole, hostsAreListedOnce, metadataIsValid, someCredential } from "./pull-secret-rules";
import { timeouts } from "./timeouts";

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

function checkEmail(value: string | number, path: Path): Problem | undefined {
  if (/^[^\s@]+@[^\s@]+$/.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid e-mail address",
    detail: `${JSON.stringify(value)} is not an e-mail address. Registries don't read it: any address does, such as "a@b.c", or leave it out.`,
  };
}

/** One registry, or several that share a credential. */
const registryEntry = {
  hosts: {
    type: { list: "string" },
    presence: "required",
    description:
      "Registry hosts (`host[:port]`) that share this credential, such as the regional and the international registry. Each host stands in one entry only.",
    check: checkRegistryHost,
  },
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
  email: {
    type: "string",
    presence: "optional",
    description: "The e-mail address that the docker config JSON carries.",
    whenUnset: "the field is left out",
    check: checkEmail,
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

/** `registry_pull_secret`. */
export const pullSecret = {
  name: "registry_pull_secret",
  kind: "resource",
  description:
    "One docker-registry Secret (`kubernetes.io/dockerconfigjson`) in each of many namespaces, for one or more registries. No secret value is in the state or the plan, and a copy that somebody edited is still seen: the state holds a salted fingerprint.\n\nOn create it is all or nothing; an update happens in place and keeps each Secret's UID. A Secret of that name which isn't ours is never touched, unless `adopt_existing` asks for it.",
  attributes: {
    id: { type: "string", presence: "computed", identifies: true, description: "`<owner>/<name>`." },
    name: {
      type: "string",
      presence: "required",
      description: "The Secret's name, the same in every namespace.",
      requiresReplace: true,
      check: checkObjectName,
    },
    namespaces: placement.namespaces,
    registries: {
      nesting: "list",
      presence: "required",
      description:
        "What it opens. Each entry has exactly one credential: `credential_id`; or `username` with `password_wo` or `password_env`; or none, for a public registry (the Secret then has no entry for it).",
      attributes: registryEntry,
    },
    labels: {
      type: { map: "string" },
      presence: "optional",
      description: "Labels on every Secret, beside our own `app.kubernetes.io/managed-by`.",
    },
    annotations: { type: { map: "string" }, presence: "optional", description: "Annotations on every Secret, beside our own." },
    adopt_existing: {
      type: "bool",
      presence: "optional",
      description:
        "Takes over Secrets of this name that somebody else made: by hand, by another tool, or by another owner of this provider. They are written in place, keep their UID and other people's labels, and are this resource's from then on, so that destroy deletes them; their former content is not kept. The plan warns of each, says whose it is, and lists the registry hosts that it opens and that would be lost. Refused even so: a Secret of another type, an immutable one, and one with `ownerReferences`.",
      whenUnset: "such a Secret is an error, and left as it is",
    },
    targets: placement.targets,
    fingerprint: {
      type: "string",
      presence: "computed",
      description:
        "`scrypt$N$r$p$salt$hash` of the docker config JSON's parsed content; the salt is drawn at apply. It can't be turned back, but a weak password can be guessed from it.",
    },
    owner: placement.owner,
    instance: placement.instance,
    cluster: placement.cluster,
    timeouts: timeouts({ create: "10m", read: "5m", update: "10m", delete: "10m" }),
  },
  rules: [
    notEmpty("namespaces", "namespaces", "Name at least one, or leave the resource out."),
    notEmpty("registries", "registries", "Give at least one, or leave the resource out."),
    hostsAreListedOnce,
    credentialsAreWhole,
    someCredential,
    metadataIsValid,
  ],
  importId: {
    format: "<owner>/<name>@<namespace>,<namespace>,…",
    example: "shop/production/registry-pull@team-a,team-b",
    description:
      "Owner and name as they stand in the Secrets' annotation `registry-access/owner` and their name; the owner may hold `/`. Only Secrets that carry this owner are imported; one that somebody else made is taken over with `adopt_existing` instead.\n\nNothing is written, and no password gets into the state. The fingerprint is made of what the Secrets hold, and `registries` is read from them: hosts, user name and e-mail, and `credential_id` where a configured issuer confirms that the value is one of its tokens. The plan compares the configured credentials with the fingerprint, so it is empty or in place, and writes nothing where the content is the same. In place it is where a Secret does not tell what is configured: `password_env`, an entry without a credential, several entries of one login, their order, labels and annotations that something else wrote first, `adopt_existing`, `timeouts`; a warning says which. A warning names what could not be known, namespaces without the Secret, and those whose Secret differs.",
    check: checkPullSecretImportId,
  },
} as const satisfies TypeSchema;
