import { getProject } from "../../../clients/openshift/projects";
import { openshiftProject } from "../../../schema/openshift-project";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { warnOfTakingOn } from "../placement/take-on";
import { asState, describeProject, doing, isGoing, textsOf } from "./model";

/** Refreshes the project. Null where it is gone, or on its way: an apply waits for that. Who can't be asked is an error. */
export async function read(
  { state: value, privateData }: { readonly state: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult | null> {
  if (provider.cluster.unknown !== undefined) return { state: value, privateData };
  const state = asState(value);
  const { name } = state;
  return within(openshiftProject, value, "read", caller, async (signal) => {
    const what = describeProject(name);
    const access = await openCluster(provider, { cluster: state.cluster, privateData }, what, signal);
    warnOfTakingOn(provider, access, { what, targets: [name] }, report);
    // In a cluster that takes the first one's place it is to be made anew.
    if (access.leftBehind !== undefined) return null;
    const project = await during(doing(name, "could not be read"), () => getProject(access.client, name, signal));
    if (project === undefined || isGoing(project)) return null;
    const uid = project.metadata.uid ?? null;
    if (state.adopted !== true && uid !== state.uid) {
      report(replaced(name));
      return null;
    }
    const texts = state.adopted === true ? {} : textsOf(project);
    return { state: { ...value, ...texts, uid, cluster: access.id }, privateData: access.memory };
  });
}

function replaced(name: string): Diagnostic {
  return {
    severity: "warning",
    summary: "Another project has its name",
    detail: `${describeProject(name)} is not the one that was made: that one was deleted, and somebody else made another by its name. The next apply refuses to touch it, unless adopt_existing is set.`,
    path: ["name"],
  };
}
