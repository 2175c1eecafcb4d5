import type { KubernetesClient, SecretObject } from "../../../clients/kubernetes/client";
import { carries, type Ownership } from "../../../domain/ownership";
import { pullSecret } from "../../../schema/pull-secret";
import { type Settled, settleAll } from "../../concurrency";
import type { ConfiguredProvider } from "../../configured/provider";
import { isAbort, within } from "../../deadline";
import type { ApplyResult, Logger, PrivateData, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { drawInstance, openCluster, ownerOf } from "../placement/cluster";
import { lookForNamespaces, missingNamespaces } from "../placement/namespaces";
import { refuseObstacles } from "../placement/permissions";
import { readByName } from "../placement/read-by-name";
import { createLeftOut } from "../placement/refused";
import { listed, shorten } from "../placement/report";
import { warnOfTakingOn } from "../placement/take-on";
import { takenUp } from "../placement/taken-up";
import { inSync } from "../placement/targets";
import { wantedAtApply } from "../placement/wanted";
import { type Admission, findForeign, isForeign, reportAdopted } from "./adopt";
import { createContent } from "./content";
import { failureOf, isNamespaceMissing } from "./failures";
import { asState, describePullSecret, metadataOf } from "./model";
import { workOfPlan, workOnSecrets } from "./needs";
import { rollBack } from "./roll-back";
import { secretTargeting } from "./wanted";
import { type Writer, writeSecret } from "./write";

const NOTHING_WRITTEN = "Nothing was written: a pull secret is made in all its namespaces, or in none.";

/** Writes every Secret, or none: Terraform would taint a resource that is made in part, and replace all of it. */
export async function create(
  {
    planned,
    config,
    privateData,
  }: { readonly planned: ObjectValue; readonly config: ObjectValue; readonly privateData: PrivateData },
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  return within(pullSecret, planned, "create", caller, async (signal) => {
    const plan = asState(planned);
    const { name } = plan;
    const ownership: Ownership = { owner: ownerOf(provider), instance: drawInstance(provider) };
    const what = describePullSecret(name);
    const access = await openCluster(provider, null, what, signal);
    const { client, id, memory } = access;
    const wanted = await wantedAtApply(secretTargeting, { planned, privateData }, { provider, signal, log });
    warnOfTakingOn(provider, access, { what, targets: wanted.keys }, report);
    const leftOut = createLeftOut(plan.on_refused, wanted);
    await refuseObstacles(client, workOfPlan(null, planned, wanted), NOTHING_WRITTEN, { signal, log }, leftOut.skip);
    const possible = wanted.keys.filter((key) => !leftOut.has(key));
    const content = await createContent(config, provider, signal);
    const all = await readByName<SecretObject>(client, "secrets", name, possible, { signal, log });
    const metadata = metadataOf(plan, ownership);
    const admission: Admission = { name, metadata, adopt: plan.adopt_existing === true };
    const present = possible.flatMap((namespace) => all.get(namespace) ?? []);
    const foreign = findForeign(present, admission, leftOut.skip === undefined ? NOTHING_WRITTEN : undefined);
    if (foreign !== undefined) leftOut.leave(foreign);
    const namespaces = possible.filter((key) => !leftOut.has(key));
    const found = new Map(namespaces.map((namespace) => [namespace, all.get(namespace)]));
    await refuseObstacles(client, workOnSecrets(name, [...found]), NOTHING_WRITTEN, { signal, log }, leftOut.skip);

    const former = new Map<string, SecretObject>();
    const onReplace = (namespace: string, secret: SecretObject) => {
      // A write whose answer was lost is met again: what it replaced is known already.
      if (!carries(secret.metadata, ownership)) former.set(namespace, secret);
    };
    const text = await content.text();
    const adopted: SecretObject[] = [];
    const writer: Writer = {
      ...admission,
      client,
      metadata,
      content: text,
      random: provider.runtime.random,
      signal,
      onReplace,
      onAdopt: (secret) => void adopted.push(secret),
    };
    const write = async (namespace: string) => {
      if (leftOut.has(namespace)) return;
      const explain = (error: unknown) => failureOf(error, whatFailed(name, namespace), namespace);
      await leftOut.attempt(namespace, () => writeSecret(writer, namespace, found.get(namespace)), explain);
    };
    const outcomes = await settleAll(namespaces, write, {
      stopOnFailure: true,
      progress: { log, what: `writing Secrets ${JSON.stringify(name)}`, unit: "namespaces" },
    });
    if (outcomes.some(({ outcome }) => outcome !== "done")) {
      const tried = namespaces.filter((_, index) => outcomes[index]?.outcome !== "skipped");
      const before = new Map(tried.map((key) => [key, former.get(key)]));
      const left = await rollBack(client, name, ownership, before, { log, random: provider.runtime.random });
      throw await failureOfAll(client, name, namespaces, outcomes, left, { signal, log });
    }
    const others = [...former].filter(([, secret]) => !isForeign(secret, admission)).map(([namespace]) => namespace);
    const warning = takenUp(`Secrets ${JSON.stringify(name)}`, ownership.owner, others);
    if (warning !== undefined) report(warning);
    reportAdopted(adopted, { name, content: text, privateData, report });
    leftOut.say(report);
    const served = wanted.isFixed ? wanted.keys : wanted.keys.filter((key) => !leftOut.isGone(key));
    return {
      state: {
        ...planned,
        id: `${ownership.owner}/${name}`,
        targets: { ...inSync(served), ...leftOut.statuses(served) },
        fingerprint: content.fingerprint,
        ...ownership,
        cluster: id,
      },
      privateData: { ...memory, ...wanted.memory },
    };
  });
}

/** All that went wrong, and how far it was undone. */
async function failureOfAll(
  client: KubernetesClient,
  name: string,
  namespaces: readonly string[],
  outcomes: readonly Settled<void>[],
  left: readonly string[],
  context: { readonly signal: AbortSignal; readonly log: Logger },
): Promise<Error> {
  const errors = outcomes.flatMap((outcome, index) =>
    outcome.outcome === "failed" ? [{ namespace: namespaces[index] ?? "", error: outcome.error }] : [],
  );
  const cancelled = errors.find(({ error }) => isAbort(error));
  if (cancelled !== undefined && left.length === 0) return cancelled.error as Error;
  const missing = errors.filter(({ error }) => isNamespaceMissing(error)).map(({ namespace }) => namespace);
  const diagnostics: Diagnostic[] = errors
    .filter(({ error }) => !isNamespaceMissing(error))
    .flatMap(({ namespace, error }) => failureOf(error, whatFailed(name, namespace), namespace));
  if (missing.length > 0) {
    const others = await lookForNamespaces(client, namespaces, context);
    const gone = new Set([...missing, ...others.missing]);
    const all = namespaces.filter((namespace) => gone.has(namespace));
    diagnostics.unshift(missingNamespaces(all, client.server, NOTHING_WRITTEN));
  }
  return new DiagnosticError([...shorten(diagnostics), ...leftBehind(name, left)]);
}

function leftBehind(name: string, namespaces: readonly string[]): readonly Diagnostic[] {
  if (namespaces.length === 0) return [];
  return [
    {
      severity: "error",
      summary: "Not everything could be undone",
      detail: `The Secrets ${JSON.stringify(name)} that were already written to these namespaces could not be taken back: ${listed(namespaces)}. The next apply picks them up, since they carry this owner.`,
      path: ["namespaces"],
    },
  ];
}

/** The start of a message about one Secret. */
export function whatFailed(name: string, namespace: string): string {
  return `The pull secret ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} could not be written`;
}
