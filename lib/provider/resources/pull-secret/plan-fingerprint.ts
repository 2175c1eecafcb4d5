import type { SecretObject } from "../../../clients/kubernetes/client";
import { secretAt } from "../../../clients/kubernetes/secrets";
import { parseCredentialId } from "../../../domain/credential-id";
import { authOf } from "../../../domain/docker-config";
import type { FingerprintVerifier } from "../../../domain/fingerprint";
import type { Secret } from "../../../domain/secret";
import type { TargetStatus } from "../../../domain/target";
import { pullSecret } from "../../../schema/pull-secret";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { PrivateData, TypeContext } from "../../framework/definition";
import { equal } from "../../framework/equal";
import { isUnknown, isWhollyKnown, type ObjectValue, textOf, textsOf, UNKNOWN, type Value } from "../../framework/value";
import { openCluster } from "../placement/cluster";
import { isImported } from "../placement/import-report";
import { statusIn } from "../placement/targets";
import { changedKeys, changedSource, type SourceLogins } from "./changed-copies";
import { canonical, computeContent, findCopy } from "./content";
import { hasCopies, isCopy } from "./copies";
import { ownPassword } from "./credentials";
import { entriesOf } from "./entries";
import { asState, describePullSecret, isAsWritten } from "./model";
import { verifierOf } from "./verifier";

/** An update to plan. */
interface Change {
  readonly config: ObjectValue;
  readonly prior: ObjectValue;
  readonly privateData: PrivateData;
}

/** One entry with a password of its own that is compared at every plan. */
interface Watched {
  readonly index: number;
  readonly entry: ObjectValue;
  readonly password: Secret;
}

/** Copies that are looked at before one gives up on them. */
const COPIES = 3;

/**
 * The fingerprint to plan for an update: the state's where the content is provably the same, else unknown.
 * A credential id stands for one value for good, so only passwords are compared: with a copy in the cluster that the fingerprint vouches for,
 * or by computing the content anew. Nobody logs in anywhere unless there is no such copy. Whether the sources of copies changed the refresh has
 * seen: Terraform plans once more at apply, when the same apply may have changed them, and takes no plan that says something else then.
 * After an import the state's registries were read from the Secrets: how they are written there says nothing, so the content is computed.
 */
export async function planFingerprint(
  change: Change,
  copies: SourceLogins,
  { provider, signal: caller, report }: TypeContext<ConfiguredProvider>,
): Promise<Value> {
  const { config, prior, privateData } = change;
  const { fingerprint } = prior;
  if (typeof fingerprint !== "string") return UNKNOWN;
  if (!isSameButPasswords(config.registries ?? null, prior.registries ?? null)) {
    if (!isImported(privateData) || !isComputable(config, provider)) return UNKNOWN;
    const { matches } = verifierOf(provider, fingerprint);
    const compute = async (signal: AbortSignal) => matches(canonical(await computeContent(config, provider, signal)));
    return (await within(pullSecret, prior, "read", caller, compute)) ? fingerprint : UNKNOWN;
  }
  const passwords = entriesOf(config.registries).filter(
    ([, entry]) => (entry.password_wo_version ?? null) === null && hasPassword(entry),
  );
  if (hasCopies(config.registries)) {
    const context = { provider, signal: caller, report };
    if (!(await within(pullSecret, prior, "read", caller, (signal) => isCurrent(change, copies, { ...context, signal }))))
      return UNKNOWN;
  }
  if (passwords.length === 0) return fingerprint;
  const watched = passwords.flatMap(([index, entry]) => {
    const password = ownPassword(entry, index, provider);
    return password === undefined ? [] : [{ index, entry, password }];
  });
  if (watched.length < passwords.length) return UNKNOWN;

  const verifier = verifierOf(provider, fingerprint);
  const isSame = await within(pullSecret, prior, "read", caller, (signal) =>
    isSameContent(change, watched, copies.isAll, verifier, { provider, signal }),
  );
  return isSame ? fingerprint : UNKNOWN;
}

/**
 * Whether a Secret is left that holds what was written, and what the sources of its copies held at the refresh. Where they changed, says
 * which, as far as that can be seen now.
 */
