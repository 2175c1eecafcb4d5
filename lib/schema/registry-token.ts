import { checkCredentialId, checkIssuerName } from "../domain/credential-id";
import type { Path, Problem } from "../domain/problem";
import type { PartlyKnown, TypeSchema } from "./attribute";
import { timeouts } from "./timeouts";

const issuer = {
  type: "string",
  presence: "required",
  description: "Which of the provider's `issuers` it comes from.",
  check: checkIssuerName,
} as const;

/** What every registry token exports, however it was come by. */
const exported = {
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
  username: { type: "string", presence: "computed", description: "The user name that goes with it (`token`)." },
  expires_at: { type: "string", presence: "computed", description: "When it expires (RFC 3339, UTC); null for a permanent one." },
  status: {
    type: "string",
    presence: "computed",
    description:
      "`active`, `renewal_due`, `expired`, `revoked` or `deleted` (the issuer no longer lists it). Anything but `active` has a managed token planned anew.",
  },
} as const;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

function checkTokenName(value: string | number, path: Path): Problem | undefined {
  if (NAME.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid token name",
    detail: `${JSON.stringify(value)} is not a token name: 1 to 63 letters, digits, '.', '_' and '-', starting with a letter or a digit. It tells this owner's tokens apart.`,
  };
}

/** Says what is wrong with the description of a token that is to be issued, or nothing. */
export function checkDescription(value: string | number, path: Path): Problem | undefined {
  const text = String(value);
  if (text.trim() !== "" && text.length <= 200 && !/[[\]\p{Cc}]/u.test(text)) return undefined;
  return {
    path,
    summary: "Invalid token description",
    detail: `${JSON.stringify(text)} is not a token's description: 1 to 200 characters, without '[', ']' and control characters (our own mark follows it in brackets).`,
  };
}

function checkNotNegative(value: string | number, path: Path): Problem | undefined {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return undefined;
  return { path, summary: "Invalid number of seconds", detail: `${value} is not a whole number of seconds of 0 or more.` };
}

/** Renewing is for what expires. */
function renewalNeedsExpiry(config: PartlyKnown): readonly Problem[] {
  if (typeof config.renew_before_seconds !== "number" || config.permanent === undefined || config.permanent === false) return [];
  return [
    {
      path: ["renew_before_seconds"],
      summary: "A permanent token is never due for renewal",
      detail: `renew_before_seconds is ${config.renew_before_seconds}, but the token is permanent. Set permanent = false for a token that expires, or leave renew_before_seconds out.`,
    },
  ];
}

