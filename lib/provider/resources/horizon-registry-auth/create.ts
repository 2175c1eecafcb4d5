import { horizonRegistryAuth } from "../../../schema/horizon/registry-auth";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import { type ObjectValue, UNKNOWN } from "../../framework/value";
import { contentOf } from "./content";
import { asState, placeOf } from "./model";
import { writeNew } from "./write";

/** Stores the credential, or nothing. */
export async function create(
  { planned, config }: { readonly planned: ObjectValue; readonly config: ObjectValue },
  context: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const { provider, signal: caller } = context;
  return within(horizonRegistryAuth, planned, "create", caller, async (signal) => {
    const plan = asState(planned);
    const client = await provider.horizon.client();
    const { auth, fingerprint } = await contentOf(UNKNOWN, config, provider, signal);
    const number = await writeNew({ client, plan, auth, context, signal });
    provider.horizon.written.add(placeOf(plan.service, number));
    const id = `${client.org}/${plan.service}/${plan.registry}`;
    return { state: { ...planned, id, org: client.org, auth_id: number, fingerprint, status: "in_sync" } };
  });
}
