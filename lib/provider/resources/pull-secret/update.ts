import type { KubernetesClient, SecretObject } from "../../../clients/kubernetes/client";
import type { Ownership } from "../../../domain/ownership";
import type { Secret } from "../../../domain/secret";
import type { TargetStatus } from "../../../domain/target";
import { pullSecret } from "../../../schema/pull-secret";
import { settleAll } from "../../concurrency";
import type { ConfiguredProvider } from "../../configured/provider";
import { isAbort, notInTime, within } from "../../deadline";
import type { ApplyResult, Logger, PrivateData, TypeContext } from "../../framework/definition";
import type { Diagnostic } from "../../framework/diagnostic";
import { type ObjectValue, UNKNOWN } from "../../framework/value";
import { isBlocked } from "../placement/blocked";
import { drawInstance, openCluster, ownerOf, type Whereabouts } from "../placement/cluster";
import { createUnseen } from "../placement/hidden";
import { missingNamespaces } from "../placement/namespaces";
import { refuseObstacles } from "../placement/permissions";
import { type ByNamespace, readByName } from "../placement/read-by-name";
import { createLeftOut, keepUnseen, type LeftOut } from "../placement/refused";
import { listed, shorten } from "../placement/report";
import { clusterAfter, warnOfTakingOn } from "../placement/take-on";
import { inSync, isOurs, statusIn, type Targets } from "../placement/targets";
import { type Wanted, wantedAtApply } from "../placement/wanted";
import { type Admission, findForeign, reportAdopted } from "./adopt";
import { contentFor } from "./content";
import { whatFailed } from "./create";
import { deleteOwn } from "./delete";
import { failureOf, isNamespaceMissing } from "./failures";
import { formatDropped, formatServed, parseDropped, parseServed } from "./memory";
import { asState, describePullSecret, heldBy, metadataOf, type PullSecretState } from "./model";
import { workOfPlan, workOnSecrets } from "./needs";
import { refuseOwn } from "./self-copy";
import { type Expectation, statusOf } from "./status";
import { secretTargeting } from "./wanted";
import { isFrozen, type Writer, writeSecret } from "./write";

const NOTHING_WRITTEN = "Nothing was written.";

