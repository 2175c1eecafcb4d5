import type { SecretObject } from "../../../clients/kubernetes/client";
import { carries, describeOwner, type Ownership } from "../../../domain/ownership";
import { pullSecret } from "../../../schema/pull-secret";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, PrivateData, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { formatSeen, withoutSeen } from "../placement/cluster-memory";
import { createUnseen, notSeen } from "../placement/hidden";
import { refreshedImport } from "../placement/import-report";
import { type ByNamespace, readByName } from "../placement/read-by-name";
import { listed } from "../placement/report";
import { strays } from "../placement/strays";
import { warnOfTakingOn } from "../placement/take-on";
import { isOurs, statusIn, type TargetEntry, type Targets } from "../placement/targets";
import { asSelected, wantedAtRefresh } from "../placement/wanted";
import { changedKeys, lookAtSources } from "./changed-copies";
import { hasCopies } from "./copies";
import { formatServed, parseDropped, parseServed } from "./memory";
import {
  asState,
  claimOnSecret,
  contentOf,
  describePullSecret,
  heldBy,
  metadataOf,
  type PullSecretState,
  type SecretsViewpoint,
} from "./model";
import { statusOf } from "./status";
import { verifierOf } from "./verifier";
import { secretTargeting } from "./wanted";

/**
 * Refreshes how each target stands. The resource stays in the state even where every Secret is missing:
 * the plan then says so, namespace by namespace.
 */
