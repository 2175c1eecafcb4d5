import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { deleteProject, getProject, patchProject } from "../../../clients/openshift/projects";
import type { Ownership } from "../../../domain/ownership";
import { openshiftProject } from "../../../schema/openshift-project";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { endingAfter, persist, within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { drawInstance, openCluster, ownerOf } from "../placement/cluster";
import { annotationsOf, asState, describeProject, doing, ownershipOf, type ProjectState } from "./model";
import { obtainProject, type RequestTrace } from "./request";

/** A rollback has a time of its own: the caller's signal may be what it follows (Ctrl-C). */
const ROLL_BACK_MILLISECONDS = 30_000;

/** Requests the project; one that this create made is deleted again where it fails. */
export async function create(
  { planned }: { readonly planned: ObjectValue },
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const plan = asState(planned);
  const { name } = plan;
  return within(openshiftProject, planned, "create", caller, async (signal) => {
    const ownership: Ownership = { owner: ownerOf(provider), instance: drawInstance(provider) };
    const { client, id: cluster, memory } = await openCluster(provider, null, describeProject(name), signal);
    const { random } = provider.runtime;
    const trace: RequestTrace = { mayBeLeft: false };
    try {
      const { project, how } = await during(doing(name, "could not be requested"), () =>
        obtainProject({ client, plan, ownership, trace, random, signal }),
      );
      if (how === "taken_up") {
        await during(doing(name, "could not be taken up"), () =>
          patchProject(client, project, annotationsOf(plan, ownership), signal),
        );
      }
      if (how !== "made") report(how === "adopted" ? adopted(plan) : takenUp(name, ownership.owner));
      const { uid = null } = project.metadata;
      const state = { ...planned, id: name, adopted: how === "adopted", uid, ...ownership, cluster };
      return { state, privateData: memory };
    } catch (error) {
      const left = trace.mayBeLeft ? await rollBack(client, { name, ownership, trace }, random) : undefined;
      if (left !== undefined) report(left);
      throw error;
    }
  });
}

function adopted({ name, display_name: displayName, description }: ProjectState): Diagnostic {
  const texts =
    displayName === null && description === null ? "" : " So display_name and description, which are set, are not written.";
  return {
    severity: "warning",
    summary: "A project was adopted",
    detail: `${describeProject(name)} was there already. It is used as it is, and stays when this resource is destroyed.${texts}`,
    path: ["name"],
  };
}

function takenUp(name: string, owner: string): Diagnostic {
  return {
    severity: "warning",
    summary: "A project was taken up",
    detail: `${describeProject(name)} was there already, with the mark of owner ${JSON.stringify(owner)}: it is taken for what a killed run left, and goes when this resource is destroyed. Where another state has this owner, it is that one's: an owner belongs to one state.`,
    path: ["name"],
  };
}

/** Deletes what the request's answer named; where that was lost, what carries this create's own mark. */
async function rollBack(
  client: KubernetesClient,
  { name, ownership, trace }: { readonly name: string; readonly ownership: Ownership; readonly trace: RequestTrace },
  random: () => number,
): Promise<Diagnostic | undefined> {
  const undo = async (signal: AbortSignal) => {
    const uid = trace.uid ?? (await marked(client, name, ownership, signal));
    if (uid !== undefined) await deleteExactly(client, name, uid, signal);
  };
  try {
    await endingAfter(ROLL_BACK_MILLISECONDS, (signal) => persist(() => undo(signal), random, signal));
    return undefined;
  } catch {
    return {
      severity: "warning",
      summary: "A project may be left",
      detail: `The create failed, and whether it made ${describeProject(name).toLowerCase()} could not be found out or undone. It is in no state. Look with oc get project ${name}, and delete it (oc delete project ${name}) where its description carries this owner; where this identity may see it, the next apply takes it up.`,
      path: ["name"],
    };
  }
}

/** The UID of the project that carries this create's own mark. */
async function marked(
  client: KubernetesClient,
  name: string,
  { instance }: Ownership,
  signal: AbortSignal,
): Promise<string | undefined> {
  const project = await getProject(client, name, signal);
  return project !== undefined && ownershipOf(project)?.instance === instance ? project.metadata.uid : undefined;
}

/** A conflict says that another one has its name, or that it is being deleted already. */
async function deleteExactly(client: KubernetesClient, name: string, uid: string, signal: AbortSignal): Promise<void> {
  try {
    await deleteProject(client, name, uid, signal);
  } catch (error) {
    if (!ClientError.is(error, "conflict")) throw error;
  }
}
