import type { ConfiguredProvider } from "../../configured/provider";
import type { PlanRequest, PlanResult, TypeContext } from "../../framework/definition";
import { isUnknown, type ObjectValue, UNKNOWN } from "../../framework/value";
import { inSync, knownStrings } from "../placement/targets";
import { keyOf, targetsOf } from "./model";

/** Plans the targets that are wanted, all in sync. Contacts nothing. */
export async function plan({ prior, proposed }: PlanRequest, { provider }: TypeContext<ConfiguredProvider>): Promise<PlanResult> {
  const { owner } = provider;
  const namespaces = knownStrings(proposed.namespaces);
  const accounts = knownStrings(proposed.service_accounts);
  const isKnown = !isUnknown(namespaces) && !isUnknown(accounts) && provider.cluster.unknown === undefined;
  const targets = isKnown ? (inSync(targetsOf(namespaces, accounts).map(keyOf)) as ObjectValue) : UNKNOWN;
  const planned: ObjectValue = { ...proposed, owner, targets };
  if (prior === null) return { planned: { ...planned, id: UNKNOWN, instance: UNKNOWN, cluster: UNKNOWN } };
  return { planned: { ...planned, id: isUnknown(owner) ? UNKNOWN : `${owner}/${String(prior.instance)}` } };
}
