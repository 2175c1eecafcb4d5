/** What would keep a write from being done, looked for before the first one: namespaces that are not there or going, permissions that are missing. */
import { ClientError } from "../../../clients/client-error";
import type { Collection, KubernetesClient } from "../../../clients/kubernetes/client";
import type { GrantedResource, Verb } from "../../../domain/permissions";
import { type Settled, settleAll } from "../../concurrency";
import { isAbort } from "../../deadline";
import type { Logger } from "../../framework/definition";
import { lookForNamespaces } from "./namespaces";
import { allowedByRules } from "./rules";

/** One request that is to be made. */
export interface Need {
  readonly verb: Verb;
  readonly resource: Exclude<GrantedResource, "namespaces"> | "pods";
  readonly namespace: string;
  /** Of Pods it is "": any of them. */
  readonly name: string;
}

/** What is to be done. */
export interface Work {
  /** Namespaces that nobody has seen yet: those of the other needs are there. */
  readonly unseen: readonly string[];
  readonly needs: readonly Need[];
  /** Needs on objects of one name that may be there already, which only the cluster can tell: a plan looks, an apply reads them anyway. @default - none */
  readonly ifThere?: readonly Need[];
  /** Whether a namespace in which something is not allowed is left out (`on_refused = "skip"`). @default - it stops all of it */
  readonly isSkipping?: boolean;
}

/** What stands in its way. */
export interface Obstacles {
  readonly missing: readonly string[];
  /** Being deleted. */
  readonly going: readonly string[];
  /** In namespaces that are there, as far as that may be seen. */
  readonly denied: readonly Need[];
  /** What could not be looked at, and why, for a message. */
  readonly blind: readonly string[];
}

/** What one run has found to be so; what is not so is asked again, since it may change while the stack is applied. */
const granted = new WeakMap<KubernetesClient, Set<string>>();

/**
 * Looks for obstacles: what is not allowed everywhere is asked for namespace by namespace, the rules there first. What can't be asked is no obstacle: then the write itself will tell.
 * @throws only what the signal ends
 */
export async function findObstacles(
  client: KubernetesClient,
  { unseen, needs }: Work,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<Obstacles> {
  const known = granted.get(client) ?? new Set<string>();
  granted.set(client, known);
  const progress = { log, what: "asking for permissions", unit: "questions" };
  const ask = async (questions: readonly Need[], place: (need: Need) => string | undefined) => {
    const question = (need: Need) => client.can(need.verb, requestOf(need, place(need)), signal);
    const outcomes = await settleAll(questions, question, { progress, stopOnFailure: true });
    return questions.filter((_, index) => isYes(outcomes[index]));
  };
  const isKnown = (need: Need) => [need, anywhere(need), anything(need)].some((wider) => known.has(keyOf(wider)));
  const open = needs.filter((need) => !isKnown(need));
  try {
    for (const need of await ask(withManyNames(open), () => undefined)) known.add(keyOf(anything(need)));
    const kinds = [...new Map(open.filter((need) => !isKnown(need)).map((need) => [keyOf(anywhere(need)), need])).values()];
    for (const need of await ask(kinds, () => undefined)) known.add(keyOf(anywhere(need)));
    const { missing, going, blind } = await look(client, unseen, known, { signal, log });
    const out = new Set([...missing, ...going]);
    const single = open.filter((need) => !isKnown(need) && !out.has(need.namespace));
    const allowed = await allowedByRules(client, single, { signal, log });
    for (const need of allowed) known.add(keyOf(need));
    const rest = single.filter((need) => !allowed.has(need));
    for (const need of await ask(rest, ({ namespace }) => namespace)) known.add(keyOf(need));
    return { missing, going, blind, denied: single.filter((need) => !isKnown(need)) };
  } catch (error) {
    if (isAbort(error) || !ClientError.is(error)) throw error;
    log.debug("permissions can't be reviewed: the write itself will tell", { reason: error.code });
    // Who may not ask for permissions may still see namespaces; where nobody answers, nothing is asked again.
    const isAnswered = ClientError.is(error, "forbidden", "not_found");
    const seen = isAnswered ? await look(client, unseen, known, { signal, log }) : { missing: [], going: [], blind: [] };
    return { ...seen, blind: [`permissions (SelfSubjectAccessReview: ${error.message})`, ...seen.blind], denied: [] };
  }
}

/** @throws what kept a question from being answered */
function isYes(outcome: Settled<boolean> | undefined): boolean {
  if (outcome?.outcome === "failed") throw outcome.error;
  return outcome?.outcome === "done" && outcome.result;
}

/** What is wrong with namespaces that nobody has seen yet. */
async function look(
  client: KubernetesClient,
  namespaces: readonly string[],
  known: Set<string>,
  context: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<Omit<Obstacles, "denied">> {
  const asked = namespaces.filter((namespace) => !known.has(namespace));
  const { found, missing, going, hidden } = await lookForNamespaces(client, asked, context);
  for (const namespace of found) known.add(namespace);
  const blind = hidden.map(
    ({ namespace, error }) =>
      `namespace ${JSON.stringify(namespace)} (${error instanceof Error ? error.message : String(error)})`,
  );
  return { missing, going, blind };
}

function anywhere(need: Need): Need {
  return { ...need, namespace: "*" };
}

function anything(need: Need): Need {
  return { ...anywhere(need), name: "" };
}

/** More distinct names than these are asked for at once, as any name: each would be a question of its own. */
const MOST_NAMES = 4;

/** Of what is to be done to objects of many names, one need for each kind of request, without a name. */
function withManyNames(needs: readonly Need[]): readonly Need[] {
  const names = new Map<string, { readonly need: Need; readonly names: Set<string> }>();
  for (const need of needs) {
    const kind = keyOf(anything(need));
    const group = names.get(kind) ?? { need: { ...need, name: "" }, names: new Set() };
    names.set(kind, group);
    group.names.add(need.name);
  }
  return [...names.values()].filter((group) => group.names.size > MOST_NAMES).map(({ need }) => need);
}

function keyOf({ verb, resource, namespace, name }: Need): string {
  return [verb, resource, namespace, name].join(" ");
}

/** What an access review asks for; an object that is to be made has no name yet, so RBAC can't allow it by one. */
function requestOf({ verb, resource, name }: Need, namespace: string | undefined): Collection & { readonly name?: string } {
  return {
    apiVersion: "v1",
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(verb === "create" || name === "" ? {} : { name }),
  };
}
