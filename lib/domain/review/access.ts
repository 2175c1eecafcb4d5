/** What a plan does to credentials and to who can pull: pure rules, which print nothing that is not known to be harmless. */
import { isRecord } from "../json";
import { isOurs, withoutKeys } from "../plan-json/address";
import type { Plan } from "../plan-json/read-plan";
import type { CredentialChange } from "./credentials";
import { type Patch, patchOf } from "./patch";
import { knownHosts, secretOf } from "./secret";
import { type AccessAction, type Editors, stronger, type TargetChange } from "./targets";

/** A change of who can pull from where. */
export interface AccessChange {
  readonly action: AccessAction;
  /** Why, as a part of a sentence. */
  readonly reason: string;
  /** The registries, as far as a plan tells them. */
  readonly hosts: readonly string[];
  /** Where a credential's copy comes from (`namespace/name`), whose registries a plan does not tell. @default - none is copied */
  readonly copiedFrom?: string;
  readonly pullSecret: string;
  readonly namespace: string;
  /** Whose new Pods get it. Empty: the Pods that name it themselves. */
  readonly serviceAccounts: readonly string[];
}

/** All that changes. */
export interface AccessChanges {
  readonly changes: readonly AccessChange[];
  /** Resources whose namespaces the apply alone selects: addresses. */
  readonly selectedAtApply: readonly string[];
}

const PULL_SECRET = "registry_pull_secret";
const PATCH = "registry_service_account_patch";

/**
 * What a plan does to pull access.
 * @param attributesOf - the attributes of a type that may be named
 */
export function accessChangesOf(
  plan: Plan,
  credentials: readonly CredentialChange[],
  attributesOf: (type: string) => readonly string[],
  editors: Editors,
): AccessChanges {
  const of = (type: string) =>
    plan.changes.filter((change) => change.type === type && change.mode === "managed" && isOurs(change));
  const known = knownHosts(plan);
  const drifted = new Map(plan.drift.map((each) => [each.address, each.before] as const));
  const patches = of(PATCH).map((change) => patchOf(change, { drifted, attributes: attributesOf(PATCH), editors }));
  const bySecret = new Map<string, Patch[]>();
  for (const patch of patches) for (const name of patch.secrets) bySecret.set(name, [...(bySecret.get(name) ?? []), patch]);
  const told = new Set<string>();
  const changes: AccessChange[] = [];
  for (const change of of(PULL_SECRET)) {
    const secret = secretOf(change, { drifted, known, credentials, attributes: attributesOf(PULL_SECRET), editors });
    const { name: pullSecret, hosts, copiedFrom } = secret;
    for (const [namespace, target] of secret.targets) {
      const groups = new Map<string, { readonly change: TargetChange; readonly accounts: string[] }>();
      for (const patch of bySecret.get(pullSecret) ?? [])
        for (const [account, own] of patch.changesOf(pullSecret, namespace)) {
          told.add(`${namespace}/${account}/${pullSecret}`);
          const worse = stronger(target, own);
          if (worse === undefined) continue;
          const key = JSON.stringify(worse);
          const group = groups.get(key) ?? { change: worse, accounts: [] };
          group.accounts.push(account);
          groups.set(key, group);
        }
      const row = { hosts, pullSecret, namespace, ...(copiedFrom === undefined ? {} : { copiedFrom }) };
      for (const { change: found, accounts } of groups.values())
        changes.push({ ...row, ...found, serviceAccounts: accounts.sort() });
      if (groups.size === 0 && target !== undefined) changes.push({ ...row, ...target, serviceAccounts: [] });
    }
  }
  return {
    changes: [...changes, ...ofPatchesAlone(patches, told)],
    selectedAtApply: [...of(PULL_SECRET), ...of(PATCH)]
      .filter(({ unknown, after }) => after !== null && unknown.has("targets") && !isRecord(after.targets))
      .map(({ address }) => withoutKeys(address)),
  };
}

/** Entries of Secrets that no resource of this plan writes. */
function ofPatchesAlone(patches: readonly Patch[], told: ReadonlySet<string>): readonly AccessChange[] {
  return patches.flatMap((patch) =>
    [...patch.secrets].flatMap((pullSecret) =>
      patch.namespaces.flatMap((namespace) =>
        patch
          .changesOf(pullSecret, namespace)
          .flatMap(([account, change]): readonly AccessChange[] =>
            change === undefined || told.has(`${namespace}/${account}/${pullSecret}`)
              ? []
              : [{ ...change, hosts: [], pullSecret, namespace, serviceAccounts: [account] }],
          ),
      ),
    ),
  );
}
