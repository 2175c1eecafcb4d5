/** `registry_token`: issues a registry token, and revokes it on destroy. */
import { registryToken } from "../../../schema/registry-token";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ResourceType } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import { withoutImport } from "../placement/import-report";
import { create } from "./create";
import { destroy } from "./delete";
import { importState } from "./import";
import { plan } from "./plan";
import { read } from "./read";

/** What a token is to become stands in its description, which can't be changed. */
const markedToGo: Diagnostic = {
  severity: "warning",
  summary: "The token was issued to be revoked",
  detail:
    "revoke_on_destroy = false holds from now on for this resource's own destroy. But the token's description, which was written when it was issued, does not say that it is kept: a later token of the same owner and name revokes it all the same when it is destroyed. Replace it (-replace) for one that is marked as kept.",
  path: ["revoke_on_destroy"],
};

/** The resource type `registry_token`. */
export const registryTokenResource: ResourceType<ConfiguredProvider> = {
  schema: registryToken,
  plan,
  create,
  read,
  // Everything that the issuer knows asks for a new token; the rest is our own, and stands in the plan.
  update: async ({ prior, planned, privateData }, { report }) => {
    // One without a mark, imported, has no number: no later token's destroy takes it for a sibling.
    if (prior.number !== null && prior.revoke_on_destroy !== false && planned.revoke_on_destroy === false) report(markedToGo);
    return { state: planned, privateData: withoutImport(privateData) };
  },
  delete: destroy,
  importState,
};
