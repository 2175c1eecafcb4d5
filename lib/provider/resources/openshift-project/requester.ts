import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { callerName, identify } from "../../../clients/kubernetes/reviews";
import { type Project, REQUESTER_ANNOTATION } from "../../../clients/openshift/projects";
import { DiagnosticError } from "../../framework/diagnostic";
import { describeProject } from "./model";

/**
 * Whether it was the caller who requested a project. Its description is no proof: whoever administers a project writes it, and our mark is no
 * secret. Who requested it stands in an annotation that no administrator of it can change. Undefined where it can't be told.
 */
export async function isOwnRequest(
  client: KubernetesClient,
  { metadata }: Project,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const requester = metadata.annotations?.[REQUESTER_ANNOTATION] ?? "";
  if (requester === "") return false;
  const caller = await identify(client, signal);
  return caller === undefined ? undefined : caller === requester;
}

/** Why a project with this owner's mark is not taken up. */
export async function notOwnRequest(client: KubernetesClient, project: Project, signal: AbortSignal): Promise<DiagnosticError> {
  return DiagnosticError.at(
    ["name"],
    "Project is there already",
    `${describeProject(project.metadata.name)} is there already. ${await describeRequest(client, project, signal)} Nothing was changed. ` +
      "Choose another name; apply as who requested it; delete it, where it is what a killed run left; or set adopt_existing = true to use it as it is: it is then never deleted by this resource.",
  );
}

/** Who requested a project that carries this owner's mark, and who asks, in sentences. */
export async function describeRequest(client: KubernetesClient, { metadata }: Project, signal: AbortSignal): Promise<string> {
  const requester = metadata.annotations?.[REQUESTER_ANNOTATION] ?? "";
  const caller = await callerName(client, signal);
  const by = requester === "" ? "by nobody that the cluster names" : `by ${JSON.stringify(requester)}`;
  const mark = `Its description carries this owner's mark, which anybody may write, but it was requested ${by}`;
  return caller === undefined
    ? `${mark}, and the API server does not say who asks now (SelfSubjectReview of authentication.k8s.io/v1, which OpenShift has since 4.15): whose it is can't be told.`
    : `${mark}, and not by this identity (${JSON.stringify(caller)}).`;
}
