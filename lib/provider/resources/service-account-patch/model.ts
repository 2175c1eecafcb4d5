import type { ServiceAccountObject } from "../../../clients/kubernetes/client";
import { ENTRIES_ANNOTATION, type PullSecretEntries } from "../../../domain/pull-secret-entries";
import type { State } from "../../../schema/model";
import type { serviceAccountPatch } from "../../../schema/service-account-patch";
import type { ObjectValue } from "../../framework/value";

/** The state of `registry_service_account_patch`. */
export type PatchState = State<typeof serviceAccountPatch>;

/** A value that is wholly known, as a state. */
export function asState(value: ObjectValue): PatchState {
  return value as unknown as PatchState;
}

/** A patch at the start of a message: it has no name. */
export const THIS_PATCH = "This ServiceAccount patch";

/** One ServiceAccount to patch. */
export interface Target {
  readonly namespace: string;
  readonly account: string;
}

/** The key of a target: `<namespace>/<service account>`. */
export function keyOf({ namespace, account }: Target): string {
  return `${namespace}/${account}`;
}

/** The target of a key: a namespace's name holds no slash. */
export function targetOf(key: string): Target {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), account: key.slice(slash + 1) };
}

/** All targets of namespaces and ServiceAccounts. */
export function targetsOf(namespaces: readonly string[], accounts: readonly string[]): readonly Target[] {
  return namespaces.flatMap((namespace) => accounts.map((account) => ({ namespace, account })));
}

/** A target in a message: `ServiceAccount "default" in namespace "team-a"`. */
export function describeTarget({ namespace, account }: Target): string {
  return `ServiceAccount ${JSON.stringify(account)} in namespace ${JSON.stringify(namespace)}`;
}

/** The entries of a ServiceAccount. */
export function entriesOf(account: ServiceAccountObject): PullSecretEntries {
  return {
    names: (account.imagePullSecrets ?? []).map(({ name }) => name),
    annotation: account.metadata.annotations?.[ENTRIES_ANNOTATION],
  };
}

/** A ServiceAccount with other entries; a list or annotations that would be empty are left out, as they were before us. */
export function withEntries(account: ServiceAccountObject, { names, annotation }: PullSecretEntries): ServiceAccountObject {
  const { imagePullSecrets: _, metadata, ...rest } = account;
  const { annotations: before, ...otherMetadata } = metadata;
  const { [ENTRIES_ANNOTATION]: __, ...others } = before ?? {};
  const annotations = annotation === undefined ? others : { ...others, [ENTRIES_ANNOTATION]: annotation };
  return {
    ...rest,
    metadata: { ...otherMetadata, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    ...(names.length === 0 ? {} : { imagePullSecrets: names.map((name) => ({ name })) }),
  };
}
