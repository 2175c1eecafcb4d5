import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient, KubernetesObject } from "../../../clients/kubernetes/client";
import { verbsInWords } from "../../../domain/permissions";
import { during } from "../../client-diagnostics";
import type { Logger } from "../../framework/definition";
import { GONE } from "./hidden";
import { lookForNamespaces } from "./namespaces";
import { readOneByOne } from "./read-one-by-one";
import { listed } from "./report";
import { forgetLists, listNamed, listShared } from "./shared-lists";

/** Names of namespaces in one message. */
const SHOWN = 5;

/** Objects of one name, in all namespaces where there is one. */
export interface ByNamespace<T> extends ReadonlyMap<string, T> {}

/** How to read. */
export interface Reading {
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Shares the list with the other resources that are refreshed. @default - it is read anew, and nobody is given one from before */
  readonly isRefresh?: boolean;
  /** Where a refused read counts as nothing found. @default - nowhere: it is an error */
  readonly mayHide?: (namespace: string) => boolean;
  /** Told where it did. */
  readonly onHidden?: (namespaces: readonly string[]) => void;
}

/**
 * Reads the objects of one name: one LIST over all namespaces, which RBAC can allow by `resourceNames`, so that no other object is read.
 * Where that is not allowed, one request in each of the namespaces asked for.
 */
export async function readByName<T extends KubernetesObject>(
  client: KubernetesClient,
  resource: "secrets" | "serviceaccounts",
  name: string,
  namespaces: readonly string[],
  { signal, log, isRefresh = false, mayHide = () => false, onHidden }: Reading,
): Promise<ByNamespace<T>> {
  const doing = {
    what: `The ${resource} named ${JSON.stringify(name)} could not be read`,
    path: ["namespaces"],
    permission: `It takes the verbs ${verbsInWords("plan", resource)} on ${resource} (a ClusterRole; with resourceNames: [${JSON.stringify(name)}] it allows no more than this), or get in each namespace. ${GONE}${isRefresh ? ` Where one namespace is to keep nobody else from being served: on_refused = "skip", applied once with -refresh=false.` : ""}`,
  };
  if (!isRefresh) forgetLists(client);
  return during(doing, async () => {
    try {
      return byNamespace(await (isRefresh ? listShared : listNamed)<T>(client, resource, name, signal));
    } catch (error) {
      if (!ClientError.is(error, "forbidden")) throw error;
    }
    const { found, refused, requests } = await readOneByOne<T>(client, resource, name, namespaces, { signal, log });
    await dropGone(client, refused, { signal, log });
    log.info(
      `${resource} ${JSON.stringify(name)} were read namespace by namespace. With the verb list on ${resource} in all namespaces (a ClusterRole; resourceNames: [${JSON.stringify(name)}] is enough) one list would do`,
      { requests, namespaces: namespaces.length },
    );
    const denied = [...refused.keys()].filter((namespace) => !mayHide(namespace)).sort();
    const [first] = denied;
    if (first === undefined) {
      if (refused.size > 0) onHidden?.([...refused.keys()]);
      return byNamespace(found);
    }
    const where = listed(denied, SHOWN);
    return during({ ...doing, what: `${doing.what} in ${where}` }, () => Promise.reject(refused.get(first)));
  });
}

/** With a namespace goes the right to look into it: in one that is gone nothing is, whatever its answer. */
async function dropGone(
  client: KubernetesClient,
  refused: Map<string, ClientError>,
  context: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<void> {
  if (refused.size === 0) return;
  for (const namespace of (await lookForNamespaces(client, [...refused.keys()], context)).missing) refused.delete(namespace);
}

function byNamespace<T extends KubernetesObject>(found: readonly T[]): Map<string, T> {
  return new Map(
    found.flatMap((object) => (object.metadata.namespace === undefined ? [] : [[object.metadata.namespace, object]])),
  );
}
