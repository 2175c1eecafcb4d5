import { getProject } from "../../../clients/openshift/projects";
import { openshiftProject } from "../../../schema/openshift-project";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { drawInstance, openCluster, ownerOf } from "../placement/cluster";
import { describeProject, doing, isGoing, ownershipOf, textsOf } from "./model";
import { describeRequest, isOwnRequest } from "./requester";

/** The state of a project that is there: this owner's is its own, any other is adopted. */
export async function importState(
  name: string,
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  return within(openshiftProject, {}, "read", caller, async (signal) => {
    const { client, id: cluster, memory } = await openCluster(provider, null, describeProject(name), signal);
    const project = await during(doing(name, "could not be read"), () => getProject(client, name, signal));
    if (project === undefined || isGoing(project)) throw nothing(name, client.server, project !== undefined);
    const owner = ownerOf(provider);
    const mark = ownershipOf(project);
    const isMarked = mark?.owner === owner;
    const isOwn = () => isOwnRequest(client, project, signal);
    const isOurs = isMarked && (await during(doing(name, "could not be told from another's"), isOwn)) === true;
    const why = isMarked && !isOurs ? await describeRequest(client, project, signal) : "It was made by somebody else.";
    report(isOurs ? own(name) : adopted(name, why));
    const state = {
      id: name,
      name,
      ...(isOurs ? textsOf(project) : { display_name: null, description: null }),
      adopt_existing: isOurs ? null : true,
      adopted: !isOurs,
      uid: project.metadata.uid ?? null,
      owner,
      instance: isOurs ? mark.instance : drawInstance(provider),
      cluster,
      timeouts: null,
    };
    return { state, privateData: memory };
  });
}

function nothing(name: string, server: string, isGoing: boolean): DiagnosticError {
  const how = isGoing ? "is being deleted" : "is not there";
  return DiagnosticError.at(
    undefined,
    "Nothing to import",
    `${describeProject(name)} ${how} in the cluster at ${server}. Nothing was imported. Correct the name, or let an apply make it.`,
  );
}

function own(name: string): Diagnostic {
  return {
    severity: "warning",
    summary: "Imported with all that is in it",
    detail: `${describeProject(name)} carries this owner's mark, so it is this resource's: destroy deletes it with all that is in it.`,
  };
}

function adopted(name: string, why: string): Diagnostic {
  return {
    severity: "warning",
    summary: "A project was adopted",
    detail: `${describeProject(name)} is not this resource's. ${why} It is used as it is, and stays when this resource is destroyed. Set adopt_existing = true, so that the plan is empty.`,
  };
}
