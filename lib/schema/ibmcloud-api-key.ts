import { checkCredentialId } from "../domain/credential-id";
import type { Path, Problem } from "../domain/problem";
import type { PartlyKnown, TypeSchema } from "./attribute";
import { issuedCredential } from "./issued-credential";

const SERVICE_ID = /^ServiceId-[A-Za-z0-9-]+$/;
/** IAM keeps whole minutes. */
const SHORTEST_SECONDS = 60;

function checkServiceId(value: string | number, path: Path): Problem | undefined {
  if (SERVICE_ID.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid service ID",
    detail: `${JSON.stringify(value)} is not a service ID's id. It begins with "ServiceId-" (ibmcloud iam service-ids shows it); its name and its iam_id are others.`,
  };
}

function checkLifetime(value: string | number, path: Path): Problem | undefined {
  if (typeof value === "number" && Number.isInteger(value) && value >= SHORTEST_SECONDS) return undefined;
  return {
    path,
    summary: "Invalid lifetime",
    detail: `${value} is not a whole number of seconds of ${SHORTEST_SECONDS} or more: IAM keeps minutes.`,
  };
}

/** Renewing is for what expires, and before its time. */
function renewalNeedsLifetime({ renew_before_seconds: before, lifetime_seconds: lifetime }: PartlyKnown): readonly Problem[] {
  if (typeof before !== "number" || lifetime === undefined) return [];
  const at = (summary: string, detail: string): Problem[] => [{ path: ["renew_before_seconds"], summary, detail }];
  if (lifetime === null)
    return at(
      "An API key that never expires is never due for renewal",
      `renew_before_seconds is ${before}, and lifetime_seconds is not set. Set it for a key that expires, or leave renew_before_seconds out.`,
    );
  if (typeof lifetime !== "number" || before < lifetime) return [];
  return at(
    "A new API key would be due at once",
    `renew_before_seconds is ${before}, and lifetime_seconds is ${lifetime}: every apply would issue another key. Choose fewer seconds than it lives.`,
  );
}

/** `registry_ibmcloud_api_key`. */
export const ibmcloudApiKey = {
  name: "registry_ibmcloud_api_key",
  kind: "resource",
  description:
    "An API key of IBM Cloud for IBM Cloud Container Registry (`icr.io`), deleted on destroy. It is a service ID's: by default of one that is made with it and may only pull (a policy with the role Reader on Container Registry), and that goes with it; where others made keys under that service ID, destroy is refused. Its value never reaches Terraform: IAM keeps it (`store_value`), a pull secret names it by `credential_id`, and the provider fetches it when it writes.\n\nOne key is good for every region's host. Rotation is replacement: set `create_before_destroy`, and every Secret is updated in place before the old key is deleted.\n\nA user's own API key is shown once, and can't be fetched again: give that to the pull secret as `password_wo` or `password_env`, with `username = \"iamapikey\"`.",
  attributes: {
    ...issuedCredential({ noun: "API key", username: "`iamapikey`", within: "of one issuer" }),
    service_id: {
      type: "string",
      presence: "optional",
      description:
        "The id of a service ID that exists (`ServiceId-…`). It and its policies stay yours: they are neither changed nor deleted, and what it may do is not looked at.",
      whenUnset: "one is made with the key, with a policy by which it may only pull; both go with the key",
      requiresReplace: true,
      check: checkServiceId,
    },
    lifetime_seconds: {
      type: "number",
      presence: "optional",
      description: "How long the key lives, in seconds; IAM keeps whole minutes, so it is rounded up.",
      whenUnset: "it never expires",
      requiresReplace: true,
      check: checkLifetime,
    },
    status: {
      type: "string",
      presence: "computed",
      description:
        "`active`, `renewal_due`, `expired`, `disabled`, `unauthorized` (the policy that was made with it is gone, or no longer allows pulling), `rights_changed` (its service ID may do more than pull, or not pull everywhere) or `deleted`. Anything but `active` has a key planned anew. A locked key works, and is `active`; deleting it is refused until it is unlocked.",
    },
    iam_id: {
      type: "string",
      presence: "computed",
      description: "Whom the key logs in: `iam-` and the service ID's id.",
    },
    policy_id: {
      type: "string",
      presence: "computed",
      description: "The policy by which it may pull; null where `service_id` is set.",
    },
  },
  rules: [renewalNeedsLifetime],
  importId: {
    format: "<issuer>/<id>",
    example: "icr/ApiKey-1f3c0a5e-0f5b-4e6e-9d0f-2f5e0c9d1b7a",
    description:
      "The same as `credential_id`: the name in the provider's `issuers`, and the API key's id (`ibmcloud iam service-api-keys SERVICE_ID`). Name, description and whether it is kept are read from the marks of the key and its service ID; in place it is where the configuration sets `lifetime_seconds`, `renew_before_seconds` or `timeouts`, which stand nowhere else.\n\nA key of another owner is refused, and so is a user's own, or one that was made without `store_value`: IAM gives its value no more. A key that was **made by hand** carries no mark: `service_id` is then its service ID, which stays; destroy or rotation deletes the key alone, unless `revoke_on_destroy = false`. A warning says so.",
    check: checkCredentialId,
  },
} as const satisfies TypeSchema;
