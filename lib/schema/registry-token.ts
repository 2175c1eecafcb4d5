import { checkCredentialId } from "../domain/credential-id";
import type { Problem } from "../domain/problem";
import type { PartlyKnown, TypeSchema } from "./attribute";
import { exported, issuedCredential, issuer } from "./issued-credential";

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
    ...issuedCredential({ noun: "token", username: "`token`", within: "of one issuer" }),
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
    ...exported({ username: "`token`" }),
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
    ...exported({ username: "`token`" }),
    value: { type: "string", presence: "computed", sensitive: true, description: "The token itself." },
  },
  rules: [idOrDescription],
} as const satisfies TypeSchema;
