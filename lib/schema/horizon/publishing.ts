import { checkEnvironmentName } from "../../domain/environment-name";
import { type Definition, isFaulty, ORG_VARIABLE, readDefinition } from "../../domain/horizon/definition";
import type { Fault } from "../../domain/horizon/faults";
import { readVerificationKey } from "../../domain/horizon/signing-key";
import type { Path, Problem } from "../../domain/problem";
import type { PartlyKnown } from "../attribute";
import { isObject } from "../partly-known";

function checkKeyName(value: string | number, path: Path): Problem | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid key name",
    detail: `${JSON.stringify(value)} is not a key's name: 1 to 100 letters, digits, '.', '_' and '-', such as "service.public.pem".`,
  };
}

function checkSigningKey(value: string | number, path: Path): Problem | undefined {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid signing key",
    detail:
      "What was given is not the PEM of a private key (it is not shown): -----BEGIN RSA PRIVATE KEY----- or -----BEGIN PRIVATE KEY-----. Make one with hzn key create, or openssl genrsa 4096. Where it is in a file, set signing_key_file.",
  };
}

function checkPublicKey(value: string | number, path: Path): Problem | undefined {
  // Whether a certificate is inside its dates is seen when it is used.
  const found = readVerificationKey(String(value), new Date(Number.NaN));
  if (typeof found !== "string") return undefined;
  return {
    path,
    summary: "Invalid public key",
    detail: `What was given ${found}. Give a PEM public key (openssl rsa -in key.pem -pubout), or a self-signed certificate (hzn key create); or leave it out: the signing key has it.`,
  };
}

/** What a service and a pattern are published by. */
export const publishing = {
  variables: {
    type: { map: "string" },
    presence: "optional",
    description: `The values of \`$NAME\` and \`\${NAME}\` in the definition, as \`hzn\` takes them from horizon/hzn.json and the environment: \`ARCH\`, \`SERVICE_NAME\` and the like. \`${ORG_VARIABLE}\` is always there. The environment is not read. A plain \`$\` is written \`$$\`.`,
  },
  signing_key_wo: {
    type: "string",
    presence: "optional",
    writeOnly: true,
    sensitive: true,
    description:
      "The private key (PEM, RSA of 2048 bits or more) that signs, write-only (Terraform or OpenTofu ≥ 1.11): give it from an ephemeral variable. Another one is noticed by its public key, with nothing to bump.",
    check: checkSigningKey,
  },
  signing_key_env: {
    type: "string",
    presence: "optional",
    description:
      "The name of the environment variable that holds the private key: `REGISTRY_*`, `HZN_*`, or one listed in `REGISTRY_ACCESS_PASSWORD_ENV`.",
    check: checkEnvironmentName,
  },
  signing_key_file: {
    type: "string",
    presence: "optional",
    description:
      "The file that holds the private key, read where the provider runs, such as `~/.hzn/keys/service.private.key`. It is needed at plan and at apply.",
  },
  public_key: {
    type: "string",
    presence: "optional_computed",
    description:
      "What nodes verify the signature with: a PEM public key, or a self-signed certificate (key usage digitalSignature alone, no CA's, inside its dates). It belongs to the signing key.",
    whenUnset: "the signing key's own public key",
    check: checkPublicKey,
  },
  adopt_existing: {
    type: "bool",
    presence: "optional",
    description:
      "Takes over what is published under this id already, by `hzn` or another stack: it is overwritten in place, and a destroy deletes it. What is the same already needs no adoption.",
    whenUnset: "another publication under this id is an error, and left as it is",
  },
} as const;

/** The name under which the public key is uploaded. */
export const keyName = (byDefault: string) =>
  ({
    type: "string",
    presence: "optional_computed",
    default: byDefault,
    description: "The name under which the public key is uploaded.",
    check: checkKeyName,
  }) as const;

/** What the exchange and the provider say of a publication. */
export const published = {
  org: { type: "string", presence: "computed", description: "The organization, from the provider's configuration." },
  status: {
    type: "string",
    presence: "computed",
    description:
      "`published`; or why the plan publishes it anew, in place: `missing`, `edited`, `unsigned` (a signature that the key does not verify), `key_missing`, `key_replaced`.",
  },
  published: {
    type: "string",
    presence: "computed",
    description:
      "What was published, as JSON: with its signatures, which are drawn anew whenever the content or the key changes, and only then.",
  },
} as const;

const KEYS = ["signing_key_wo", "signing_key_env", "signing_key_file"] as const;

/** One signing key, from one place. */
export function signingKeyIsGivenOnce(config: PartlyKnown): readonly Problem[] {
  const given = KEYS.filter((name) => config[name] !== null);
  const certain = given.filter((name) => config[name] !== undefined);
  const [, second] = certain;
  const allowed = `Set exactly one of ${KEYS.join(", ")}.`;
  if (second !== undefined)
    return [{ path: [second], summary: "Two signing keys", detail: `${certain.join(" and ")} are set. ${allowed}` }];
  if (given.length > 0) return [];
  return [
    {
      path: [],
      summary: "No signing key",
      detail: `Edge nodes take nothing that is not signed, and there is no key to sign with. ${allowed} A key pair is made by hzn key create, or openssl genrsa -out service.private.key 4096.`,
    },
  ];
}

/** The definition's JSON, and all that `check` finds in it; each message says where. What is not known yet passes. */
export function definitionIsValid(
  check: (definition: Definition) => readonly Fault[],
): (config: PartlyKnown) => readonly Problem[] {
  return ({ definition, variables }) => {
    const values = variables === null ? {} : variables;
    if (typeof definition !== "string" || values === undefined || !isObject(values)) return [];
    if (Object.values(values).some((value) => typeof value !== "string")) return [];
    // Which organization it is, the provider knows; that one is there is enough here.
    const read = readDefinition(definition, { [ORG_VARIABLE]: "organization", ...(values as { [name: string]: string }) });
    return toProblems(isFaulty(read) ? read : check(read));
  };
}

/** Faults of a definition as problems of its attribute: a place inside of a text has no path of Terraform's. */
export function toProblems(faults: readonly Fault[]): readonly Problem[] {
  return faults.map(({ detail }) => ({ path: ["definition"], summary: "Invalid definition", detail }));
}
