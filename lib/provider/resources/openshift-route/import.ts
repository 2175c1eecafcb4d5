import { getRegistryConfig } from "../../../clients/openshift/registry-config";
import { admittedHost, getDefaultRoute } from "../../../clients/openshift/routes";
import { INSTANCE_ANNOTATION } from "../../../domain/ownership";
import { openshiftRoute } from "../../../schema/openshift-route";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { drawInstance, openCluster, ownerOf } from "../placement/cluster";
import { factsOf } from "./facts";
import { doing, isSwitchedOnBy, THE_ROUTE } from "./model";

/** The state of the route that is there; one that this owner switched on is this resource's from now on. */
export async function importState(
  _id: string,
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  return within(openshiftRoute, {}, "read", caller, async (signal) => {
    const { client, id: cluster, memory } = await openCluster(provider, null, THE_ROUTE, signal);
    const [config, route] = await during(doing(`${THE_ROUTE} could not be read`), () =>
      Promise.all([getRegistryConfig(client, signal), getDefaultRoute(client, signal)]),
    );
    const host = route === undefined ? undefined : admittedHost(route);
    if (config === undefined || route === undefined || host === undefined) {
      throw DiagnosticError.at(
        undefined,
        "Nothing to import",
        `The image registry of the cluster at ${client.server} has no default route that is served. Nothing was imported. Let an apply switch it on, without an import.`,
      );
    }
    const instance = config.metadata.annotations?.[INSTANCE_ANNOTATION] ?? drawInstance(provider);
    const ownership = { owner: ownerOf(provider), instance };
    const facts = await factsOf(client, { route, host }, { former: null, signal, report });
    const state = { timeouts: null, ...facts, switched_on: isSwitchedOnBy(config, ownership), ...ownership, cluster };
    return { state, privateData: memory };
  });
}
