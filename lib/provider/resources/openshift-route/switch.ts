import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { getRegistryConfig, patchRegistryConfig, type RegistryConfig } from "../../../clients/openshift/registry-config";
import { admittedHost, getDefaultRoute, type Route, refusalOf } from "../../../clients/openshift/routes";
import { sleep } from "../../../clients/sleep";
import { claimOn, type Ownership } from "../../../domain/ownership";
import { backoff } from "../../deadline";
import { traced, type WriteTrace } from "../placement/write-trace";
import { isSwitchedOnBy, isThere, marksOf, NO_MARKS, requireRegistry } from "./model";

/** How often the configuration is read again because others write it too. */
const ATTEMPTS = 12;
/** Between two looks at the route, in milliseconds. */
const PAUSE_MILLISECONDS = 500;

/** Whose route, and where. */
export interface Switching {
  readonly client: KubernetesClient;
  readonly ownership: Ownership;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Notes what may have been written. */
  readonly trace: WriteTrace;
}

/**
 * Switches the route on where there is none, and says who did. One that is on already is left as it is; one that this owner switched on,
 * such as in a run that was killed, becomes this resource's. True where it is this resource's now.
 * @throws DiagnosticError where there is no registry; ClientError
 */
export async function switchOn(job: Switching): Promise<boolean> {
  const { client, ownership, signal } = job;
  return patching(job, async (found) => {
    const route = await getDefaultRoute(client, signal);
    const config = requireRegistry(found, client.server, route);
    if (isSwitchedOnBy(config, ownership)) return { done: true };
    const isOn = config.spec?.defaultRoute === true;
    const isOwners = isOn && claimOn(config.metadata, ownership) === "same_owner";
    if (!isOwners && (isOn || isThere(route, config))) return { done: false };
    return { config, patch: { defaultRoute: true, annotations: marksOf(ownership) } };
  });
}

/** Switches the route off where this resource switched it on. False where it did not, or somebody else has it by now. */
export async function switchOff(job: Switching): Promise<boolean> {
  return patching(job, async (config) => {
    if (config === undefined || !isSwitchedOnBy(config, job.ownership)) return { done: false };
    return { config, patch: { defaultRoute: false, annotations: NO_MARKS } };
  });
}

type Step =
  | { readonly done: boolean }
  | { readonly config: RegistryConfig; readonly patch: Parameters<typeof patchRegistryConfig>[2] };

/** Reads, decides and patches (true), or does not; again where somebody wrote in between, which may have been this very request. */
async function patching(
  { client, random, signal, trace }: Switching,
  decide: (config: RegistryConfig | undefined) => Promise<Step>,
): Promise<boolean> {
  for (let attempt = 0; ; attempt++) {
    const step = await decide(await getRegistryConfig(client, signal));
    if ("done" in step) return step.done;
    try {
      await traced(trace, () => patchRegistryConfig(client, step.config, step.patch, signal));
      return true;
    } catch (error) {
      if (!ClientError.is(error, "conflict") || attempt >= ATTEMPTS) throw error;
      await sleep(backoff(attempt, random), signal);
    }
  }
}

/** Waits until a router serves the route. `seen` is told the last look, for who gives up. */
export async function awaitHost(
  client: KubernetesClient,
  seen: (route: Route | undefined) => void,
  signal: AbortSignal,
): Promise<{ readonly route: Route; readonly host: string }> {
  for (;;) {
    const route = await getDefaultRoute(client, signal);
    seen(route);
    const isGoing = route?.metadata.deletionTimestamp !== undefined;
    const host = route === undefined || isGoing ? undefined : admittedHost(route);
    if (route !== undefined && host !== undefined) return { route, host };
    await sleep(PAUSE_MILLISECONDS, signal);
  }
}

/** Waits until the operator has taken its route away. `seen` is told what is still there, for who gives up. */
export async function awaitGone(client: KubernetesClient, seen: (route: Route) => void, signal: AbortSignal): Promise<void> {
  for (;;) {
    const route = await getDefaultRoute(client, signal);
    if (route === undefined) return;
    seen(route);
    await sleep(PAUSE_MILLISECONDS, signal);
  }
}

/** What a wait saw last, as a sentence. */
export function describeWait(route: Route | undefined): string {
  if (route === undefined) {
    return "There is no route openshift-image-registry/default-route yet: the registry's operator makes it (oc get clusteroperator image-registry says how that one is).";
  }
  const refusal = refusalOf(route);
  const host = route.spec?.host ?? "";
  return `The route openshift-image-registry/default-route${host === "" ? "" : ` (${host})`} is there, and no router has admitted it${refusal === undefined ? ": does the cluster's ingress controller run" : `: ${refusal}`} (oc get route -n openshift-image-registry default-route -o yaml).`;
}
