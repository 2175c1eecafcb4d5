import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient, KubernetesObject } from "../../../clients/kubernetes/client";
import { verbsInWords } from "../../../domain/permissions";
import { during } from "../../client-diagnostics";
import { mapAll } from "../../concurrency";
import type { Logger } from "../../framework/definition";
import { listed } from "./report";

/** Names of namespaces in one message. */
const SHOWN = 5;

/** Objects of one name, in all namespaces where there is one. */
export interface ByNamespace<T> extends ReadonlyMap<string, T> {}

/**
 * Reads the objects of one name: one LIST over all namespaces, which RBAC can allow by `resourceNames`, so that no other object is read.
 * Where that is not allowed, one GET in each of the namespaces asked for.
 */
export async function readByName<T extends KubernetesObject>(
  client: KubernetesClient,
  resource: "secrets" | "serviceaccounts",
  name: string,
  namespaces: readonly string[],
  { signal, log }: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<ByNamespace<T>> {
  const doing = {
    what: `The ${resource} named ${JSON.stringify(name)} could not be read`,
    path: ["namespaces"],
    permission: `It takes the verbs ${verbsInWords("plan", resource)} on ${resource} (a ClusterRole; with resourceNames: [${JSON.stringify(name)}] it allows no more than this), or get in each namespace.`,
  };
  return during(doing, async () => {
    try {
      const found = await client.list<T>({ apiVersion: "v1", resource }, { fieldSelector: `metadata.name=${name}` }, signal);
      return byNamespace(found);
    } catch (error) {
      if (!ClientError.is(error, "forbidden")) throw error;
      log.debug("no list over all namespaces is allowed: reading one by one", { resource, name, namespaces: namespaces.length });
    }
    const refused = new Map<string, ClientError>();
    const found = await mapAll(namespaces, async (namespace) => {
      try {
        return await client.get<T>({ apiVersion: "v1", resource, namespace, name }, signal);
      } catch (error) {
        if (!ClientError.is(error, "forbidden")) throw error;
        refused.set(namespace, error);
        return undefined;
      }
    });
    const [first] = refused.values();
    if (first === undefined) return byNamespace(found);
    const where = listed([...refused.keys()].sort(), SHOWN);
    return during({ ...doing, what: `${doing.what} in ${where}` }, () => Promise.reject(first));
  });
}

function byNamespace<T extends KubernetesObject>(found: readonly (T | undefined)[]): Map<string, T> {
  return new Map(
    found.flatMap((object) => (object?.metadata.namespace === undefined ? [] : [[object.metadata.namespace, object]])),
  );
}
