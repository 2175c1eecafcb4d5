import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient, KubernetesObject } from "../../../clients/kubernetes/client";
import { MOST_REQUESTS } from "../../../clients/kubernetes/most-requests";
import { sleep } from "../../../clients/sleep";
import { settleAll } from "../../concurrency";
import { endingAfter, isAbort } from "../../deadline";
import type { Logger } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import { listed } from "../placement/report";
import { keyOf, type Target } from "./model";

/** How long API servers may take to notice a patch: admission reads ServiceAccounts from a cache. */
const PATIENCE_MILLISECONDS = 15_000;
const POLL_MILLISECONDS = 200;
const CONCURRENCY = 8;

interface Pod extends KubernetesObject {
  readonly spec: { readonly imagePullSecrets?: readonly { readonly name: string }[]; readonly [name: string]: unknown };
}

/** A target, as it was patched. */
export interface Patched {
  readonly target: Target;
  /** Of the ServiceAccount since. @default - it was as it should be */
  readonly revision: string | undefined;
}

/**
 * API servers learn of changes in their order, so that who knows of the last one knows of all. The ones before it stand for other API
 * servers, which other connections may lead to, and for a namespace that takes no Pod.
 */
const LAST = CONCURRENCY;
/** Without revisions that can be compared: of so many patches that ended last one was carried out last, since no more are under way at a time. */
const LAST_ENDED = MOST_REQUESTS;

/**
 * Waits until the API server hands the entries to new Pods: a Pod that is created only for show (`dryRun=All`) comes back with them.
 * Looks at the last ones of `patched`, which are in the order in which their patches ended.
 * Where such a Pod is not allowed, nothing is waited for. Returns a warning where it takes too long, and where the caller's signal ends it:
 * what is written has to reach the state. Never throws.
 */
export async function awaitInjection(
  client: KubernetesClient,
  patched: readonly Patched[],
  names: readonly string[],
  { signal: caller, log }: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<Diagnostic | undefined> {
  const targets = lastOf(patched);
  const lookAtAll = (signal: AbortSignal) =>
    settleAll(targets, (target) => isInjected(client, target, names, signal, log), { limit: CONCURRENCY });
  const outcomes = await endingAfter(PATIENCE_MILLISECONDS, lookAtAll, caller);
  const late = targets.filter((_, index) => {
    const outcome = outcomes[index];
    return outcome?.outcome === "failed" && isAbort(outcome.error);
  });
  if (late.length === 0) return undefined;
  return {
    severity: "warning",
    summary: "Pods don't get the pull secrets yet",
    detail: `The patch is written, but ${caller.aborted ? "before the operation was cancelled or out of time" : `within ${PATIENCE_MILLISECONDS / 1000} s`} the API server did not add it to new Pods of ${listed(late.map(keyOf))}. Pods that are created in the next moments may have to be created again.`,
  };
}

/** Those that were carried out last. Revisions are numbers of one order (KEP-5504; etcd's before it), unless something in front of the API server makes its own. */
function lastOf(patched: readonly Patched[]): readonly Target[] {
  const revised = patched.map(({ target, revision = "" }) => ({
    target,
    revision: /^\d+$/.test(revision) ? BigInt(revision) : undefined,
  }));
  const known = revised.flatMap(({ target, revision }) => (revision === undefined ? [] : [{ target, revision }]));
  if (known.length < patched.length) return patched.slice(-LAST_ENDED).map(({ target }) => target);
  const inOrder = known.sort((a, b) => (a.revision < b.revision ? -1 : a.revision > b.revision ? 1 : 0));
  return inOrder.slice(-LAST).map(({ target }) => target);
}

async function isInjected(
  client: KubernetesClient,
  target: Target,
  names: readonly string[],
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  for (;;) {
    try {
      const pods = { apiVersion: "v1", resource: "pods", namespace: target.namespace };
      const pod = await client.create<Pod>(pods, probe(target), { dryRun: true }, signal);
      const injected = (pod.spec.imagePullSecrets ?? []).map(({ name }) => name);
      if (names.every((name) => injected.includes(name))) return;
    } catch (error) {
      if (isAbort(error)) throw error;
      const reason = ClientError.is(error) ? error.code : String(error);
      log.debug("the API server takes no Pod for show here: not waiting for the patch to reach it", {
        target: keyOf(target),
        reason,
      });
      return;
    }
    await sleep(POLL_MILLISECONDS, signal);
  }
}

/** As strict as the strictest Pod security standard asks for, so that it is refused nowhere for that. */
function probe({ namespace, account }: Target): Pod {
  const securityContext = { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } };
  const container = {
    name: "probe",
    image: "registry-access.invalid/probe",
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `registry-access-probe-${account.slice(0, 200)}`, namespace },
    spec: {
      serviceAccountName: account,
      automountServiceAccountToken: false,
      restartPolicy: "Never",
      securityContext,
      containers: [container],
    },
  };
}
