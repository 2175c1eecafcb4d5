import { checkIssuerName } from "../domain/credential-id";
import { checkIcrNamespace, checkIcrNamespaceId, checkIcrRegion } from "../domain/icr-namespace";
import type { Path, Problem } from "../domain/problem";
import type { TypeSchema } from "./attribute";
import { timeouts } from "./timeouts";

/** Hexadecimal digits, with dashes or without. */
const RESOURCE_GROUP = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

function checkResourceGroup(value: string | number, path: Path): Problem | undefined {
  if (RESOURCE_GROUP.test(String(value))) return undefined;
  return {
    path,
    summary: "Invalid resource group",
    detail: `${JSON.stringify(value)} is not a resource group's id, which has 32 hexadecimal digits. It is not its name either: "ibmcloud resource group NAME --id" shows the id.`,
  };
}

/** `registry_ibmcloud_namespace`. */
export const ibmcloudNamespace = {
  name: "registry_ibmcloud_namespace",
  kind: "resource",
  description:
    "A registry namespace of IBM Cloud Container Registry: the first part of an image's path there, such as `acme` in `us.icr.io/acme/app`. One that the account has already is never taken over: import it.\n\nDestroy deletes it, and is refused as long as it holds images, unless `force_destroy` is set.",
  attributes: {
    id: {
      type: "string",
      presence: "computed",
      identifies: true,
      description: "`<issuer>/<name>`, with `@<region>` behind it where `region` is set.",
    },
    issuer: {
      type: "string",
      presence: "required",
      description: "Which of the provider's `issuers` makes it, of kind `ibmcloud`.",
      requiresReplace: true,
      check: checkIssuerName,
    },
    name: {
      type: "string",
      presence: "required",
      description: "4 to 30 lower-case letters, digits, `-` and `_`. Unique in a region, over all accounts.",
      requiresReplace: true,
      check: checkIcrNamespace,
    },
    region: {
      type: "string",
      presence: "optional",
      description:
        "Where it is: a region of IBM Cloud (`us-south`, `eu-de`, …), the label of its registry host (`us`, `de`, …), or `global`. Its registry is asked at its own host, or where the issuer's `registry_endpoints` says.",
      whenUnset: "the registry at the issuer's `registry_endpoint`, which is `https://icr.io` where that is not set",
      requiresReplace: true,
      check: checkIcrRegion,
    },
    resource_group: {
      type: "string",
      presence: "optional_computed",
      description: "The id of the resource group that it is in (`ibmcloud resource groups`), not its name.",
      whenUnset: "the account's default one",
      requiresReplace: true,
      check: checkResourceGroup,
    },
    force_destroy: {
      type: "bool",
      presence: "optional_computed",
      default: false,
      description: "Whether destroy deletes it together with the images in it. They can't be had back.",
    },
    timeouts: timeouts({ create: "5m", read: "2m", delete: "5m" }),
  },
  importId: {
    format: "<issuer>/<name>[@<region>]",
    example: "icr/acme-apps@us-south",
    description:
      "The name in the provider's `issuers` and that of the registry namespace; the region as `region` is configured, or nothing where it is left out. The plan after it is empty, or sets `force_destroy` and `timeouts` in place.",
    check: checkIcrNamespaceId,
  },
} as const satisfies TypeSchema;
