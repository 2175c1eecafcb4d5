import { DESCRIPTION_ANNOTATION, DISPLAY_NAME_ANNOTATION, type Project } from "../../../clients/openshift/projects";
import type { Ownership } from "../../../domain/ownership";
import { formatProjectDescription, parseProjectMark, projectDescriptionBefore } from "../../../domain/project-mark";
import type { State } from "../../../schema/model";
import type { openshiftProject } from "../../../schema/openshift-project";
import type { Doing } from "../../client-diagnostics";
import type { ObjectValue } from "../../framework/value";

/** The state of `registry_openshift_project`. */
export type ProjectState = State<typeof openshiftProject>;

/** A value that is wholly known, as a state. */
export function asState(value: ObjectValue): ProjectState {
  return value as unknown as ProjectState;
}

/** The start of a sentence about one. */
export function describeProject(name: string): string {
  return `The project ${JSON.stringify(name)}`;
}

/** Being deleted: nothing new can be made in it. */
export function isGoing({ metadata, status }: Project): boolean {
  return metadata.deletionTimestamp !== undefined || status?.phase === "Terminating";
}

/** Whose a project is, by its description. */
export function ownershipOf({ metadata }: Project): Ownership | undefined {
  return parseProjectMark(metadata.annotations?.[DESCRIPTION_ANNOTATION] ?? "");
}

/** Its texts, without our mark. */
export function textsOf({ metadata: { annotations } }: Project): Pick<ProjectState, "display_name" | "description"> {
  const displayName = annotations?.[DISPLAY_NAME_ANNOTATION] ?? "";
  return {
    display_name: displayName === "" ? null : displayName,
    description: projectDescriptionBefore(annotations?.[DESCRIPTION_ANNOTATION] ?? ""),
  };
}

/** The annotations that hold texts and mark. */
export function annotationsOf(
  { display_name: displayName, description }: Pick<ProjectState, "display_name" | "description">,
  ownership: Ownership,
): { readonly [annotation: string]: string | null } {
  return {
    [DISPLAY_NAME_ANNOTATION]: displayName,
    [DESCRIPTION_ANNOTATION]: formatProjectDescription(description, ownership),
  };
}

/** What is being done, for messages. */
export function doing(name: string, how: string): Doing {
  return { what: `${describeProject(name)} ${how}`, path: ["name"], permission: PERMISSION };
}

const PERMISSION =
  'It takes create on projectrequests of project.openshift.io, which OpenShift gives everybody (self-provisioners) unless its administrators took it away, and get, patch and delete on projects of the same group, which the administrator of a project has in it. Who may not see all projects is also answered so for one that is not there any more: look with oc get project, and take one that is gone out of the state (terraform state rm) or grant get on it (docs/permissions.md, "OpenShift").';
