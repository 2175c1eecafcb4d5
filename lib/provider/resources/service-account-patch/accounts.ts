import type { KubernetesClient, ServiceAccountObject } from "../../../clients/kubernetes/client";
import { serviceAccountAt } from "../../../clients/kubernetes/service-accounts";
import { pause } from "../../deadline";
import type { Logger } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import { namespaceExists } from "../placement/namespaces";
import { readByName } from "../placement/read-by-name";
import { describeTarget, keyOf, type Target } from "./model";

/** Made in every namespace by Kubernetes itself, a moment after the namespace. */
const MADE_BY_KUBERNETES = "default";
const POLL_MILLISECONDS = 250;

/** ServiceAccounts by key. */
export interface Accounts extends ReadonlyMap<string, ServiceAccountObject> {}

/** Reads the ServiceAccounts of some targets: one request for each distinct name, where that is allowed. */
export async function readAccounts(
  client: KubernetesClient,
  targets: readonly Target[],
  context: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<Accounts> {
  const names = [...new Set(targets.map(({ account }) => account))];
  const found = new Map<string, ServiceAccountObject>();
  for (const name of names) {
    const namespaces = targets.filter(({ account }) => account === name).map(({ namespace }) => namespace);
    const byNamespace = await readByName<ServiceAccountObject>(client, "serviceaccounts", name, namespaces, context);
    for (const namespace of namespaces) {
      const account = byNamespace.get(namespace);
      if (account !== undefined) found.set(keyOf({ namespace, account: name }), account);
    }
  }
  return found;
}

/** How waiting for a ServiceAccount ended. */
export type Awaited = { readonly account: ServiceAccountObject } | { readonly missing: "account" | "namespace" };

/**
 * Waits for a `default` ServiceAccount that is not there yet, until the signal ends it; another ServiceAccount is not waited for,
 * since nobody makes it by itself.
 */
export async function awaitAccount(client: KubernetesClient, target: Target, signal: AbortSignal): Promise<Awaited> {
  const at = serviceAccountAt(target.namespace, target.account);
  for (;;) {
    const account = await client.get<ServiceAccountObject>(at, signal);
    if (account !== undefined) return { account };
    if ((await namespaceExists(client, target.namespace, signal)) === false) return { missing: "namespace" };
    if (target.account !== MADE_BY_KUBERNETES) return { missing: "account" };
    await pause(POLL_MILLISECONDS, signal);
  }
}

/** The error for ServiceAccounts that nobody made. `consequence` says what was not done, as a sentence. */
export function missingAccounts(targets: readonly Target[], server: string, consequence: string): Diagnostic {
  const [first] = targets;
  const summary = targets.length === 1 ? "ServiceAccount does not exist" : "ServiceAccounts do not exist";
  return {
    severity: "error",
    summary,
    detail:
      `The cluster at ${server} has no ${targets.map(describeTarget).join(", no ")}. ${consequence} ` +
      `Only "default" is made by Kubernetes itself: make the others first, in the same stack with depends_on, or by hand (kubectl create serviceaccount --namespace ${first?.namespace} ${first?.account}).`,
    path: ["service_accounts"],
  };
}

/** Thrown for a target that is not there. */
export class MissingTarget extends Error {
  override readonly name = "MissingTarget";
  constructor(
    readonly target: Target,
    readonly missing: "account" | "namespace",
  ) {
    super(`${describeTarget(target)} is missing`);
  }
}