/** `registry_token`, the resource. */
export const registryToken = {
  name: "registry_token",
  kind: "resource",
  description:
    "A registry token, issued by IBM Cloud's registry (token API v1) and revoked on destroy. Its value never reaches Terraform: a pull secret names it by `credential_id`, and the provider fetches the value when it writes.\n\nRotation is replacement: set `create_before_destroy`, and every Secret is updated in place before the old token is revoked.",
  attributes: {
    id: { type: "string", presence: "computed", identifies: true, description: "The same as `credential_id`." },
    issuer: { ...issuer, requiresReplace: true },
    name: {
      type: "string",
      presence: "required",
      description: "Tells this owner's tokens of one issuer apart; it stands in the token's mark. Unique per owner and issuer.",
      requiresReplace: true,
      check: checkTokenName,
    },
    description: {
      type: "string",
      presence: "optional",
      description: "Stands in the issuer's list, before our mark (owner, name, number).",
      whenUnset: "the mark stands alone",
      requiresReplace: true,
      check: checkDescription,
    },
    permanent: {
      type: "bool",
      presence: "optional_computed",
      default: true,
      description:
        "Whether it never expires. The source documents use permanent tokens for pull secrets; an expiring one lasts as long as the issuer gives it (24 hours on Bluemix).",
      requiresReplace: true,
    },
    read_only: {
      type: "bool",
      presence: "optional_computed",
      default: true,
      description: "Whether it may only pull. A pull secret needs no more.",
      requiresReplace: true,
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
        "Whether destroy (and rotation) revokes it. With `false` it lives on and is no longer managed. Only one that was issued with `false` is marked so, and kept when a later token of this name is destroyed and cleans up lower numbers; changing it afterwards doesn't change the mark.",
    },
    ...exported,
    issued_at: {
      type: "string",
      presence: "computed",
      description: "When it was issued (RFC 3339, UTC); null for an imported one, since the issuer's list does not say.",
    },
    number: {
      type: "number",
      presence: "computed",
      description:
        "Counts this owner's tokens of this name; in the mark. Destroy also revokes lower numbers that a crash left behind, except those issued with `revoke_on_destroy = false`.",
    },
    nonce: {
      type: "string",
      presence: "computed",
      description: "Drawn at apply; finds the token again after an answer was lost. In the mark; not a secret.",
    },
    timeouts: timeouts({ create: "5m", read: "2m", delete: "5m" }),
  },
  rules: [renewalNeedsExpiry],
  importId: {
    format: "<issuer>/<id>",
    example: "dedicated/5f3c0a5e-0f5b-4e6e-9d0f-2f5e0c9d1b7a",
    description:
      "The same as `credential_id`: the name in the provider's `issuers`, and the issuer's own id (`bx cr token-list`). Name, description, `permanent`, `read_only` and whether it is kept are read from the list and the token's mark, so the plan is empty where the configuration says the same. In place it is where it sets `renew_before_seconds` or `timeouts`, which stand nowhere else, or another `revoke_on_destroy` than the token was issued with; a warning says so.\n\nA token of another owner is refused, and so is one that is revoked or has expired. A token that was **issued by hand** carries no mark, and gets none, since a description can't be changed; importing it says that it is this resource's from now on: `name` (`imported-` and the beginning of its id, where the configuration is generated) is taken over in place, `description` too unless another one is configured, and destroy or rotation revokes it, and it alone, unless `revoke_on_destroy = false`. Its successor carries a mark. A warning says so.",
    check: checkCredentialId,
  },
} as const satisfies TypeSchema;

/** One of the two has to say which token. */
function idOrDescription(config: PartlyKnown): readonly Problem[] {
  const given = [config.id, config.description].filter((value) => value !== null);
  if (given.length === 1 || (given.includes(undefined) && given.length > 0)) return [];
  return [
    {
      path: given.length === 0 ? [] : ["id"],
      summary: given.length === 0 ? "Which registry token?" : "Two ways to choose one token",
      detail:
        given.length === 0
          ? "Neither id nor description is set. Set exactly one of them."
          : "Both id and description are set. Set exactly one of them.",
    },
  ];
}

const lookup = {
  issuer,
  id: {
    type: "string",
    presence: "optional_computed",
    description: "The issuer's own id of it (`bx cr token-list`), or a credential id of this issuer.",
  },
  description: { type: "string", presence: "optional_computed", description: "Its description, in full." },
} as const;

/** `registry_token`, the data source. */
export const dataRegistryToken = {
  name: "registry_token",
  kind: "data source",
  description:
    "Looks up a registry token that exists, as `bx cr token-list` and `token-get` do, by id or by description. Free of side effects, and never the value: name it in a pull secret by `credential_id`.\n\nNo match, or several, is an error that lists what there is. Revoked and expired tokens never match a description.",
  attributes: {
    ...lookup,
    ...exported,
    read_only: { type: "bool", presence: "computed", description: "Whether it may only pull." },
  },
  rules: [idOrDescription],
} as const satisfies TypeSchema;

/** `registry_token`, the ephemeral resource. */
export const ephemeralRegistryToken = {
  name: "registry_token",
  kind: "ephemeral resource",
  description:
    "The value of a registry token that exists, for one run and never stored (Terraform ≥ 1.10, OpenTofu ≥ 1.11), for handing it to something else. A pull secret doesn't need it: it takes `credential_id`.\n\nIt looks up and never issues: Terraform opens it at plan and again at apply.",
  attributes: {
    ...lookup,
    ...exported,
    value: { type: "string", presence: "computed", sensitive: true, description: "The token itself." },
  },
  rules: [idOrDescription],
} as const satisfies TypeSchema;
