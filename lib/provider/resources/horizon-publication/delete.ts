import type { Published } from "../../../clients/horizon/types";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { PrivateData, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import type { PublicationKind } from "./kind";
import { ADDRESS, asState, describe, nativeId, type PublicationState, placeOf, requireOrg, whose } from "./model";
import { judge, type Ownership, requireSight } from "./ownership";

/**
 * Deletes the publication with its keys and credentials, where it is this resource's ({@link judge}): not what its successor, or somebody
 * else, published under the same id since.
 */
export async function destroyPublication(
  kind: PublicationKind,
  { prior, privateData }: { readonly prior: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<void> {
  const state = asState(prior);
  await within(kind.schema, prior, "delete", caller, async (signal) => {
    const client = await provider.horizon.client();
    requireOrg(state, client, kind);
    const publications = kind.publications(client);
    const id = nativeId(state);
    const doing = { what: `${describe(kind, state.id)} could not be deleted`, path: ["definition"], address: ADDRESS };
    await during(doing, async () => {
      const found = await publications.get(id, signal);
      if (found === undefined) return await requireSight(kind, state, privateData, client, signal);
      // Its successor took it up in this run.
      if (provider.horizon.written.has(placeOf(kind, state.id))) return;
      const ownership = await judge(found, state, privateData, client, signal);
      if (ownership !== "ours") report(left(kind, state, found, ownership));
      else await publications.delete(id, signal);
    });
  });
}

function left(kind: PublicationKind, state: PublicationState, found: Published, ownership: Ownership): Diagnostic {
  const how =
    ownership === "republished" ? "the same, by another resource or by hand: its signatures are others" : "by another user";
  return {
    severity: "warning",
    summary: `A ${kind.noun} is left`,
    detail: `${describe(kind, state.id)} was published anew since, ${how} (${whose(found)}). It was left as it is. Where nobody needs it, delete it (hzn exchange ${kind.noun} remove).`,
  };
}
