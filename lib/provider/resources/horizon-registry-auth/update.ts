import { horizonRegistryAuth } from "../../../schema/horizon/registry-auth";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import type { ObjectValue } from "../../framework/value";
import { withoutImport } from "../placement/import-report";
import { contentOf } from "./content";
import { ADDRESS, asState, describe, isSameAuth, listAuths, requireOrg } from "./model";
import { writeNew } from "./write";

/** Rotates in place, under the exchange's number; what is gone is stored anew. What is as it should be is not written. */
export async function update(
  {
    prior,
    planned,
    config,
    privateData,
  }: {
    readonly prior: ObjectValue;
    readonly planned: ObjectValue;
    readonly config: ObjectValue;
    readonly privateData: PrivateData;
  },
  context: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const { provider, signal: caller } = context;
  return within(horizonRegistryAuth, planned, "update", caller, async (signal) => {
    const state = asState(prior);
    const plan = asState(planned);
    const client = await provider.horizon.client();
    requireOrg(state, client);
    const { auth, fingerprint } = await contentOf(planned.fingerprint ?? null, config, provider, signal);
    const own = (await listAuths(client, plan.service, signal)).find(({ id }) => id === state.auth_id);
    const what = `${describe(plan)} could not be written`;
    const isThere =
      own !== undefined &&
      (isSameAuth(own, auth) ||
        (await during({ what, path: ["service"], address: ADDRESS }, () =>
          client.registryAuths.replace(plan.service, own.id, auth, signal),
        )));
    const number = isThere ? own.id : await writeNew({ client, plan, auth, context, signal });
    // Deleted since the plan: Terraform takes no other number than the planned one, and the next refresh finds it by its fingerprint.
    const authId = typeof planned.auth_id === "number" ? planned.auth_id : number;
    const reached = { ...planned, auth_id: authId, fingerprint, status: "in_sync" };
    return { state: reached, privateData: withoutImport(privateData) };
  });
}
