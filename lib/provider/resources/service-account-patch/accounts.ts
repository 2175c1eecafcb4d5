import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient, KubernetesObject, ServiceAccountObject } from "../../../clients/kubernetes/client";
import { namespaceAt } from "../../../clients/kubernetes/namespaces";
import { serviceAccountAt } from "../../../clients/kubernetes/service-accounts";
import { sleep } from "../../../clients/sleep";
import { during } from "../../client-diagnostics";
import type { Diagnostic } from "../../framework/diagnostic";
import { GONE, type Unseen } from "../placement/hidden";
import { type Reading, readByName } from "../placement/read-by-name";
import { NotThere } from "../placement/refused";
import { forgetLists } from "../placement/shared-lists";
import { describeTarget, keyOf, type Target } from "./model";

/** Made in every namespace by Kubernetes itself, a moment after the namespace. */
const MADE_BY_KUBERNETES = "default";
const POLL_MILLISECONDS = 250;

/** More distinct names than these are looked for among all ServiceAccounts: a list for each would be as many requests as a glob finds names. */
const MOST_LISTS = 4;

/** ServiceAccounts by key. */
export interface Accounts extends ReadonlyMap<string, ServiceAccountObject> {}

/**
 * Reads the ServiceAccounts of some targets: by one list for each distinct name, or of all where they are many, as far as that is allowed.
 * @param context - its `mayHide` and `onHidden` are about keys of targets
 * @param isToo - which others of these names to return as well, as far as that one request shows them
 */
export async function readAccounts(
  client: KubernetesClient,
  targets: readonly Target[],
  { mayHide, onHidden, ...context }: Reading,
  isToo: (account: ServiceAccountObject) => boolean = () => false,
): Promise<Accounts> {
  const names = new Map<string, Set<string>>();
  for (const { namespace, account } of targets) {
    const namespaces = names.get(account) ?? new Set();
    names.set(account, namespaces.add(namespace));
  }
  const found = new Map<string, ServiceAccountObject>();
  const all = names.size > MOST_LISTS ? await listAll(client, context.signal) : undefined;
  if (all !== undefined) {
    if (context.isRefresh !== true) forgetLists(client);
    for (const account of all) {
      const { namespace = "", name } = account.metadata;
      if (names.get(name)?.has(namespace) || (names.has(name) && isToo(account)))
        found.set(keyOf({ namespace, account: name }), account);
    }
    return found;
  }
  for (const [name, namespaces] of names) {
    const toKey = (namespace: string) => keyOf({ namespace, account: name });
    const byNamespace = await readByName<ServiceAccountObject>(client, "serviceaccounts", name, [...namespaces], {
      ...context,
      ...(mayHide && { mayHide: (namespace) => mayHide(toKey(namespace)) }),
      ...(onHidden && { onHidden: (hidden) => onHidden(hidden.map(toKey)) }),
    });
    for (const [namespace, account] of byNamespace) {
      if (namespaces.has(namespace) || isToo(account)) found.set(keyOf({ namespace, account: name }), account);
    }
  }
  return found;
}

/** Reads what a list did not show, since it may not be read: that fails, unless it may be by now. Undefined for all others. */
export async function readUnseen(
  client: KubernetesClient,
  target: Target,
  unseen: Unseen,
  signal: AbortSignal,
): Promise<ServiceAccountObject | undefined> {
  if (unseen.statusOf(keyOf(target)) === undefined) return undefined;
  const doing = {
    what: `The ${describeTarget(target)} may not be looked at, so that no entry of it was taken away`,
    path: ["namespaces"],
    permission: GONE,
  };
  return during(doing, () => client.get<ServiceAccountObject>(serviceAccountAt(target.namespace, target.account), signal));
}

/** Undefined where they may not all be listed. */
async function listAll(client: KubernetesClient, signal: AbortSignal): Promise<readonly ServiceAccountObject[] | undefined> {
  try {
    return await client.list<ServiceAccountObject>({ apiVersion: "v1", resource: "serviceaccounts" }, {}, signal);
  } catch (error) {
    // What else went wrong, the lists by name say in their own words.
    if (ClientError.is(error, "aborted")) throw error;
    return undefined;
  }
}

/** What of a target is not there; nothing new is made in a namespace that is being deleted. */
export type Missing = "account" | "namespace" | "namespace_going";

/** How waiting for a ServiceAccount ended. */
export type Awaited = { readonly account: ServiceAccountObject } | { readonly missing: Missing };

/**
 * Waits for a `default` ServiceAccount that is not there yet, until the signal ends it; another ServiceAccount is not waited for,
 * since nobody makes it by itself.
 */
export async function awaitAccount(client: KubernetesClient, target: Target, signal: AbortSignal): Promise<Awaited> {
  const at = serviceAccountAt(target.namespace, target.account);
  for (;;) {
    const account = await client.get<ServiceAccountObject>(at, signal);
    if (account !== undefined) return { account };
    const missing = await missingNamespace(client, target.namespace, signal);
    if (missing !== undefined) return { missing };
    if (target.account !== MADE_BY_KUBERNETES) return { missing: "account" };
    await sleep(POLL_MILLISECONDS, signal);
  }
}

/** What is wrong with a namespace; undefined where nothing is, or where the caller may not see that. */
async function missingNamespace(
  client: KubernetesClient,
  name: string,
  signal: AbortSignal,
): Promise<"namespace" | "namespace_going" | undefined> {
  try {
    const namespace = await client.get<KubernetesObject>(namespaceAt(name), signal);
    if (namespace === undefined) return "namespace";
    return namespace.metadata.deletionTimestamp === undefined ? undefined : "namespace_going";
  } catch (error) {
    if (ClientError.is(error, "forbidden")) return undefined;
    throw error;
  }
}

/** In one message: the first few, and how many more. */
const SHOWN = 5;

function describeAll(targets: readonly Target[]): string {
  const more = targets.length > SHOWN ? ` and ${targets.length - SHOWN} more` : "";
  return `${targets.slice(0, SHOWN).map(describeTarget).join(", no ")}${more}`;
}

/** The error for ServiceAccounts that don't come, since their namespaces are being deleted. */
export function goingNamespaces(targets: readonly Target[], server: string, consequence: string): Diagnostic {
  return {
    severity: "error",
    summary: "Namespace is being deleted",
    detail:
      `The cluster at ${server} has no ${describeAll(targets)}, and makes none there any more, since the namespace is being deleted. ${consequence} ` +
      "Take it out of namespaces, or wait until it is gone and make it anew (kubectl get namespace shows what it still waits for).",
    path: ["namespaces"],
  };
}

/** The error for ServiceAccounts that nobody made. `consequence` says what was not done, as a sentence. */
export function missingAccounts(targets: readonly Target[], server: string, consequence: string): Diagnostic {
  const [first] = targets;
  const summary = targets.length === 1 ? "ServiceAccount does not exist" : "ServiceAccounts do not exist";
  return {
    severity: "error",
    summary,
    detail:
      `The cluster at ${server} has no ${describeAll(targets)}. ${consequence} ` +
      `Only "default" is made by Kubernetes itself: make the others first, in the same stack with depends_on, or by hand (kubectl create serviceaccount --namespace ${first?.namespace} ${first?.account}).`,
    path: ["service_accounts"],
  };
}

/** Thrown for a target that is not there. */
export class MissingTarget extends NotThere {
  override readonly name = "MissingTarget";
  constructor(
    readonly target: Target,
    readonly missing: Missing,
  ) {
    super(`${describeTarget(target)} is missing`);
  }
}
