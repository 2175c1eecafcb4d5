import { getRegistryConfig, type RegistryConfig } from "../../../clients/openshift/registry-config";
import { admittedHost, getDefaultRoute } from "../../../clients/openshift/routes";
import { openshiftRoute } from "../../../schema/openshift-route";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { warnOfTakingOn } from "../placement/take-on";
import { warningsOfExpiry } from "./expiry";
import { factsOf } from "./facts";
import { asState, doing, isSwitchedOnBy, isThere, THE_ROUTE } from "./model";
import { describeWait } from "./switch";

/**
 * Refreshes the host. Null where the route is gone and not switched on by this resource, so that the next apply switches it on again; who
 * can't be asked is an error.
 */
export async function read(
  { state: value, privateData }: { readonly state: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult | null> {
  if (provider.cluster.unknown !== undefined) return { state: value, privateData };
  const state = asState(value);
  return within(openshiftRoute, value, "read", caller, async (signal) => {
    const access = await openCluster(provider, { cluster: state.cluster, privateData }, THE_ROUTE, signal);
    warnOfTakingOn(provider, access, { what: THE_ROUTE, targets: [] }, report);
    // In a cluster that takes the first one's place it is to be made anew.
    if (access.leftBehind !== undefined) return null;
    const { client } = access;
    const [config, route] = await during(doing(`${THE_ROUTE} could not be read`), () =>
      Promise.all([getRegistryConfig(client, signal), getDefaultRoute(client, signal)]),
    );
    const ownership = { owner: state.owner ?? "", instance: state.instance ?? "" };
    const isRemoved = config === undefined || config.spec?.managementState === "Removed";
    if (isRemoved || !isThere(route, config)) {
      if (config === undefined || !isSwitchedOnBy(config, ownership)) return null;
      // A destroy has to switch off what is switched on, whether or not something serves it now.
      report(notThere(config));
      return { state: { ...value, switched_on: true, cluster: access.id }, privateData: access.memory };
    }
    const host = admittedHost(route);
    if (host === undefined) report(notServed(describeWait(route), state.host));
    const facts = await factsOf(
      client,
      { route, host: host ?? state.host ?? "" },
      { former: state.ca_certificate, signal, report },
    );
    for (const warning of warningsOfExpiry(facts.ca_certificate, provider.runtime.clock())) report(warning);
    const switchedOn = isSwitchedOnBy(config, ownership);
    return { state: { ...value, ...facts, switched_on: switchedOn, cluster: access.id }, privateData: access.memory };
  });
}

function notThere({ spec }: RegistryConfig): Diagnostic {
  const why =
    spec?.managementState === "Removed" || spec?.managementState === "Unmanaged"
      ? `spec.managementState of configs.imageregistry.operator.openshift.io/cluster is ${JSON.stringify(spec.managementState)}`
      : "the registry's operator has not made it (oc get clusteroperator image-registry says how that one is)";
  return {
    severity: "warning",
    summary: "The default route is not there",
    detail: `This resource has switched the image registry's default route on, and it is not there: ${why}. Nothing pulls by it so long. The switch is still on, so that the route comes back with the registry; a destroy switches it off.`,
    path: ["host"],
  };
}

function notServed(why: string, host: string | null): Diagnostic {
  return {
    severity: "warning",
    summary: "The default route is not served",
    detail: `${why} Its host stays ${JSON.stringify(host)}.`,
    path: ["host"],
  };
}
