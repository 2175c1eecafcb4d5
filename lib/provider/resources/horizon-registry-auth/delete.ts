import { horizonRegistryAuth } from "../../../schema/horizon/registry-auth";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { TypeContext } from "../../framework/definition";
import type { ObjectValue } from "../../framework/value";
import { ADDRESS, asState, describe, listAuths, placeOf, requireOrg } from "./model";

/** Deletes what the state names by the exchange's number, which no other ever gets, whatever it was edited to; others of the service stay. */
export async function destroy(
  { prior }: { readonly prior: ObjectValue },
  { provider, signal: caller }: TypeContext<ConfiguredProvider>,
): Promise<void> {
  const state = asState(prior);
  await within(horizonRegistryAuth, prior, "delete", caller, async (signal) => {
    const client = await provider.horizon.client();
    requireOrg(state, client);
    // Its successor took it up: the exchange keeps no two that are equal.
    if (provider.horizon.written.has(placeOf(state.service, state.auth_id))) return;
    const own = (await listAuths(client, state.service, signal)).find(({ id }) => id === state.auth_id);
    if (own === undefined) return;
    const what = `${describe(state)} could not be deleted`;
    await during({ what, path: ["service"], address: ADDRESS }, () => client.registryAuths.delete(state.service, own.id, signal));
  });
}
