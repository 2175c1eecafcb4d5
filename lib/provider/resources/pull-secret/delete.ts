import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient, Location, SecretObject } from "../../../clients/kubernetes/client";
import { preconditionsOf } from "../../../clients/kubernetes/preconditions";
import { secretAt } from "../../../clients/kubernetes/secrets";
import { carries, describeOwner, OWNER_ANNOTATION, type Ownership } from "../../../domain/ownership";
import { pullSecret } from "../../../schema/pull-secret";
import { type Doing, during } from "../../client-diagnostics";
import { settleAll } from "../../concurrency";
import type { ConfiguredProvider } from "../../configured/provider";
import { isAbort, within } from "../../deadline";
import type { Logger, PrivateData, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { isUnknown, type ObjectValue } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { createUnseen, GONE, notLookedFor, type Unseen } from "../placement/hidden";
import { needsOf, refuseObstacles, warnOfObstacles } from "../placement/permissions";
import { type ByNamespace, readByName } from "../placement/read-by-name";
import { shorten } from "../placement/report";
import { forgotten } from "../placement/take-on";
import { failureOf } from "./failures";
import { parseServed } from "./memory";
import { asState, describePullSecret } from "./model";
import { workOfDestroy } from "./needs";

const ATTEMPTS = 6;

/** Warns of what would keep the Secrets from being deleted. */
export async function planDestroy(prior: ObjectValue, context: TypeContext<ConfiguredProvider>): Promise<void> {
  await warnOfObstacles(
    describePullSecret(asState(prior).name),
    workOfDestroy(prior),
    { cluster: asState(prior).cluster, privateData: null, isDestroy: true },
    context,
  );
}

/** Deletes the Secrets that still carry this resource's own id. */
export async function destroy(
  { prior, privateData }: { readonly prior: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<void> {
  const state = asState(prior);
  const { name } = state;
  await within(pullSecret, prior, "delete", caller, async (signal) => {
    const what = describePullSecret(name);
    const access = await openCluster(provider, { cluster: state.cluster, privateData }, what, signal);
    const { client } = access;
    const ownership = { owner: state.owner ?? "", instance: state.instance ?? "" };
    // An update under another owner that was cut off has relabelled some of them already.
    const otherOwner = isUnknown(provider.owner) ? ownership.owner : provider.owner;
    const targets = Object.keys(state.targets ?? {});
    if (access.leftBehind !== undefined) return report(forgotten(access, { what, targets }));
    const unseen = createUnseen(state, { isLeaving: () => true, served: parseServed(privateData) });
    const found = await readByName<SecretObject>(client, "secrets", name, targets, {
      signal,
      log,
      mayHide: unseen.mayHide,
      onHidden: unseen.onHidden,
    });
    if (unseen.never().length > 0) report(notLookedFor(`The Secret ${JSON.stringify(name)}`, unseen.never()));
    const own = targets.filter((namespace) => carries(found.get(namespace)?.metadata ?? {}, ownership, otherOwner));
    const work = { unseen: [], needs: needsOf("secrets", name, ["delete"], own) };
    await refuseObstacles(client, work, "Nothing was deleted.", { signal, log });
    const outcomes = await deleteOwn({ client, name, ownership, otherOwner, found, unseen, namespaces: targets, signal, log });
    outcomes.warnings.forEach(report);
    if (outcomes.failures.size > 0) throw new DiagnosticError(shorten([...outcomes.failures.values()].flat()));
  });
}

/** What became of a deletion. */
export interface Deletion {
  readonly warnings: readonly Diagnostic[];
  /** By namespace. */
  readonly failures: ReadonlyMap<string, readonly Diagnostic[]>;
  /** Those of them that were cancelled, or had no time left. */
  readonly cut: readonly string[];
}

/** Deletes what carries owner and instance; what is gone is no error, what belongs to others is left. */
export async function deleteOwn(job: {
  readonly client: KubernetesClient;
  readonly name: string;
  readonly ownership: Ownership;
  /** The owner in the state, where the configured one differs, or the other way round. */
  readonly otherOwner: string;
  readonly found: ByNamespace<SecretObject>;
  /** Those that could not be read: it is tried once more, and then fails for them alone. */
  readonly unseen: Unseen;
  readonly namespaces: readonly string[];
  readonly signal: AbortSignal;
  readonly log: Logger;
}): Promise<Deletion> {
  const { name, namespaces } = job;
  const progress = { log: job.log, what: `deleting Secrets ${JSON.stringify(name)}`, unit: "namespaces" };
  const outcomes = await settleAll(namespaces, (namespace) => deleteOne(job, namespace), { progress });
  const warnings = outcomes.flatMap((outcome) =>
    outcome.outcome === "done" && outcome.result !== undefined ? [outcome.result] : [],
  );
  const failures = outcomes.flatMap((outcome, index) => {
    const namespace = namespaces[index] ?? "";
    const what = `The pull secret ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} could not be deleted`;
    return outcome.outcome === "failed" ? [[namespace, failureOf(outcome.error, what, namespace)] as const] : [];
  });
  const cut = namespaces.filter((_, index) => {
    const outcome = outcomes[index];
    return outcome?.outcome === "failed" && isAbort(outcome.error);
  });
  return { warnings: shorten(warnings), failures: new Map(failures), cut };
}

async function deleteOne(job: Parameters<typeof deleteOwn>[0], namespace: string): Promise<Diagnostic | undefined> {
  const { client, name, ownership, signal } = job;
  const at = secretAt(namespace, name);
  const isUnseen = job.unseen.statusOf(namespace) !== undefined;
  const look = () => during(looking(name, namespace), () => client.get<SecretObject>(at, signal));
  let current = job.found.get(namespace) ?? (isUnseen ? await look() : undefined);
  for (let attempt = 0; ; attempt++) {
    if (current === undefined) return undefined;
    if (!carries(current.metadata, ownership, job.otherOwner)) return leftAlone(current, name, ownership);
    try {
      if (await client.delete(at, preconditionsOf(current), signal)) return undefined;
    } catch (error) {
      if (!ClientError.is(error, "conflict") || attempt >= ATTEMPTS) throw error;
    }
    // Also after a 404: what is taken for gone is in no state any more, so it has to be.
    current = await client.get<SecretObject>(at, signal);
    if (current !== undefined && attempt >= ATTEMPTS) throw stillThere(client, at);
  }
}

function looking(name: string, namespace: string): Doing {
  return {
    what: `The pull secret ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} may not be looked for, so that it was not deleted`,
    path: ["namespaces"],
    permission: GONE,
  };
}

function stillThere(client: KubernetesClient, { namespace, name }: Location): ClientError {
  return new ClientError(
    "malformed",
    `DELETE ${client.server}/api/v1/namespaces/${namespace}/secrets/${name}: the API server says that it is not there (404), and goes on showing it.`,
    { status: 404 },
  );
}

/** A successor's Secret needs no word: that is how a replacement goes. */
function leftAlone({ metadata }: SecretObject, name: string, { owner }: Ownership): Diagnostic | undefined {
  if (metadata.annotations?.[OWNER_ANNOTATION] === owner) return undefined;
  return {
    severity: "warning",
    summary: "Secret left alone",
    detail: `The Secret ${JSON.stringify(name)} in namespace ${JSON.stringify(metadata.namespace)} does not carry this resource's marks any more (it ${describeOwner(metadata)}), so it was not deleted.`,
  };
}
