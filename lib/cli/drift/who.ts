import { ClientError } from "../../clients/client-error";
import type { Collection, KubernetesClient, KubernetesObject } from "../../clients/kubernetes/client";
import { createKubernetesClient } from "../../clients/kubernetes/create-client";
import { clusterId } from "../../clients/kubernetes/namespaces";
import { FIELD_MANAGER } from "../../clients/kubernetes/paths";
import type { DriftItem, DriftPlace } from "../../domain/drift/items";
import { isRecord } from "../../domain/json";
import { lastEditOf } from "../../domain/last-edit";
import { INSTANCE_ANNOTATION, MANAGED_BY_LABEL, OWNER_ANNOTATION } from "../../domain/ownership";
import { ENTRIES_ANNOTATION } from "../../domain/pull-secret-entries";
import { type ClusterOptions, kubernetesSettings } from "../cluster/settings";
import type { CommandIo } from "../io";
import { UsageError } from "../usage-error";
import type { SeenItem } from "./report";

/** Up to so many objects are read one by one, and more of one name in one list. */
const ONE_BY_ONE = 20;

/** Where the fields stand whose change we call an edit. What others label or annotate is theirs. */
const FIELDS: { readonly [K in DriftPlace["kind"]]: readonly (readonly string[])[] } = {
  Secret: [
    ["f:data"],
    ["f:type"],
    ["f:immutable"],
    ["f:metadata", "f:labels", `f:${MANAGED_BY_LABEL}`],
    ["f:metadata", "f:annotations", `f:${OWNER_ANNOTATION}`],
    ["f:metadata", "f:annotations", `f:${INSTANCE_ANNOTATION}`],
  ],
  ServiceAccount: [["f:imagePullSecrets"], ["f:metadata", "f:annotations", `f:${ENTRIES_ANNOTATION}`]],
};

/**
 * Asks the cluster who changed what is not as it was deployed, and when (managedFields). Whatever goes wrong here is said with each item and
 * changes no verdict. A cluster that is not the state's is not asked.
 */
export async function askWho(
  items: readonly DriftItem[],
  options: ClusterOptions,
  io: Pick<CommandIo, "env" | "signal">,
): Promise<readonly SeenItem[]> {
  if (!items.some(canBeAsked)) return items;
  let client: KubernetesClient | undefined;
  const notAsked = (reason: string) => items.map((item) => (canBeAsked(item) ? { ...item, unknownBecause: reason } : item));
  try {
    client = await createKubernetesClient(kubernetesSettings(options, io.env), { env: io.env });
    const cluster = await clusterId(client, io.signal);
    if (items.some(({ place }) => place?.cluster !== undefined && place.cluster !== cluster))
      return notAsked(
        cluster === undefined
          ? `the namespace kube-system of ${client.server} may not be read, so it is not known whether it is the stack's cluster`
          : `${client.server} is another cluster than the stack's`,
      );
    const objects = await readObjects(client, items.filter(canBeAsked), io.signal);
    return items.map((item) => (canBeAsked(item) ? seen(item, objects.get(keyOf(item.place))) : item));
  } catch (error) {
    if (io.signal.aborted || !(ClientError.is(error) || error instanceof UsageError)) throw error;
    return notAsked(error.message);
  } finally {
    await client?.close();
  }
}

type Asked = DriftItem & { readonly place: DriftPlace };

/** A Secret that is missing has nothing that could tell; a ServiceAccount that lacks an entry is still there. */
function canBeAsked(item: DriftItem): item is Asked {
  if (item.place === undefined) return false;
  return (
    ["edited", "foreign", "outdated"].includes(item.verdict) ||
    (item.verdict === "missing" && item.place.kind === "ServiceAccount")
  );
}

async function readObjects(
  client: KubernetesClient,
  items: readonly Asked[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KubernetesObject>> {
  const found = new Map<string, KubernetesObject>();
  const places = [...new Map(items.map(({ place }) => [keyOf(place), place] as const)).values()];
  const names = new Set(places.map(({ kind, name }) => `${kind}/${name}`));
  for (const each of names) {
    const of = places.filter(({ kind, name }) => `${kind}/${name}` === each);
    const [{ kind, name } = { kind: "Secret" as const, name: "" }] = of;
    const collection: Collection = { apiVersion: "v1", resource: kind === "Secret" ? "secrets" : "serviceaccounts" };
    if (of.length > ONE_BY_ONE) {
      const listed = await client.list<KubernetesObject>(collection, { fieldSelector: `metadata.name=${name}` }, signal);
      for (const object of listed) found.set(keyOf({ kind, name, namespace: object.metadata.namespace ?? "" }), object);
    } else {
      for (const place of of) {
        const object = await client.get({ ...collection, namespace: place.namespace, name }, signal);
        if (object !== undefined) found.set(keyOf(place), object);
      }
    }
  }
  return found;
}

function seen(item: Asked, object: KubernetesObject | undefined): SeenItem {
  if (object === undefined) return { ...item, unknownBecause: `the ${item.place.kind} is not there any more` };
  const { managedFields, annotations } = object.metadata;
  if (item.verdict === "foreign") {
    const owner =
      item.place.kind === "Secret" ? annotations?.[OWNER_ANNOTATION] : ownerOfEntries(annotations?.[ENTRIES_ANNOTATION]);
    if (owner !== undefined) return { ...item, owner };
  }
  const changedBy = lastEditOf(managedFields, FIELDS[item.place.kind], FIELD_MANAGER);
  if (changedBy !== undefined) return { ...item, changedBy };
  const unknownBecause =
    managedFields === undefined
      ? `the API server keeps no account of who writes this ${item.place.kind}`
      : "the API server keeps no trace of what was removed";
  return { ...item, unknownBecause };
}

function ownerOfEntries(annotation: string | undefined): string | undefined {
  try {
    const register: unknown = JSON.parse(annotation ?? "");
    return isRecord(register) ? Object.keys(register).join(", ") || undefined : undefined;
  } catch {
    return undefined;
  }
}

function keyOf({ kind, namespace, name }: DriftPlace): string {
  return `${kind}/${namespace}/${name}`;
}
