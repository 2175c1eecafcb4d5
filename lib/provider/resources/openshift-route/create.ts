import type { Route } from "../../../clients/openshift/routes";
import type { Ownership } from "../../../domain/ownership";
import { openshiftRoute } from "../../../schema/openshift-route";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { endingAfter, persist, within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { drawInstance, openCluster, ownerOf } from "../placement/cluster";
import { warningsOfExpiry } from "./expiry";
import { explained } from "./explain";
import { factsOf } from "./facts";
import { doing, THE_ROUTE } from "./model";
import { awaitHost, describeWait, type Switching, switchOff, switchOn } from "./switch";

/** A rollback has a time of its own: the caller's signal may be what it follows (Ctrl-C). */
const ROLL_BACK_MILLISECONDS = 30_000;

/** Finds the route, or switches it on and waits for it; what it switched on is switched off again where that fails. */
export async function create(
  { planned }: { readonly planned: ObjectValue },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  let wait: (() => string) | undefined;
  try {
    return await within(openshiftRoute, planned, "create", caller, async (signal) => {
      const ownership: Ownership = { owner: ownerOf(provider), instance: drawInstance(provider) };
      const { client, id: cluster, memory } = await openCluster(provider, null, THE_ROUTE, signal);
      const job: Switching = { client, ownership, random: provider.runtime.random, signal, trace: { mayBeLeft: false } };
      try {
        const switchedOn = await during(doing(`${THE_ROUTE} could not be switched on`), () => switchOn(job));
        let last: Route | undefined;
        wait = () => describeWait(last);
        const look = (route: Route | undefined) => {
          last = route;
        };
        const served = await during(doing(`${THE_ROUTE} could not be waited for`), () => awaitHost(client, look, signal));
        wait = undefined;
        const facts = await factsOf(client, served, { former: null, signal, report });
        for (const warning of warningsOfExpiry(facts.ca_certificate, provider.runtime.clock())) report(warning);
        return { state: { ...planned, ...facts, switched_on: switchedOn, ...ownership, cluster }, privateData: memory };
      } catch (error) {
        if (job.trace.mayBeLeft) {
          const left = await rollBack(job);
          log.info("took back a create that failed", { left: left !== undefined });
          if (left !== undefined) report(left);
        }
        throw error;
      }
    });
  } catch (error) {
    throw explained(error, wait?.());
  }
}

async function rollBack(job: Switching): Promise<Diagnostic | undefined> {
  try {
    await endingAfter(ROLL_BACK_MILLISECONDS, (signal) => persist(() => switchOff({ ...job, signal }), job.random, signal));
    return undefined;
  } catch {
    return {
      severity: "warning",
      summary: "The default route may be left switched on",
      detail:
        "The create failed, and whether it switched the image registry's default route on could not be found out or undone. The next apply takes it up, since it carries this owner.",
    };
  }
}
