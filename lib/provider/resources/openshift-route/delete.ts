import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { getRegistryConfig } from "../../../clients/openshift/registry-config";
import { getDefaultRoute, type Route } from "../../../clients/openshift/routes";
import { openshiftRoute } from "../../../schema/openshift-route";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { PrivateData, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { forgotten } from "../placement/take-on";
import { explained } from "./explain";
import { asState, doing, isOperators, ROUTE_ID, THE_ROUTE } from "./model";
import { awaitGone, switchOff } from "./switch";

/** Switches the route off where this resource switched it on, and waits until it is gone; any other stays. */
export async function destroy(
  { prior, privateData }: { readonly prior: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<void> {
  const state = asState(prior);
  let left: Route | undefined;
  const seen = (route: Route) => {
    left = route;
  };
  try {
    await within(openshiftRoute, prior, "delete", caller, async (signal) => {
      if (state.switched_on !== true) return log.info("the route was there before, and stays", { host: state.host ?? "" });
      const access = await openCluster(provider, { cluster: state.cluster, privateData }, THE_ROUTE, signal);
      if (access.leftBehind !== undefined) return report(forgotten(access, { what: THE_ROUTE, targets: [ROUTE_ID] }));
      const { client } = access;
      const ownership = { owner: state.owner ?? "", instance: state.instance ?? "" };
      await during(doing(`${THE_ROUTE} could not be switched off`), async () => {
        const { random } = provider.runtime;
        const isOff = await switchOff({ client, ownership, random, signal, trace: { mayBeLeft: false } });
        if (!isOff && !(await isGoing(client, signal))) return;
        const config = await getRegistryConfig(client, signal);
        if (config?.spec?.managementState !== "Unmanaged") return awaitGone(client, seen, signal);
        const route = await getDefaultRoute(client, signal);
        if (route !== undefined) report(stays(route));
      });
    });
  } catch (error) {
    throw explained(error, left && stillThere(left));
  }
}

/** An earlier destroy that was not seen to its end has switched it off, and the operator's route may be there still. */
async function isGoing(client: KubernetesClient, signal: AbortSignal): Promise<boolean> {
  const config = await getRegistryConfig(client, signal);
  if (config === undefined || config.spec?.defaultRoute === true) return false;
  const route = await getDefaultRoute(client, signal);
  return route !== undefined && isOperators(route);
}

function named({ spec }: Route): string {
  const host = spec?.host ?? "";
  return `The route ${ROUTE_ID}${host === "" ? "" : ` (${host})`}`;
}

function stillThere(route: Route): string {
  return `${named(route)} is switched off, and still there: the registry's operator takes it away (oc get clusteroperator image-registry says how that one is).`;
}

function stays(route: Route): Diagnostic {
  return {
    severity: "warning",
    summary: "The default route is still there",
    detail: `${named(route)} was switched off, but the registry's operator does nothing about it (spec.managementState of configs.imageregistry.operator.openshift.io/cluster is "Unmanaged"). Delete it (oc delete route -n openshift-image-registry default-route), or set managementState to "Managed".`,
  };
}
