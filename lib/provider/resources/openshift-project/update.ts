import { getProject, patchProject } from "../../../clients/openshift/projects";
import { openshiftProject } from "../../../schema/openshift-project";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { annotationsOf, asState, describeProject, doing } from "./model";

/** Writes the texts, with the mark, of a project that this resource made. */
export async function update(
  {
    prior,
    planned,
    privateData,
  }: { readonly prior: ObjectValue; readonly planned: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const [state, plan] = [asState(prior), asState(planned)];
  const isSame = state.display_name === plan.display_name && state.description === plan.description;
  if (isSame || state.adopted === true) return { state: planned };
  const { name } = plan;
  return within(openshiftProject, planned, "update", caller, async (signal) => {
    const access = await openCluster(provider, { cluster: state.cluster, privateData }, describeProject(name), signal);
    const { client } = access;
    const ownership = { owner: state.owner ?? "", instance: state.instance ?? "" };
    await during(doing(name, "could not be changed"), async () => {
      const project = await getProject(client, name, signal);
      if (project === undefined || project.metadata.uid !== state.uid) throw gone(name);
      await patchProject(client, project, annotationsOf(plan, ownership), signal);
    });
    return { state: planned, privateData: access.memory };
  });
}

function gone(name: string): DiagnosticError {
  return DiagnosticError.at(
    ["name"],
    "Project is gone",
    `${describeProject(name)} was deleted after the plan was made. Nothing was changed. Plan again, with a refresh.`,
  );
}
