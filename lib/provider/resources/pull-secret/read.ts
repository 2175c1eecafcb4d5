import type { SecretObject } from "../../../clients/kubernetes/client";
import { createFingerprintVerifier } from "../../../domain/fingerprint";
import { carries, type Ownership } from "../../../domain/ownership";
import { pullSecret } from "../../../schema/pull-secret";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import type { ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { type ByNamespace, readByName } from "../placement/read-by-name";
import type { Targets } from "../placement/targets";
import { asState, metadataOf } from "./model";
import { statusOf } from "./status";

/**
 * Refreshes how each target stands. The resource stays in the state even where every Secret is missing:
 * the plan then says so, namespace by namespace.
 */
export async function read(
  { state: value }: { readonly state: ObjectValue },
  { provider, signal: caller, log }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  if (provider.cluster.unknown !== undefined) return { state: value };
  const state = asState(value);
  return within(pullSecret, value, "read", caller, async (signal) => {
    const { client, id } = await openCluster(provider, state.cluster, `Pull secret ${JSON.stringify(state.name)}`, signal);
    const namespaces = Object.keys(state.targets ?? {});
    const found = await readByName<SecretObject>(client, "secrets", state.name, namespaces, { signal, log });
    const ownership = { owner: state.owner ?? "", instance: state.instance ?? "" };
    const metadata = metadataOf(state, ownership);
    const { matches } = createFingerprintVerifier(state.fingerprint ?? "");
    const statuses = await Promise.all(
      whereOwn(found, ownership, namespaces).map(async (namespace) => {
        const status = await statusOf(found.get(namespace), { metadata, isContent: matches });
        return [namespace, { status }] as const;
      }),
    );
    const targets: Targets = Object.fromEntries(statuses);
    return { state: { ...value, targets, cluster: id } };
  });
}

/**
 * The targets, and every other namespace with a Secret of this resource's own id (left by a crash, or a copy): only as a target
 * may it be deleted, since a plan then says so.
 */
function whereOwn(found: ByNamespace<SecretObject>, ownership: Ownership, targets: readonly string[]): readonly string[] {
  const others = [...found].filter(([, secret]) => carries(secret.metadata, ownership)).map(([namespace]) => namespace);
  return [...new Set([...targets, ...others])].sort();
}
