import type { SecretObject } from "../../../clients/kubernetes/client";
import { toConfigKey } from "../../../domain/registry-host";
import { pullSecret } from "../../../schema/pull-secret";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { PlanRequest, PrivateData, TypeContext } from "../../framework/definition";
import { isUnknown, type ObjectValue, textOf, type Value } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { readByName } from "../placement/read-by-name";
import { asSkipped } from "../placement/refused";
import { statusIn, type Targets } from "../placement/targets";
import { unlessUnreadable } from "../placement/unless-unreadable";
import { type Admission, adoptionWarning, findForeign, isForeign } from "./adopt";
import type { SourceLogins } from "./changed-copies";
import { isCopy } from "./copies";
import { entriesOf } from "./entries";
import { formatAdopted } from "./memory";
import { asState, describePullSecret } from "./model";

/**
 * Looks, at plan, at the Secrets that adoption was asked for, and warns of what is taken over and lost. What can't be read now is
 * seen at apply. Returns private data that tells the apply what was said already.
 * @throws DiagnosticError where one of them can't be adopted
 */
export async function planAdoption(
  { config, prior, privateData }: Pick<PlanRequest, "config" | "prior" | "privateData">,
  namespaces: readonly string[],
  copies: SourceLogins,
  context: TypeContext<ConfiguredProvider>,
): Promise<NonNullable<PrivateData>> {
  const { provider, report } = context;
  const { name } = config;
  const { owner } = provider;
  const formerOwner = prior === null ? undefined : textOf(prior.owner);
  if (typeof name !== "string" || isUnknown(owner) || provider.cluster.unknown !== undefined) return {};
  const instance = prior === null ? "" : textOf(prior.instance);
  const admission: Admission = {
    name,
    metadata: { ownership: { owner, instance } },
    ...(formerOwner === undefined ? {} : { formerOwner }),
    adopt: true,
  };
  const unseen = namespaces.filter((namespace) => !isOwn(prior, namespace));
  if (unseen.length === 0) return {};
  const found = await readSecrets(name, unseen, prior, privateData, context);
  const foreign = findForeign(found, admission);
  if (foreign !== undefined && config.on_refused !== "skip") throw foreign;
  foreign?.diagnostics.map(asSkipped).forEach(report);
  const left = new Set(foreign?.targets);
  const secrets = found.filter((secret) => isForeign(secret, admission) && !left.has(secret.metadata.namespace ?? ""));
  const warning = adoptionWarning(secrets, name, configuredKeys(config.registries ?? null, copies), "would be");
  if (warning === undefined) return {};
  report(warning);
  return formatAdopted(secrets.map(({ metadata }) => metadata.namespace ?? ""));
}

/** True for a target that the refresh found to be this resource's. */
function isOwn(prior: ObjectValue | null, namespace: string): boolean {
  const status = statusIn((prior?.targets ?? null) as unknown as Targets | null, namespace);
  return status !== undefined && status !== "foreign" && status !== "missing";
}

/** The Secrets that are there. A failure to read them is a warning: the plan can do without, and the apply looks again. */
async function readSecrets(
  name: string,
  namespaces: readonly string[],
  prior: ObjectValue | null,
  privateData: PrivateData,
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<readonly SecretObject[]> {
  const where = prior === null ? null : { cluster: asState(prior).cluster, privateData };
  const look = () =>
    within(pullSecret, prior ?? {}, "read", caller, async (signal): Promise<readonly SecretObject[]> => {
      const { client } = await openCluster(provider, where, describePullSecret(name), signal);
      const found = await readByName<SecretObject>(client, "secrets", name, namespaces, { signal, log });
      return namespaces.flatMap((namespace) => found.get(namespace) ?? []);
    });
  const unread = "Which Secrets adopt_existing would take over could not be found out; the apply looks again.";
  return unlessUnreadable(unread, look, [], report);
}

/** The hosts (keys) of the content that a configuration asks for; undefined where they are not known yet. */
function configuredKeys(registries: Value, { logins, isAll }: SourceLogins): readonly string[] | undefined {
  const entries = entriesOf(registries);
  if (!Array.isArray(registries) || entries.length < registries.length || !isAll) return undefined;
  const copied = [...logins.values()].flatMap((all) => all.flatMap(({ hosts }) => hosts.map(toConfigKey)));
  const own = entries.filter(([, entry]) => !isCopy(entry));
  const withCredential = own.filter(([, { credential_id: id, username }]) => id !== null || username !== null);
  const hosts = withCredential.map(([, entry]) => entry.hosts);
  if (hosts.some((list) => !Array.isArray(list) || list.some(isUnknown))) return undefined;
  return [...copied, ...hosts.flatMap((list) => (list as readonly Value[]).map((host) => toConfigKey(textOf(host))))];
}
