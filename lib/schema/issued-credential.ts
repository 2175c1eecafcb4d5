import { checkIssuerName } from "../domain/credential-id";
import type { Path, Problem } from "../domain/problem";
import { timeouts } from "./timeouts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Which issuer a credential comes from. */
export const issuer = {
  type: "string",
  presence: "required",
  description: "Which of the provider's `issuers` it comes from.",
  check: checkIssuerName,
} as const;

/** What every credential exports, however it was come by. */
export function exported({ username }: { readonly username: string }) {
  return {
    credential_id: {
      type: "string",
      presence: "computed",
      description: "`<issuer>/<id>`: what a pull secret names it by. Not a secret.",
    },
    hosts: {
      type: { list: "string" },
      presence: "computed",
      description: "The registry hosts that it is good for.",
    },
    username: { type: "string", presence: "computed", description: `The user name that goes with it (${username}).` },
    expires_at: {
      type: "string",
      presence: "computed",
      description: "When it expires (RFC 3339, UTC); null for a permanent one.",
    },
    status: {
      type: "string",
      presence: "computed",
      description:
        "`active`, `renewal_due`, `expired`, `revoked` or `deleted` (the issuer no longer lists it). Anything but `active` has a managed token planned anew." as string,
    },
  } as const;
}

/** What messages and reference pages call a credential, for short. */
export type CredentialNoun = "token" | "API key";

function nameCheck(noun: CredentialNoun): (value: string | number, path: Path) => Problem | undefined {
  return (value, path) => {
    if (NAME.test(String(value))) return undefined;
    return {
      path,
      summary: `Invalid ${noun} name`,
      detail: `${JSON.stringify(value)} is not ${noun === "token" ? "a" : "an"} ${noun} name: 1 to 63 letters, digits, '.', '_' and '-', starting with a letter or a digit. It tells this owner's ${noun}s apart.`,
    };
  };
}

/** True for a description that can be asked for: 1 to 200 characters, without brackets and control characters. */
export function isDescription(text: string): boolean {
  return text.trim() !== "" && text.length <= 200 && !/[[\]\p{Cc}]/u.test(text);
}

function descriptionCheck(noun: CredentialNoun): (value: string | number, path: Path) => Problem | undefined {
  return (value, path) => {
    const text = String(value);
    if (isDescription(text)) return undefined;
    return {
      path,
      summary: `Invalid ${noun} description`,
      detail: `${JSON.stringify(text)} is not ${noun === "token" ? "a" : "an"} ${noun}'s description: 1 to 200 characters, without '[', ']' and control characters (our own mark follows it in brackets).`,
    };
  };
}

function checkNotNegative(value: string | number, path: Path): Problem | undefined {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return undefined;
  return { path, summary: "Invalid number of seconds", detail: `${value} is not a whole number of seconds of 0 or more.` };
}

/**
 * What every credential has that is issued at apply and revoked on destroy.
 * @param within - where names are unique, such as "of one issuer"
 */
export function issuedCredential({
  noun,
  username,
  within,
}: {
  readonly noun: CredentialNoun;
  readonly username: string;
  readonly within: string;
}) {
  return {
    id: { type: "string", presence: "computed", identifies: true, description: "The same as `credential_id`." },
    issuer: { ...issuer, requiresReplace: true },
    name: {
      type: "string",
      presence: "required",
      description: `Tells this owner's ${noun}s ${within} apart; it stands in the ${noun}'s mark. Unique per owner.`,
      requiresReplace: true,
      check: nameCheck(noun),
    },
    description: {
      type: "string",
      presence: "optional",
      description: "Stands in the issuer's list, before our mark (owner, name, number).",
      whenUnset: "the mark stands alone",
      requiresReplace: true,
      check: descriptionCheck(noun),
    },
    renew_before_seconds: {
      type: "number",
      presence: "optional",
      description: "How long before `expires_at` a new one is planned, in seconds.",
      whenUnset: "it is replaced once it has expired",
      check: checkNotNegative,
    },
    revoke_on_destroy: {
      type: "bool",
      presence: "optional_computed",
      default: true,
      description:
        "Whether destroy (and rotation) revokes it. With `false` it lives on and is no longer managed. Only one that was issued with `false` is marked so, and kept when a later one of this name is destroyed and cleans up lower numbers; changing it afterwards doesn't change the mark.",
    },
    ...exported({ username }),
    issued_at: {
      type: "string",
      presence: "computed",
      description: "When it was issued (RFC 3339, UTC); null for an imported one where the issuer's list does not say.",
    },
    number: {
      type: "number",
      presence: "computed",
      description: `Counts this owner's ${noun}s of this name; in the mark. Destroy also revokes lower numbers that a crash left behind, except those issued with \`revoke_on_destroy = false\`.`,
    },
    nonce: {
      type: "string",
      presence: "computed",
      description: "Drawn at apply; finds it again after an answer was lost. In the mark; not a secret.",
    },
    timeouts: timeouts({ create: "5m", read: "2m", delete: "5m" }),
  } as const;
}

/** The attributes of {@link issuedCredential}. */
export type IssuedCredentialAttributes = ReturnType<typeof issuedCredential>;
