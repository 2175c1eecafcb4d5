import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient, KubernetesObject } from "../../../clients/kubernetes/client";
import { mapAll } from "../../concurrency";
import type { Logger } from "../../framework/definition";
import { listNamed } from "./shared-lists";

/** What was read in namespaces, one after the other. */
export interface ReadOneByOne<T> {
  readonly found: readonly T[];
  /** Namespaces where nothing of the kind may be read, with the API server's words. */
  readonly refused: Map<string, ClientError>;
  /** How many requests it took. */
  readonly requests: number;
}

/**
 * Reads the object of one name in each of many namespaces: by a LIST there, else by a GET. What was allowed in one namespace is tried
 * first in the next, so that each but the first
 * takes one request, where all allow the same.
 */
export async function readOneByOne<T extends KubernetesObject>(
  client: KubernetesClient,
  resource: "secrets" | "serviceaccounts",
  name: string,
  namespaces: readonly string[],
  { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<ReadOneByOne<T>> {
  const list = async (namespace: string) => (await listNamed<T>(client, resource, name, signal, namespace))[0];
  const get = (namespace: string) => client.get<T>({ apiVersion: "v1", resource, namespace, name }, signal);
  let isListAllowed = true;
  let requests = 0;
  const refused = new Map<string, ClientError>();
  const read = async (namespace: string): Promise<T | undefined> => {
    for (const isList of isListAllowed ? [true, false] : [false, true]) {
      requests++;
      try {
        const object = await (isList ? list : get)(namespace);
        isListAllowed = isList;
        refused.delete(namespace);
        return object;
      } catch (error) {
        if (!ClientError.is(error, "forbidden")) throw error;
        // Whichever came last: what is told is that of the GET, the least that would do.
        if (!isList || !refused.has(namespace)) refused.set(namespace, error);
      }
    }
    return undefined;
  };
  // The first by itself: those that are read at the same time then know what is allowed.
  const [first, ...others] = namespaces;
  const progress = { log, what: `reading ${resource} ${JSON.stringify(name)}`, unit: "namespaces" };
  const found = first === undefined ? [] : [await read(first), ...(await mapAll(others, read, { progress }))];
  return { found: found.filter((object) => object !== undefined), refused, requests };
}
