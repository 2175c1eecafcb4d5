import { ClientError } from "../../../clients/client-error";
import { listServiceAccounts } from "../../../clients/kubernetes/service-accounts";
import { compileGlobs, isGlob } from "../../../domain/selection/glob";
import { during } from "../../client-diagnostics";
import { mapAll } from "../../concurrency";
import type { ObjectValue, Value } from "../../framework/value";
import { selectNamespaces, toNamespaceSelector } from "../../namespace-selection";
import { namespacesIn, stringsIn } from "../placement/targets";
import type { Selecting, Targeting } from "../placement/wanted";
import { keyOf, targetOf, targetsOf } from "./model";

/** The ServiceAccounts that a patch is for: those of some names, or of globs, in each of its namespaces. */
export const accountTargeting: Targeting = {
  path: ["namespace_selector"],
  named(value) {
    const [namespaces, accounts] = [namespacesIn(value.namespaces), stringsIn(value.service_accounts)];
    const literal = accounts.known.filter((account) => !isGlob(account));
    return { known: targetsOf(namespaces.known, literal).map(keyOf), isAll: namespaces.isAll && accounts.isAll };
  },
  rule(value): Value {
    const { namespace_selector: selector = null, service_accounts: accounts = null } = value;
    const hasGlobs = stringsIn(accounts).known.some(isGlob);
    if (hasGlobs) return [selector, accounts, value.namespaces ?? null];
    return selector === null ? null : [selector, accounts];
  },
  async select(value, context) {
    const selector = (value.namespace_selector ?? null) as ObjectValue | null;
    const selected =
      selector === null
        ? []
        : (await selectNamespaces(toNamespaceSelector(selector), ["namespace_selector"], context.provider, context.signal))
            .selected;
    const namespaces = [...new Set([...namespacesIn(value.namespaces).known, ...selected])];
    const accounts = stringsIn(value.service_accounts).known;
    const literal = targetsOf(
      selected,
      accounts.filter((account) => !isGlob(account)),
    );
    const globs = accounts.filter(isGlob);
    const matching = globs.length === 0 ? [] : await selectAccounts(globs, namespaces, context);
    return [...new Set([...literal.map(keyOf), ...matching])].sort();
  },
};

/** The namespaces of some targets. */
export function namespacesOf(keys: Iterable<string>): readonly string[] {
  return [...new Set([...keys].map((key) => targetOf(key).namespace))];
}

/** The ServiceAccounts there whose names match: by one list of all, or of each namespace where that is not allowed. */
async function selectAccounts(
  globs: readonly string[],
  namespaces: readonly string[],
  { provider, signal, log }: Selecting,
): Promise<readonly string[]> {
  const client = await provider.cluster.client();
  const matches = compileGlobs(globs);
  const doing = {
    what: `The ServiceAccounts of the cluster at ${client.server} could not be listed`,
    path: ["service_accounts"],
    permission: `A glob (${globs.join(", ")}) takes the verb list on serviceaccounts, for the cluster as a whole or in each namespace (docs/permissions.md). Or name the ServiceAccounts.`,
  };
  const found = await during(doing, async () => {
    try {
      return await listServiceAccounts(client, undefined, signal);
    } catch (error) {
      if (!ClientError.is(error, "forbidden")) throw error;
      log.info(
        "ServiceAccounts are listed namespace by namespace. With the verb list on serviceaccounts in all namespaces (a ClusterRole) one list would do",
        { requests: namespaces.length },
      );
      const list = (namespace: string) => listServiceAccounts(client, namespace, signal);
      const progress = { log, what: "listing ServiceAccounts", unit: "namespaces" };
      return (await mapAll(namespaces, list, { progress })).flat();
    }
  });
  const served = new Set(namespaces);
  return found.filter(({ namespace, account }) => served.has(namespace) && matches(account)).map(keyOf);
}
