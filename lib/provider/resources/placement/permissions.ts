import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient } from "../../../clients/kubernetes/client";
import { callerName } from "../../../clients/kubernetes/reviews";
import {
  PERMISSIONS,
  PLAN_ONLY,
  ROLE_NAMES,
  type Verb,
  WAITING_PODS_PERMISSIONS,
  WRITE_VERBS,
} from "../../../domain/permissions";
import type { ConfiguredProvider } from "../../configured/provider";
import { endingAfter, isAbort } from "../../deadline";
import type { Logger, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { openCluster, type Whereabouts, WrongCluster } from "./cluster";
import { describeNeeds } from "./describe-needs";
import { goingAtPlan, goingNamespaces, missingAtPlan, missingNamespaces } from "./namespaces";
import { findObstacles, type Need, type Work } from "./obstacles";
import { readByName } from "./read-by-name";
import { listed } from "./report";

/** A plan is not held up for longer by what is only a warning. */
export const PLAN_PATIENCE_MILLISECONDS = 15_000;

interface Context {
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** The error in a plan that is to fail where something is missing, and can't tell. */
function notLookedAt(what: string, blind: readonly string[]): Diagnostic {
  return {
    severity: "error",
    summary: "Access could not be checked",
    detail:
      `${what}: on_missing_access is "error" in the provider "registry", and this could not be looked at: ${listed(blind)}. ` +
      `See to it that the cluster answers, and that the identity that plans may ask: the role ${ROLE_NAMES.plan} has the verb get on namespaces, and every authenticated user may review its own permissions, ` +
      'unless that was taken away (system:basic-user). Or set on_missing_access = "warn": a plan then says what it sees, and the apply stops before the first write.',
    path: ["namespaces"],
  };
}

/** The needs of some verbs on objects of one name, in many namespaces. */
export function needsOf(
  resource: Need["resource"],
  name: string,
  verbs: readonly Verb[],
  namespaces: readonly string[],
): readonly Need[] {
  return verbs.flatMap((verb) => namespaces.map((namespace) => ({ verb, resource, namespace, name })));
}

/**
 * At plan: warns of what would stop the apply. No error unless it is asked for (`on_missing_access`), since the stack may make what is
 * missing, and since who plans is not always who applies: an identity that has the plan role, and may write nothing, is not reminded
 * of that. `what` starts a sentence about the resource.
 * @throws WrongCluster
 */
export async function warnOfObstacles(
  what: string,
  work: Work,
  where: (Whereabouts & { readonly isDestroy?: boolean }) | null,
  { provider, signal: caller, log, report: say }: TypeContext<ConfiguredProvider>,
): Promise<void> {
  const report = (diagnostic: Diagnostic) =>
    say(provider.onMissingAccess === "error" ? { ...diagnostic, severity: "error" } : diagnostic);
  const sayBlind = (blind: readonly string[]) => {
    if (provider.onMissingAccess === "error" && blind.length > 0) say(notLookedAt(what, blind));
  };
  if (provider.cluster.unknown !== undefined || work.needs.length === 0) return;
  const look = async (signal: AbortSignal) => {
    // A cluster that is not the state's is asked for nothing but which one it is.
    const { client, leftBehind } = await openCluster(provider, where, what, signal);
    // One that is left behind is not touched by a destroy.
    if (leftBehind !== undefined && where?.isDestroy === true) return;
    const all = { ...work, needs: [...work.needs, ...(work.ifThere ?? [])] };
    const { missing, going, denied: unmet, blind } = await findObstacles(client, all, { signal, log });
    sayBlind(blind);
    const isSkipping = work.isSkipping === true;
    if (missing.length > 0) report(missingAtPlan(missing, client.server, isSkipping));
    if (going.length > 0) report(goingAtPlan(going, client.server, isSkipping));
    const denied = await withoutOthersWrites(client, unmet, { signal, log });
    const told = await whatMatters(client, denied, work.ifThere ?? [], { signal, log });
    if (told.length === 0) return;
    report({
      severity: "warning",
      summary: "Permissions missing",
      detail:
        `${await describeDenied(client, told, signal)} ${isSkipping ? SKIPS : STOPS} ${GRANT} ` +
        `Where somebody else applies: give the identity that plans the role ${ROLE_NAMES.plan}, and its plans don't ask for this.`,
      path: ["namespaces"],
    });
  };
  try {
    await endingAfter(PLAN_PATIENCE_MILLISECONDS, look, caller);
  } catch (error) {
    // A destroy's plan has no private data, which names the first cluster's address: the destroy itself says it.
    if (error instanceof WrongCluster && where?.isDestroy !== true) throw error;
    if (!isAbort(error) && !ClientError.is(error) && !(error instanceof DiagnosticError)) throw error;
    const reason = isAbort(error) ? `no answer within ${PLAN_PATIENCE_MILLISECONDS / 1000} s` : (error as Error).message;
    if (!(error instanceof WrongCluster) && !caller.aborted) sayBlind([`the cluster (${reason})`]);
    log.debug("a plan without a look at permissions and namespaces", { reason: (error as Error).message });
  }
}

/**
 * At apply, before the first write.
 * @param consequence - what was not done, as a sentence
 * @param skip - told what is in the way in some namespaces, which are then to be left out. @default - that is an error
 * @throws DiagnosticError that names every namespace that is not there, and everything that is not allowed
 */
export async function refuseObstacles(
  client: KubernetesClient,
  work: Work,
  consequence: string,
  context: Context,
  skip?: (namespaces: readonly string[], diagnostic: Diagnostic) => void,
): Promise<void> {
  const { missing, going, denied } = await findObstacles(client, work, context);
  const diagnostics: Diagnostic[] = [];
  const refuse = (namespaces: readonly string[], diagnose: (consequence: string) => Diagnostic) => {
    if (skip === undefined) diagnostics.push(diagnose(consequence));
    else skip(namespaces, diagnose(namespaces.length === 1 ? "It is left out." : "They are left out."));
  };
  if (missing.length > 0) refuse(missing, (then) => missingNamespaces(missing, client.server, then));
  if (going.length > 0) refuse(going, (then) => goingNamespaces(going, client.server, then));
  if (denied.length > 0) {
    const who = await describeDenied(client, denied, context.signal);
    const namespaces = [...new Set(denied.map(({ namespace }) => namespace))];
    refuse(namespaces, (then) => ({
      severity: "error",
      summary: "Not allowed",
      detail: `${who} ${then} ${GRANT}`,
      path: ["namespaces"],
    }));
  }
  if (diagnostics.length > 0) throw new DiagnosticError(diagnostics);
}

const STOPS = "An apply by this identity would stop at this resource, before it writes anything of it.";
const SKIPS = 'An apply by this identity would leave these namespaces out, since on_refused is "skip".';
const GRANT = `The role ${ROLE_NAMES.apply} has all of it (docs/permissions.md; the construct AccessRoles): bind it for all namespaces, or in each of them.`;

/** Who may not do what, as a sentence. */
export async function describeDenied(client: KubernetesClient, denied: readonly Need[], signal: AbortSignal): Promise<string> {
  const user = await callerName(client, signal);
  const who = user === undefined ? "The caller" : `User ${JSON.stringify(user)}`;
  return `${who} may not do this in the cluster at ${client.server}: ${describeNeeds(denied)}.`;
}

/** Without the needs on objects that would have to be there already, and are not, as far as the caller may see. */
async function whatMatters(
  client: KubernetesClient,
  denied: readonly Need[],
  ifThere: readonly Need[],
  context: Context,
): Promise<readonly Need[]> {
  const optional = new Set(ifThere);
  const open = denied.filter((need) => optional.has(need));
  const hidden = new Set(denied.filter(({ verb }) => verb === "get").map(({ namespace }) => namespace));
  const visible = open.filter(({ namespace }) => !hidden.has(namespace));
  const [first] = visible;
  const namespaces = visible.map(({ namespace }) => namespace);
  if (first?.resource === "pods") return denied;
  const found = first && (await readByName(client, first.resource, first.name, namespaces, context));
  const isThere = ({ namespace }: Need) => !hidden.has(namespace) && found?.has(namespace) === true;
  return denied.filter((need) => !optional.has(need) || isThere(need));
}

/** Without the writes, for an identity that only plans: they are somebody else's. */
export async function withoutOthersWrites(
  client: KubernetesClient,
  unmet: readonly Need[],
  context: Context,
): Promise<readonly Need[]> {
  const first = unmet.find(({ verb }) => WRITE_VERBS.has(verb));
  const isPlanOnly = first !== undefined && (await onlyPlans(client, first, context));
  return isPlanOnly ? unmet.filter(({ verb }) => !WRITE_VERBS.has(verb)) : unmet;
}

/** True for an identity that has the plan role, and of all that the apply role may write with this resource, nothing. */
async function onlyPlans(client: KubernetesClient, denied: Need, context: Context): Promise<boolean> {
  const { signal } = context;
  const mark = { apiVersion: `${PLAN_ONLY.apiGroup}/v1`, resource: PLAN_ONLY.resource };
  const isMarked =
    (await client.can(PLAN_ONLY.verb, mark, signal)) ||
    (await client.can(PLAN_ONLY.verb, { ...mark, namespace: denied.namespace }, signal));
  if (!isMarked) return false;
  const all: readonly { readonly resource: string; readonly verb: Verb }[] = [...PERMISSIONS, ...WAITING_PODS_PERMISSIONS];
  const writes = all.filter(({ resource, verb }) => resource === denied.resource && WRITE_VERBS.has(verb));
  const needs = needsOf(
    denied.resource,
    denied.name,
    writes.map(({ verb }) => verb),
    [denied.namespace],
  );
  const { denied: none } = await findObstacles(client, { unseen: [], needs }, context);
  return none.length === needs.length;
}
