import { AsyncResource } from "node:async_hooks";
import type { Collection, KubernetesClient, KubernetesObject } from "../../../clients/kubernetes/client";
import { createShared, type Shared } from "../../../clients/shared-promise";

/** How long a list is shared, in milliseconds: as long as the resources of one refresh ask for it, and no longer than it is true and worth its memory. */
const SHARED_MILLISECONDS = 30_000;

/** Of no call: made when this file is loaded. */
const outside = new AsyncResource("shared lists");

type Lists = Map<string, Shared<readonly KubernetesObject[]>>;

/** By client, of which a run has one. */
const shared = new WeakMap<KubernetesClient, Lists>();

/**
 * The objects of one name in all namespaces, by one LIST for all resources that are refreshed at the same time. Throws ClientError.
 */
export function listShared<T extends KubernetesObject>(
  client: KubernetesClient,
  resource: Collection["resource"],
  name: string,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const lists: Lists = shared.get(client) ?? new Map();
  shared.set(client, lists);
  const key = `${resource} ${name}`;
  const known = lists.get(key);
  // What stands under a resource's name is of its type.
  if (known !== undefined) return known.get(signal) as Promise<readonly T[]>;
  const list = createShared<readonly KubernetesObject[]>(async (own) => {
    const found = await listNamed(client, resource, name, own);
    forgetLater(list);
    return found;
  });
  lists.set(key, list);
  return list.get(signal) as Promise<readonly T[]>;
}

/** The timer holds neither the list, which may be gone before its time, nor the call that it was made in, as all that begins in a call does. */
function forgetLater(list: Shared<unknown>): void {
  const held = new WeakRef(list);
  outside.runInAsyncScope(() => setTimeout(() => held.deref()?.forget(), SHARED_MILLISECONDS).unref());
}

/** For an operation that writes, or is about to: who asks from now on gets no list from before. */
export function forgetLists(client: KubernetesClient): void {
  shared.delete(client);
}

/** The same for one caller alone, as it is now. */
export function listNamed<T extends KubernetesObject>(
  client: KubernetesClient,
  resource: Collection["resource"],
  name: string,
  signal: AbortSignal,
  namespace?: string,
): Promise<readonly T[]> {
  const of: Collection = { apiVersion: "v1", resource, ...(namespace === undefined ? {} : { namespace }) };
  return client.list<T>(of, { fieldSelector: `metadata.name=${name}` }, signal);
}
