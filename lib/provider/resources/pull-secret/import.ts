import type { SecretObject } from "../../../clients/kubernetes/client";
import { ownedTexts } from "../../../clients/kubernetes/managed-fields";
import { canonicalDockerConfig } from "../../../domain/docker-config";
import { formatFingerprint, SALT_BYTES } from "../../../domain/fingerprint";
import { parsePlacedImportId } from "../../../domain/import-id";
import { describeOwner, INSTANCE_ANNOTATION, OWNER_ANNOTATION } from "../../../domain/ownership";
import type { Secret } from "../../../domain/secret";
import { pullSecret } from "../../../schema/pull-secret";
import { isReservedKey } from "../../../schema/pull-secret-rules";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import type { ObjectValue } from "../../framework/value";
import { drawInstance, openCluster } from "../placement/cluster";
import { differing, importedMemory, missingAtImport, relabelled } from "../placement/import-report";
import { mostFrequent } from "../placement/most-frequent";
import { readByName } from "../placement/read-by-name";
import { inSync } from "../placement/targets";
import { readRegistries } from "./import-registries";
import { contentOf, describePullSecret } from "./model";

/**
 * The state of a pull secret whose Secrets are there. Writes nothing.
 * @throws DiagnosticError where there is none, or where one does not carry the owner that the id names
 */
export async function importState(
  id: string,
  { provider, signal: caller, log, report }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  const { owner, name, places: namespaces } = parsePlacedImportId(id) ?? { owner: "", name: "", places: [] };
  const what = `Secret ${JSON.stringify(name)}`;
  return within(pullSecret, {}, "read", caller, async (signal) => {
    const { client, id: cluster } = await openCluster(provider, null, describePullSecret(name), signal);
    const found = await readByName<SecretObject>(client, "secrets", name, namespaces, { signal, log });
    const secrets = namespaces.flatMap((namespace) => found.get(namespace) ?? []);
    const missing = namespaces.filter((namespace) => !found.has(namespace));
    if (secrets.length === 0) throw new DiagnosticError([missingAtImport(what, namespaces, client.server, cluster, "error")]);
    refuseOthers(secrets, owner, name);

    const instances = secrets.map(instanceOf);
    const instance = mostFrequent(instances.filter((found) => found !== undefined)) ?? drawInstance(provider);
    const own = secrets.filter((secret) => instanceOf(secret) === instance);
    const texts = own.map((secret) => canonicalOf(secret)?.reveal());
    const common = mostFrequent(texts.filter((text) => text !== undefined));
    const source = own.find((_, index) => texts[index] === common);
    const content = source === undefined ? undefined : contentOf(source);
    const { registries, warnings } = await readRegistries(content, name, provider, signal);

    const namespacesOf = (some: readonly SecretObject[]) => some.map(({ metadata }) => metadata.namespace ?? "");
    const others = secrets.filter((secret) => instanceOf(secret) !== instance);
    const edited = own.filter((_, index) => texts[index] !== common);
    const notes: readonly (Diagnostic | undefined)[] = [
      missing.length > 0 ? missingAtImport(what, missing, client.server, cluster, "warning") : undefined,
      differing(what, namespacesOf(others), "carries the id of another resource of this owner"),
      differing(what, namespacesOf(edited), "has another content than in the other namespaces"),
      relabelled(`pull secret ${JSON.stringify(name)}`, owner, provider.owner),
      ...warnings,
    ];
    for (const note of notes) if (note !== undefined) report(note);

    const canonical = source === undefined ? undefined : canonicalOf(source);
    const fingerprint =
      canonical === undefined ? null : await formatFingerprint(canonical, provider.runtime.randomBytes(SALT_BYTES));
    const state: ObjectValue = {
      id: `${owner}/${name}`,
      name,
      namespaces: [...namespaces].sort(),
      registries,
      labels: ownTexts(source, "labels"),
      annotations: ownTexts(source, "annotations"),
      targets: inSync(namespaces) as ObjectValue,
      fingerprint,
      owner,
      instance,
      cluster,
    };
    return { state, privateData: importedMemory };
  });
}

function instanceOf({ metadata }: SecretObject): string | undefined {
  return metadata.annotations?.[INSTANCE_ANNOTATION];
}

function canonicalOf(secret: SecretObject): Secret | undefined {
  const content = contentOf(secret);
  return content === undefined ? undefined : canonicalDockerConfig(content);
}

/** Labels and annotations that are not ours to write, or that others wrote, are none of the configuration's. */
function ownTexts(secret: SecretObject | undefined, part: "labels" | "annotations"): ObjectValue | null {
  const own = secret === undefined ? [] : Object.entries(ownedTexts(secret.metadata, part));
  const configured = own.filter(([key]) => !isReservedKey(key));
  return configured.length === 0 ? null : Object.fromEntries(configured);
}

function refuseOthers(secrets: readonly SecretObject[], owner: string, name: string): void {
  const others = secrets.filter(({ metadata }) => metadata.annotations?.[OWNER_ANNOTATION] !== owner);
  if (others.length === 0) return;
  throw new DiagnosticError(
    others.map(({ metadata }) => ({
      severity: "error",
      summary: "Secret belongs to somebody else",
      detail:
        `The id names the owner ${JSON.stringify(owner)}, but the Secret ${JSON.stringify(name)} in namespace ${JSON.stringify(metadata.namespace)} ${describeOwner(metadata)}. Nothing was imported. ` +
        "Name its owner in the id if it is to be moved here, and take it out of the other stack's state first (terraform state rm); " +
        "to take over a Secret that somebody else made, leave it out of the import and set adopt_existing = true.",
    })),
  );
}
