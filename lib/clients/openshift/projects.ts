import type { KubernetesClient, KubernetesObject, Location } from "../kubernetes/client";
import { getTwice } from "../kubernetes/get-twice";
import { askOpenShift } from "./api-group";

const API = "project.openshift.io/v1";

/** What a project's texts are kept in. */
export const DISPLAY_NAME_ANNOTATION = "openshift.io/display-name";
/** The description that the project was requested with. */
export const DESCRIPTION_ANNOTATION = "openshift.io/description";
/** Who requested the project, which its administrators can't change. */
export const REQUESTER_ANNOTATION = "openshift.io/requester";

/** A Project: a namespace, as those see it who may use it. */
export interface Project extends KubernetesObject {
  readonly status?: { readonly phase?: string };
}

/** One Project. */
function projectAt(name: string): Location {
  return { apiVersion: API, resource: "projects", name };
}

/** What to ask for. Of a ProjectRequest nothing else is kept: neither labels nor annotations. */
export interface ProjectRequest {
  readonly name: string;
  readonly displayName: string | null;
  readonly description: string;
}

/**
 * Asks for a project, as `oc new-project` does: the cluster makes it from its template, and the caller its administrator. The answer is
 * the project. `conflict` where one of this name is there, which this very request may have made: an earlier answer may have been lost.
 */
export async function requestProject(
  client: KubernetesClient,
  { name, displayName, description }: ProjectRequest,
  signal: AbortSignal,
): Promise<Project> {
  const request = {
    apiVersion: API,
    kind: "ProjectRequest",
    metadata: { name },
    description,
    ...(displayName === null ? {} : { displayName }),
  };
  return askOpenShift(client, API, () =>
    client.create<Project>({ apiVersion: API, resource: "projectrequests" }, request, {}, signal),
  );
}

/** A project; undefined where there is none. Who may not see all projects is answered 403 for one that is not there, too. */
export function getProject(client: KubernetesClient, name: string, signal: AbortSignal): Promise<Project | undefined> {
  return askOpenShift(client, API, () => getTwice<Project>(client, projectAt(name), signal));
}

/** Deletes this very project with all that is in it. False where it was gone; `conflict` where another one has its name now. */
export function deleteProject(client: KubernetesClient, name: string, uid: string, signal: AbortSignal): Promise<boolean> {
  return askOpenShift(client, API, () => client.delete(projectAt(name), { uid }, signal));
}

/** Writes annotations of a project; those of its texts are the ones that its administrator may write. `conflict` where it was changed since it was read. */
export function patchProject(
  client: KubernetesClient,
  { metadata: { name, resourceVersion } }: Project,
  annotations: { readonly [annotation: string]: string | null },
  signal: AbortSignal,
): Promise<Project> {
  const patch = { metadata: { annotations, ...(resourceVersion === undefined ? {} : { resourceVersion }) } };
  return askOpenShift(client, API, () => client.patch<Project>(projectAt(name), patch, signal));
}