/** Writes what differs, in place, then deletes what is no longer wanted. What succeeded stays in the state, the rest is an error. */
export async function update(
  {
    prior: before,
    planned,
    config,
    privateData,
  }: {
    readonly prior: ObjectValue;
    readonly planned: ObjectValue;
    readonly config: ObjectValue;
    readonly privateData: PrivateData;
  },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  return within(pullSecret, planned, "update", caller, async (signal) => {
    const [state, plan] = [asState(before), asState(planned)];
    const { name } = plan;
    const former: Ownership = { owner: state.owner ?? "", instance: state.instance ?? drawInstance(provider) };
    const ownership: Ownership = { owner: ownerOf(provider), instance: former.instance };
    const what = describePullSecret(name);
    const where: Whereabouts = { cluster: state.cluster, privateData, planned: planned.cluster };
    const access = await openCluster(provider, where, what, signal);
    const { client, id, memory, leftBehind } = access;
    warnOfTakingOn(provider, access, { what, targets: Object.keys(state.targets ?? {}) }, report);
    // What was done in a cluster that is left behind says nothing about this one: nothing is to be taken away here.
    const isNew = leftBehind !== undefined;
    // What a name that became known now says, no plan could.
    if (!isNew) refuseOwn(config, before);
    const prior = isNew ? { ...state, targets: {}, labels: null, annotations: null } : state;
    const wanted = await wantedAtApply(secretTargeting, { planned, privateData }, { provider, signal, log });
    const leftOut = createLeftOut(plan.on_refused, wanted);
    await refuseObstacles(client, workOfPlan(before, planned, wanted), NOTHING_WRITTEN, { signal, log }, leftOut.skip);
    const namespaces = wanted.keys;
    const staying = new Set(namespaces);
    const leaving = Object.keys(prior.targets ?? {}).filter((namespace) => !staying.has(namespace));
    // Of what leaves nothing is left out: a Secret that can't be deleted is there, and stays a target.
    const known = [...namespaces.filter((key) => !leftOut.has(key)), ...leaving];
    const wasServed = parseServed(isNew ? null : privateData);
    const unseen = createUnseen(
      { targets: prior.targets, on_refused: plan.on_refused },
      { isLeaving: (key) => !staying.has(key), served: wasServed },
    );
    const found = await readByName<SecretObject>(client, "secrets", name, known, {
      signal,
      log,
      mayHide: unseen.mayHide,
      onHidden: unseen.onHidden,
    });
    keepUnseen(unseen, `The Secret ${JSON.stringify(name)}`, leftOut, report);

    const fingerprint = typeof planned.fingerprint === "string" ? planned.fingerprint : UNKNOWN;
    const content = await contentFor(fingerprint, [...found.values()], config, provider, signal);
    const expected: Expectation = {
      metadata: metadataOf(plan, ownership, parseDropped(isNew ? null : privateData), prior),
      isContent: content.isContent,
      otherOwner: former.owner,
      held: heldBy(prior),
    };
    const admission: Admission = {
      name,
      metadata: expected.metadata,
      formerOwner: former.owner,
      held: heldBy(prior),
      adopt: plan.adopt_existing === true,
    };
    const present = namespaces.filter((key) => !leftOut.has(key)).flatMap((namespace) => found.get(namespace) ?? []);
    // What can't be adopted stops it all before the first write; without adoption, what is foreign is left, and the rest is served.
    const foreign = admission.adopt ? findForeign(present, admission, NOTHING_WRITTEN) : undefined;
    if (foreign !== undefined) leftOut.leave(foreign);
    const adopted: SecretObject[] = [];
    const onAdopt = (secret: SecretObject) => void adopted.push(secret);
    const remade = new Set<string>();
    const onReplace = (namespace: string, secret: SecretObject) => void (isFrozen(secret) && remade.add(namespace));
    const job = { ...admission, client, random: provider.runtime.random, signal, onAdopt, onReplace, log };
    const written = await writeTargets({ ...job, leftOut }, wanted, found, expected, content.text, prior);
    if (remade.size > 0) report(madeAnew(name, [...remade].sort()));
    if (adopted.length > 0) reportAdopted(adopted, { name, content: await content.text(), privateData, report });

    const deleted = await deleteOwn({
      client,
      name,
      ownership: former,
      otherOwner: ownership.owner,
      found,
      unseen,
      namespaces: leaving,
      signal,
      log,
    });
    const stuck = [...deleted.failures.keys()].map(
      (key) => [key, { status: statusIn(prior.targets, key) ?? "in_sync" }] as const,
    );

    const notReached = new Set(deleted.cut);
    const undeleted = [...deleted.failures].filter(([namespace]) => !notReached.has(namespace));
    const cut = [...written.cut, ...deleted.cut];
    if (cut.length > 0) {
      const left = `Not reached: the pull secret ${JSON.stringify(name)} in ${listed(cut)}.`;
      report(caller.aborted ? cancelled(left) : notInTime(pullSecret, planned, "update", left));
    }
    for (const diagnostic of [...written.diagnostics, ...deleted.warnings, ...shorten(undeleted.flatMap(([, found]) => found))])
      report(diagnostic);
    leftOut.say(report);
    const served = wanted.isFixed ? namespaces : namespaces.filter((key) => !leftOut.isGone(key));
    // What was not reached still carries the former owner, and is only ours as long as the state says so.
    const left = Object.keys(written.failed).length + stuck.length > 0 ? former : ownership;
    const targets: Targets = {
      ...inSync(served),
      ...leftOut.statuses(served),
      ...written.failed,
      ...Object.fromEntries(stuck),
    };
    const hasOurs = (key: string) => isOurs(statusIn(prior.targets, key)) || wasServed.has(key);
    const refused = Object.keys(targets).filter((key) => statusIn(targets, key) === "blocked" && hasOurs(key));
    return {
      state: {
        ...planned,
        id: `${left.owner}/${name}`,
        targets,
        fingerprint: content.fingerprint,
        ...left,
        cluster: clusterAfter(planned.cluster, id),
      },
      privateData: {
        ...memory,
        ...wanted.memory,
        ...(refused.length > 0 ? formatServed(refused) : {}),
        ...(Object.keys(written.failed).length > 0 ? formatDropped(expected.metadata.dropped) : {}),
      },
    };
  });
}

