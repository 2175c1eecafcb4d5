import { ClientError } from "../../../../clients/client-error";
import type { KubernetesClient, SecretObject } from "../../../../clients/kubernetes/client";
import { secretAt } from "../../../../clients/kubernetes/secrets";
import { pullSecretKeys } from "../../../../domain/pulls/pull-secret-keys";
import type { AccountEntries } from "../../../../domain/pulls/waiting-pods";
import { settleAll } from "../../../concurrency";
import { isAbort } from "../../../deadline";
import type { Accounts } from "../accounts";
import { entriesOf, keyOf, type Target } from "../model";

/** What targets have to give, and for which images that is good. */
export interface Entries {
  of(target: Target): AccountEntries;
  /** Reads which hosts the pull secrets of these namespaces are for, once; a Secret that can't be read, or is not there, stays unknown. */
  readKeys(namespaces: Iterable<string>, signal: AbortSignal): Promise<void>;
}

/** What each target has after the patch: what it names already, and the entries of the patch. */
export function entriesAfter(client: KubernetesClient, accounts: Accounts, pullSecrets: readonly string[]): Entries {
  const keys = new Map<string, ReadonlyMap<string, readonly string[]>>();
  async function keysIn(namespace: string, signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, readonly string[]>();
    for (const name of pullSecrets) {
      try {
        const secret = await client.get<SecretObject>(secretAt(namespace, name), signal);
        const read = secret === undefined ? undefined : pullSecretKeys(secret.type, secret.data);
        if (read !== undefined && "keys" in read) found.set(name, read.keys);
      } catch (error) {
        if (!ClientError.is(error) || isAbort(error)) throw error;
      }
    }
    return found;
  }
  return {
    of(target) {
      const account = accounts.get(keyOf(target));
      const names = account === undefined ? [] : entriesOf(account).names;
      return { names: [...names, ...pullSecrets], wanted: pullSecrets, keys: keys.get(target.namespace) };
    },
    async readKeys(namespaces, signal) {
      const unread = [...new Set(namespaces)].filter((namespace) => !keys.has(namespace));
      const outcomes = await settleAll(unread, async (namespace) => {
        keys.set(namespace, await keysIn(namespace, signal));
      });
      for (const outcome of outcomes) if (outcome.outcome === "failed") throw outcome.error;
    },
  };
}
