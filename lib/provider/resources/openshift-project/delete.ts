import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { deleteProject, getProject, type Project } from "../../../clients/openshift/projects";
import { sleep } from "../../../clients/sleep";
import { openshiftProject } from "../../../schema/openshift-project";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { PrivateData, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { forgotten } from "../placement/take-on";
import { asState, describeProject, doing } from "./model";

/** Between two looks, in milliseconds. */
const PAUSE_MILLISECONDS = 500;

/** Deletes the very project that this resource made, and waits until it is gone; an adopted one stays. */
export async function destroy(
  { prior, privateData }: { readonly prior: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<void> {
  const state = asState(prior);
  const { name, uid } = state;
  if (state.adopted !== false || uid === null) return log.info("the project was adopted, and stays", { name });
  await within(openshiftProject, prior, "delete", caller, async (signal) => {
    const what = describeProject(name);
    const access = await openCluster(provider, { cluster: state.cluster, privateData }, what, signal);
    if (access.leftBehind !== undefined) return report(forgotten(access, { what, targets: [name] }));
    const { client } = access;
    await during(doing(name, "could not be deleted"), async () => {
      const project = await getProject(client, name, signal);
      if (project === undefined) return;
      if (project.metadata.uid !== uid) return report(leftAlone(name));
      if (await isDeleted(client, project, signal)) return;
      const warning = await awaitGone(client, name, uid, signal);
      if (warning !== undefined) report(warning);
    });
  });
}

/** True where it was gone already. Deleting it a second time, as after a lost answer, is a conflict where the first is under way. */
async function isDeleted(client: KubernetesClient, { metadata }: Project, signal: AbortSignal): Promise<boolean> {
  try {
    const remove = () => deleteProject(client, metadata.name, metadata.uid ?? "", signal);
    // It was there a moment ago: one 404 is not enough to leave it out of the state.
    return !((await remove()) || (await remove()));
  } catch (error) {
    if (ClientError.is(error, "conflict")) return false;
    throw error;
  }
}

async function awaitGone(
  client: KubernetesClient,
  name: string,
  uid: string,
  signal: AbortSignal,
): Promise<Diagnostic | undefined> {
  for (;;) {
    try {
      const project = await getProject(client, name, signal);
      if (project === undefined || project.metadata.uid !== uid) return undefined;
    } catch (error) {
      if (!ClientError.is(error, "forbidden")) throw error;
      // With the project went the right to see it.
      return notSeen(name);
    }
    await sleep(PAUSE_MILLISECONDS, signal);
  }
}

function notSeen(name: string): Diagnostic {
  return {
    severity: "warning",
    summary: "Not seen to be gone",
    detail: `${describeProject(name)} was deleted, which the cluster took. Whether all of it is gone by now was not seen: with it went this identity's right to look (403). A create that follows at once may find it still there, and say so: apply again in a while then.`,
    path: ["name"],
  };
}

function leftAlone(name: string): Diagnostic {
  return {
    severity: "warning",
    summary: "Project left alone",
    detail: `${describeProject(name)} is not the one that this resource made (another UID), so it was not deleted.`,
    path: ["name"],
  };
}