/** Writes the Secrets that are not as they should be. `failed` holds how the others are left, `cut` which of them had no time. */
async function writeTargets(
  job: Omit<Writer, "content" | "metadata"> & { readonly log: Logger; readonly leftOut: LeftOut },
  { keys, isFixed }: Wanted,
  found: ByNamespace<SecretObject>,
  expected: Expectation,
  text: () => Promise<Secret>,
  prior: PullSecretState,
): Promise<{ readonly failed: Targets; readonly diagnostics: readonly Diagnostic[]; readonly cut: readonly string[] }> {
  const { leftOut } = job;
  const namespaces = keys.filter((namespace) => !leftOut.has(namespace));
  const statuses = await Promise.all(namespaces.map((namespace) => statusOf(found.get(namespace), expected)));
  const differing = namespaces
    .map((namespace, index) => ({ namespace, status: statuses[index] ?? "missing" }))
    .filter(({ status }) => status !== "in_sync");
  if (differing.length === 0) return { failed: {}, diagnostics: [], cut: [] };

  // A namespace that vanished since the plan is no obstacle.
  const sure = differing.filter(({ namespace }) => found.has(namespace) || !isThere(statusIn(prior.targets, namespace)));
  const work = workOnSecrets(
    job.name,
    sure.map(({ namespace }) => [namespace, found.get(namespace)]),
  );
  await refuseObstacles(job.client, work, NOTHING_WRITTEN, job, leftOut.skip);
  const writer: Writer = { ...job, metadata: expected.metadata, content: await text() };
  const write = async (namespace: string) => {
    if (leftOut.has(namespace)) return;
    const explain = (error: unknown) => failureOf(error, whatFailed(job.name, namespace), namespace);
    await leftOut.attempt(namespace, () => writeSecret(writer, namespace, found.get(namespace)), explain);
  };
  const outcomes = await settleAll(differing, ({ namespace }) => write(namespace), {
    progress: { log: job.log, what: `writing Secrets ${JSON.stringify(job.name)}`, unit: "namespaces" },
  });
  const failed: Targets = {};
  const diagnostics: Diagnostic[] = [];
  const missing: string[] = [];
  const cut: string[] = [];
  // What was only selected now, and went away again, is no target.
  if (isFixed) diagnostics.push(...namespaces.filter(leftOut.isGone).map((namespace) => vanished(namespace, job.client)));
  differing.forEach(({ namespace, status }, index) => {
    const outcome = outcomes[index];
    if (outcome?.outcome !== "failed") return;
    const { error } = outcome;
    if (isNamespaceMissing(error) && isThere(statusIn(prior.targets, namespace))) {
      diagnostics.push(vanished(namespace, job.client));
      return;
    }
    failed[namespace] = { status: isBlocked(error) ? ("blocked" satisfies TargetStatus) : status };
    if (isAbort(error)) cut.push(namespace);
    else if (isNamespaceMissing(error)) missing.push(namespace);
    else diagnostics.push(...failureOf(error, whatFailed(job.name, namespace), namespace));
  });
  if (missing.length > 0) diagnostics.push(missingNamespaces(missing, job.client.server, "The other namespaces were served."));
  return { failed, diagnostics: shorten(diagnostics), cut };
}

function cancelled(left: string): Diagnostic {
  return { severity: "error", summary: "Cancelled", detail: `The update was cancelled. ${left} Apply again to finish it.` };
}

/** A Secret of this resource's own id that can't be written in place is no reason to leave its namespace without one, but is told. */
function madeAnew(name: string, namespaces: readonly string[]): Diagnostic {
  return {
    severity: "warning",
    summary: "Secrets were made anew",
    detail: `The Secret ${JSON.stringify(name)} carried this resource's marks, and could not be changed in place in: ${listed(namespaces)}. Somebody had made it immutable, or anew with another type, so it was deleted and created. Between the two no Pod there could pull with it. Leave \`immutable\` and the type as they are: a rotation writes in place then.`,
    path: ["namespaces"],
  };
}

/** True for a target that the plan took to be there. */
function isThere(status: TargetStatus | undefined): boolean {
  return status !== undefined && status !== "missing" && status !== "blocked";
}

/** The state has to hold what was planned; the next refresh corrects it. */
function vanished(namespace: string, { server }: KubernetesClient): Diagnostic {
  return {
    severity: "warning",
    summary: "Namespace vanished",
    detail: `Namespace ${JSON.stringify(namespace)} was there when the plan was made, and is gone from the cluster at ${server} now, so its pull secret was not written. The next plan shows it as missing.`,
    path: ["namespaces"],
  };
}