export async function read(
  { state: value, privateData }: { readonly state: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  if (provider.cluster.unknown !== undefined) return { state: value, privateData: withoutSeen(privateData) };
  const state = asState(value);
  return within(pullSecret, value, "read", caller, async (signal) => {
    const what = describePullSecret(state.name);
    const access = await openCluster(provider, { cluster: state.cluster, privateData }, what, signal);
    const { client, id, memory, leftBehind } = access;
    const targeted = Object.keys(state.targets ?? {});
    warnOfTakingOn(provider, access, { what, targets: targeted }, report);
    const wanted = await wantedAtRefresh(secretTargeting, value, { provider, signal, log });
    const namespaces = [
      ...new Set([...(leftBehind === undefined || wanted === undefined ? targeted : []), ...(wanted?.keys ?? [])]),
    ];
    const wasServed = parseServed(privateData);
    const unseen = createUnseen(state, { served: wasServed });
    const reading = { signal, log, isRefresh: true, mayHide: unseen.mayHide, onHidden: unseen.onHidden };
    const found = await readByName<SecretObject>(client, "secrets", state.name, namespaces, reading);
    if (unseen.kept().length > 0) report(notSeen(`The Secret ${JSON.stringify(state.name)}`, unseen.kept()));
    const ownership = { owner: state.owner ?? "", instance: state.instance ?? "" };
    const metadata = metadataOf(state, ownership, parseDropped(leftBehind === undefined ? privateData : null));
    // An update under another owner that was cut off has relabelled some of them already.
    const otherOwner = isUnknown(provider.owner) ? undefined : provider.owner;
    const view: SecretsViewpoint = { otherOwner, ...(leftBehind === undefined ? { held: heldBy(state) } : {}) };
    const present = leftBehind === undefined ? whereOwn(found, ownership, otherOwner, namespaces) : namespaces;
    const known = new Set(namespaces);
    const stray = present.filter((namespace) => !known.has(namespace));
    if (stray.length > 0) report(strays(`The Secret ${JSON.stringify(state.name)}`, stray, "namespaces"));
    const { matches } = verifierOf(provider, state.fingerprint ?? "");
    const asItStands = await Promise.all(
      present.map(async (namespace) => {
        const seen = () => statusOf(found.get(namespace), { ...view, metadata, isContent: matches });
        return [namespace, { status: unseen.statusOf(namespace) ?? (await seen()) }] as const;
      }),
    );
    const isCurrent = leftBehind !== undefined || (await holdsSources(value, asItStands, found, provider, signal));
    const statuses = asSelected(isCurrent ? asItStands : asItStands.map(outdated), wanted, state.targets);
    const before = new Set(targeted);
    // What an apply has skipped was told by it.
    const isTold = (key: string) => state.on_refused === "skip" && statusIn(state.targets, key) === "foreign";
    const foreign = statuses
      .filter(([namespace, { status }]) => status === "foreign" && before.has(namespace) && !isTold(namespace))
      .map(([namespace]) => namespace);
    const isLost = (key: string) => isOurs(statusIn(state.targets, key));
    for (const wasOurs of [true, false]) {
      const some = foreign.filter((key) => isLost(key) === wasOurs);
      if (some.length > 0) report(notOurs(state, some, found, { ...view, ownership, wasOurs }));
    }
    const targets: Targets = Object.fromEntries(statuses);
    // Until an apply takes the other cluster on, the state stays the first one's: the configuration may be led back to it.
    const seen = {
      ...privateData,
      ...formatSeen({ isOther: leftBehind !== undefined, id }),
      ...refreshedImport(privateData),
      ...(wasServed.size === 0 ? {} : formatServed(unseen.kept().filter((namespace) => wasServed.has(namespace)))),
      ...wanted?.memory,
    };
    if (leftBehind !== undefined) return { state: { ...value, targets }, privateData: seen };
    return { state: { ...value, targets, cluster: id }, privateData: { ...seen, ...memory } };
  });
}

/** Whether what is copied still is what the sources hold: all that is in sync holds the same. */
async function holdsSources(
  { registries = null }: ObjectValue,
  statuses: readonly TargetEntry[],
  found: ByNamespace<SecretObject>,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<boolean> {
  const [first] = statuses.find(([, { status }]) => status === "in_sync") ?? [];
  const secret = first === undefined || !hasCopies(registries) ? undefined : found.get(first);
  const copy = secret && contentOf(secret);
  return copy === undefined || changedKeys(await lookAtSources(registries, provider, signal), registries, copy).length === 0;
}

function outdated([namespace, { status }]: TargetEntry): TargetEntry {
  return [namespace, { status: status === "in_sync" ? "outdated" : status }];
}

/**
 * The targets, and every other namespace with a Secret of this resource's own id (left by a crash, or a copy): only as a target
 * may it be deleted, since a plan then says so.
 */
function whereOwn(
  found: ByNamespace<SecretObject>,
  ownership: Ownership,
  otherOwner: string | undefined,
  targets: readonly string[],
): readonly string[] {
  const others = [...found]
    .filter(([, secret]) => carries(secret.metadata, ownership, otherOwner))
    .map(([namespace]) => namespace);
  return [...new Set([...targets, ...others])].sort();
}

/** Said at refresh, where the Secrets are seen, and so once in a run. */
function notOurs(
  { name, adopt_existing: adopt, on_refused: onRefused }: PullSecretState,
  namespaces: readonly string[],
  found: ByNamespace<SecretObject>,
  { wasOurs, ...view }: SecretsViewpoint & { readonly ownership: Ownership; readonly wasOurs: boolean },
): Diagnostic {
  const leaves = onRefused === "skip" ? "leaves it, and says so" : "leaves it, and fails";
  const consequences = namespaces.map((namespace) => {
    const secret = found.get(namespace);
    const metadata = secret?.metadata ?? {};
    return secret !== undefined && claimOnSecret(secret, view.ownership, view) === "same_owner"
      ? `${namespace} (another resource of the same owner: an update takes it back)`
      : `${namespace} (it ${describeOwner(metadata)}: ${adopt === true ? "an update takes it over" : `an update ${leaves}, unless adopt_existing = true`})`;
  });
  return {
    severity: "warning",
    summary: wasOurs ? "Secrets that are not this resource's any more" : "Secrets that are somebody else's",
    detail: `The Secret ${JSON.stringify(name)} does not carry this resource's marks${wasOurs ? " any more" : ""} in these namespaces: ${listed(consequences)}.`,
    path: ["namespaces"],
  };
}