async function isCurrent(
  { config, prior, privateData }: Change,
  copies: SourceLogins,
  { provider, signal, report }: Pick<TypeContext<ConfiguredProvider>, "provider" | "signal" | "report">,
): Promise<boolean> {
  const statuses = new Set(Object.values(asState(prior).targets ?? {}).map(({ status }) => status));
  if (statuses.has("in_sync")) return true;
  const { registries = null } = config;
  const copy = await readCopy(prior, privateData, verifierOf(provider, textOf(prior.fingerprint)), provider, signal);
  if (!statuses.has("outdated")) return copy !== undefined;
  const changed = copy === undefined ? [] : changedKeys(copies, registries, copy);
  if (changed.length > 0) report(changedSource(changed, copies, registries));
  // A source that can't be copied any more leaves the copies as they are.
  return changed.length === 0 && copy !== undefined && !copies.isAll;
}

async function isSameContent(
  { config, prior, privateData }: Change,
  watched: readonly Watched[],
  areSourcesKnown: boolean,
  verifier: FingerprintVerifier,
  { provider, signal }: Pick<TypeContext<ConfiguredProvider>, "provider" | "signal">,
): Promise<boolean> {
  const credentials = entriesOf(config.registries).filter(
    ([, entry]) => entry.credential_id !== null || hasPassword(entry) || isCopy(entry),
  );
  if (credentials.length > watched.length) {
    const copy = await readCopy(prior, privateData, verifier, provider, signal);
    if (copy !== undefined) return watched.every((entry) => isInCopy(entry, copy));
    // What a source holds that may not be read is not known; the apply tells.
    if (!areSourcesKnown) return true;
  }
  return isComputable(config, provider) && verifier.matches(canonical(await computeContent(config, provider, signal)));
}

/** Whether all that the content is made of is known already. */
function isComputable(config: ObjectValue, provider: ConfiguredProvider): boolean {
  const isReadable = provider.cluster.unknown === undefined || !hasCopies(config.registries);
  return (
    isReadable &&
    isWhollyKnown(config.registries ?? null) &&
    entriesOf(config.registries).every(([, entry]) => isIssuerKnown(entry, provider))
  );
}

/** A copy of the content, out of a namespace whose Secret the state says is as it was written, or was edited in whatever part. */
async function readCopy(
  prior: ObjectValue,
  privateData: PrivateData,
  { matches }: FingerprintVerifier,
  provider: ConfiguredProvider,
  signal: AbortSignal,
): Promise<Secret | undefined> {
  if (provider.cluster.unknown !== undefined) return undefined;
  const { name, targets, cluster } = asState(prior);
  const { client } = await openCluster(provider, { cluster, privateData }, describePullSecret(name), signal);
  const having = (is: (status: TargetStatus | undefined) => boolean) =>
    Object.keys(targets ?? {}).filter((namespace) => is(statusIn(targets, namespace)));
  const namespaces = [...having(isAsWritten), ...having((status) => status === "edited")];
  for (const namespace of namespaces.slice(0, COPIES)) {
    const what = `The Secret ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} could not be read`;
    const doing = { what, path: ["registries"], permission: "It takes the verb get on secrets there." };
    const secret = await during(doing, () => client.get<SecretObject>(secretAt(namespace, name), signal));
    const copy = secret === undefined ? undefined : await findCopy([secret], matches);
    if (copy !== undefined) return copy;
  }
  return undefined;
}

function isInCopy({ entry, password }: Watched, copy: Secret): boolean {
  const hosts = textsOf(entry.hosts);
  return hosts.every((host) => {
    const auth = authOf(copy, host);
    return auth?.username === entry.username && auth?.password === password.reveal();
  });
}

/** Whether the entries are those of the state, but for write-only values. */
function isSameButPasswords(config: Value, prior: Value): boolean {
  const visible = (registries: Value): Value =>
    Array.isArray(registries)
      ? registries.map((entry: Value) => (typeof entry === "object" && entry !== null ? { ...entry, password_wo: null } : entry))
      : registries;
  const shown = visible(config);
  return isWhollyKnown(shown) && equal(shown, visible(prior));
}

function hasPassword(entry: ObjectValue): boolean {
  return isUnknown(entry.password_wo) || (entry.password_wo ?? null) !== null || (entry.password_env ?? null) !== null;
}

function isIssuerKnown(entry: ObjectValue, { issuers }: ConfiguredProvider): boolean {
  if (typeof entry.credential_id !== "string") return true;
  return issuers.isKnown(parseCredentialId(entry.credential_id)?.issuer ?? "");
}
