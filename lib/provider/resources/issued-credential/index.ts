/**
 * Credentials that are issued at apply and revoked on destroy, whoever their issuer is: marked, found again after a crash, replaced
 * when they are due. What sets one type apart is in its own folder (type.ts says what that is).
 */
import type { IssuedCredential } from "../../../issuers";
import type { ConfiguredProvider } from "../../configured/provider";
import type { ResourceType } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import { withoutImport } from "../placement/import-report";
import { create } from "./create";
import { destroy } from "./delete";
import { importState } from "./import";
import { wordsOf } from "./model";
import { plan } from "./plan";
import { read } from "./read";
import type { CredentialType } from "./type";

export { listCredentials } from "./model";
export type { CredentialType, OpenedStore } from "./type";

/** What a credential is to become stands in its description, which can't be changed. */
function markedToGo(credential: string): Diagnostic {
  return {
    severity: "warning",
    summary: `The ${credential} was issued to be revoked`,
    detail: `revoke_on_destroy = false holds from now on for this resource's own destroy. But the mark of the ${credential}, which was written when it was issued, does not say that it is kept: a later one of the same owner and name revokes it all the same when it is destroyed. Replace it (-replace) for one that is marked as kept.`,
    path: ["revoke_on_destroy"],
  };
}

/** The resource of a type of credential. */
export function createCredentialResource<R, I extends IssuedCredential>(
  type: CredentialType<R, I>,
): ResourceType<ConfiguredProvider> {
  return {
    schema: type.schema,
    plan: (request, context) => plan(type, request, context),
    create: ({ planned }, context) => create(type, planned, context),
    read: (request, context) => read(type, request, context),
    // Everything that the issuer knows asks for a new one, or is the type's own; the rest is ours, and stands in the plan.
    async update({ prior, planned, privateData }, context) {
      // One without a mark, imported, has no number: no later one's destroy takes it for a sibling.
      if (prior.number !== null && prior.revoke_on_destroy !== false && planned.revoke_on_destroy === false)
        context.report(markedToGo(wordsOf(type).credential));
      const state =
        type.update === undefined
          ? planned
          : await type.update({ prior, planned }, await type.open(planned, context.provider), context);
      return { state, privateData: withoutImport(privateData) };
    },
    delete: ({ prior }, context) => destroy(type, prior, context),
    importState: (id, context) => importState(type, id, context),
  };
}
