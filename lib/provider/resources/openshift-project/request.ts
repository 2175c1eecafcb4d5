import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { getProject, type Project, REQUESTER_ANNOTATION, requestProject } from "../../../clients/openshift/projects";
import { sleep } from "../../../clients/sleep";
import { describeOwner, OWNER_ANNOTATION, type Ownership } from "../../../domain/ownership";
import { formatProjectDescription } from "../../../domain/project-mark";
import { during } from "../../client-diagnostics";
import { backoff } from "../../deadline";
import { DiagnosticError } from "../../framework/diagnostic";
import { traced, type WriteTrace } from "../placement/write-trace";
import { describeProject, doing, isGoing, ownershipOf, type ProjectState } from "./model";
import { isOwnRequest, notOwnRequest } from "./requester";

/** Between two looks, in milliseconds. */
const PAUSE_MILLISECONDS = 500;
/** How long a 403 after the request is taken for rights that the API server does not know of yet, in milliseconds. */
const RIGHTS_MILLISECONDS = 5_000;

/** How a project came to be this resource's. */
export interface Obtained {
  readonly project: Project;
  /** `made` by this create, `taken_up` from the same owner, or `adopted` from somebody else. */
  readonly how: "made" | "taken_up" | "adopted";
}

/** What may have been made, for a rollback. */
export interface RequestTrace extends WriteTrace {
  /** As the request was answered; undefined where it was not. */
  uid?: string | undefined;
}

/** Whose project is asked for, and where. */
export interface Asking {
  readonly client: KubernetesClient;
  readonly plan: ProjectState;
  readonly ownership: Ownership;
  readonly trace: RequestTrace;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/**
 * Requests a project, and waits until it is there. One that is being deleted is waited for, and requested then.
 * @throws DiagnosticError where somebody else has one of this name, unless it may be adopted
 */
export async function obtainProject(asking: Asking): Promise<Obtained> {
  const { plan, ownership, trace, signal } = asking;
  for (let answer: Answer | undefined; ; ) {
    if (answer !== "made") answer = await request(asking);
    const project = await look(asking, answer);
    if (project !== undefined && !isGoing(project)) {
      const mark = ownershipOf(project);
      const isMade = answer === "made" && (trace.uid === undefined || trace.uid === project.metadata.uid);
      // A request whose answer was lost is met again: what it made carries our instance.
      if (isMade || mark?.instance === ownership.instance) {
        if (project.status?.phase === undefined || project.status.phase === "Active") return { project, how: "made" };
      } else if (mark?.owner === ownership.owner && (await isOwnRequest(asking.client, project, signal)) === true) {
        return { project, how: "taken_up" };
      } else if (plan.adopt_existing === true) return { project, how: "adopted" };
      else if (mark?.owner === ownership.owner) throw await notOwnRequest(asking.client, project, signal);
      else throw foreign(plan.name, project);
    }
    await sleep(PAUSE_MILLISECONDS, signal);
  }
}

/** `made`; `there`, where one of this name was; `unclear`, where an earlier attempt may have made that one, its answer lost. */
type Answer = "made" | "there" | "unclear";

async function request({ client, plan, ownership, trace, signal }: Asking): Promise<Answer> {
  const { name, display_name: displayName } = plan;
  const description = formatProjectDescription(plan.description, ownership);
  try {
    const { metadata } = await traced(trace, () => requestProject(client, { name, displayName, description }, signal));
    trace.uid = metadata.uid;
    return "made";
  } catch (error) {
    if (!ClientError.is(error, "conflict")) throw error;
    return error.options.repeated === true ? "unclear" : "there";
  }
}

/**
 * The rights of who requested a project come with it, and a moment later: so long, a 403 says nothing. Where the request was refused, since
 * there is one of this name, it is somebody else's, or one that goes: with it go the rights to see it.
 */
async function look({ client, plan: { name }, random, signal }: Asking, answer: Answer): Promise<Project | undefined> {
  const end = performance.now() + (answer === "there" ? 0 : RIGHTS_MILLISECONDS);
  for (let attempt = 0; ; attempt++) {
    try {
      return await getProject(client, name, signal);
    } catch (error) {
      if (!ClientError.is(error, "forbidden")) throw error;
      const pause = backoff(attempt, random);
      if (performance.now() + pause < end) await sleep(pause, signal);
      else if (answer === "made") {
        return await during(doing(name, "was requested and made, but could not be read"), () => Promise.reject(error));
      } else throw unseen(name, error);
    }
  }
}

function unseen(name: string, { message }: ClientError): DiagnosticError {
  return DiagnosticError.at(
    ["name"],
    "Project is there already",
    `${describeProject(name)} is there already, and this identity may not see it (${message}). Nothing was changed. Either it is being deleted still, such as by a destroy a moment ago: then apply again in a while. Or it is somebody else's: choose another name, or have its administrator grant get on it.`,
  );
}

function foreign(name: string, project: Project): DiagnosticError {
  const mark = ownershipOf(project);
  const requester = project.metadata.annotations?.[REQUESTER_ANNOTATION];
  const marked = mark === undefined ? project.metadata : { annotations: { [OWNER_ANNOTATION]: mark.owner } };
  const by = mark === undefined && requester !== undefined ? ` (requested by ${JSON.stringify(requester)})` : "";
  return DiagnosticError.at(
    ["name"],
    "Project is there already",
    `${describeProject(name)} is there already, and it ${describeOwner(marked)}${by}. Nothing was changed. ` +
      "Choose another name; or set adopt_existing = true to use it as it is: it is then never deleted by this resource.",
  );
}
