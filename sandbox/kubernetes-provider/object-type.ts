import { ClientError } from "../../lib/clients/client-error";
import type { KubernetesClient, Location } from "../../lib/clients/kubernetes/client";
import type { ResourceType, TypeContext } from "../../lib/provider/framework/definition";
import { DiagnosticError } from "../../lib/provider/framework/diagnostic";
import type { ObjectValue } from "../../lib/provider/framework/value";
import type { TypeSchema } from "../../lib/schema/attribute";
import type { Cluster } from "./cluster";
import { patchTexts } from "./metadata";
import type { Manifest, ObjectKind } from "./object-kind";
import { metadataOf, objectOf, parseId, stateOf } from "./object-state";
import { planLegacy } from "./plan";
import { settle } from "./settle";
import { timeoutOf, waitUntil } from "./wait";

/** Times an update is tried when somebody else writes the object at the same moment. */
const ATTEMPTS = 5;
/** For what Kubernetes makes itself, in milliseconds. */
const CREATE_TIMEOUT = 30_000;

/** The lifecycle of a resource type that is one object in the cluster. */
export function createObjectType(kind: ObjectKind, schema: TypeSchema): ResourceType<Cluster> {
  const collection = { apiVersion: kind.apiVersion, resource: kind.resource };
  const locate = (id: string): Location => ({ ...collection, ...parseId(kind, id) });

  /** Waits, and reads the object as it is then. What goes wrong from here on is reported beside the state: the object is there. */
  async function settled(
    object: Manifest,
    operation: "create" | "update",
    planned: ObjectValue,
    client: KubernetesClient,
    context: TypeContext<Cluster>,
  ): Promise<{ readonly state: ObjectValue }> {
    const { name, namespace } = object.metadata;
    const at: Location = { ...collection, name, ...(namespace === undefined ? {} : { namespace }) };
    let found = object;
    try {
      await kind.ready?.({ client, at, planned, operation, signal: context.signal });
      found = (await client.get<Manifest>(at, context.signal)) ?? object;
    } catch (error) {
      for (const diagnostic of asDiagnostics(error).diagnostics) context.report(diagnostic);
    }
    return { state: settle(schema, stateOf(kind, schema, found, planned, context.provider.ignored), planned) };
  }

  /** From an object that is there to what is planned; what the plan does not change stays. */
  function changeTo(wanted: Manifest, prior: ObjectValue, planned: ObjectValue): (current: Manifest) => Manifest {
    return (current) => {
      const [before, after] = [metadataOf(prior), metadataOf(planned)];
      const labels = patchTexts(current.metadata.labels, before?.labels, after?.labels);
      const annotations = patchTexts(current.metadata.annotations, before?.annotations, after?.annotations);
      const patched = { ...current, metadata: { ...current.metadata, labels, annotations } };
      return kind.change?.(patched, wanted, prior, planned) ?? patched;
    };
  }

  return {
    schema,
    legacyTypeSystem: true,

    async plan({ config, prior }) {
      return planLegacy(schema, config, prior);
    },

    async create({ planned }, context) {
      const client = await connect(context);
      const object = objectOf(kind, schema, planned);
      const namespace = object.metadata.namespace;
      const at = { ...collection, name: object.metadata.name, ...(namespace === undefined ? {} : { namespace }) };
      if (kind.isThere) await awaitThere(client, at, planned, context.signal);
      const created = await guarded(kind.failure?.create, () =>
        kind.isThere
          ? rewrite(client, at, changeTo(object, emptyOf(planned), planned), context.signal)
          : client.create<Manifest>(
              { ...collection, ...(namespace === undefined ? {} : { namespace }) },
              object,
              {},
              context.signal,
            ),
      );
      return settled(created, "create", planned, client, context);
    },

    async read({ state }, context) {
      const client = await connect(context);
      const object = await guarded(undefined, () => client.get<Manifest>(locate(String(state.id)), context.signal));
      return object === undefined ? null : { state: stateOf(kind, schema, object, state, context.provider.ignored) };
    },

    async update({ prior, planned }, context) {
      const client = await connect(context);
      const at = locate(String(prior.id));
      const change = changeTo(objectOf(kind, schema, planned), prior, planned);
      const updated = await guarded(kind.failure?.update, () => rewrite(client, at, change, context.signal));
      return settled(updated, "update", planned, client, context);
    },

    async delete({ prior }, context) {
      const client = await connect(context);
      const at = locate(String(prior.id));
      const there = await guarded(undefined, () => client.delete(at, {}, context.signal));
      if (!there || kind.deleteTimeout === undefined) return;
      await waitUntil({
        timeout: timeoutOf(prior, "delete", kind.deleteTimeout),
        signal: context.signal,
        check: async () =>
          (await guarded(undefined, () => client.get<Manifest>(at, context.signal))) === undefined
            ? undefined
            : `${kind.kind} ${String(prior.id)} still exists`,
      });
    },

    async importState(id, context) {
      const client = await connect(context);
      const object = await guarded(undefined, () => client.get<Manifest>(locate(id), context.signal));
      if (object === undefined) {
        throw DiagnosticError.at(
          undefined,
          `${kind.kind} ${id} not found`,
          `There is none in the cluster ${client.server}. Nothing was imported.`,
        );
      }
      return { state: stateOf(kind, schema, object, undefined, context.provider.ignored) };
    },
  };
}

/** Nothing configured yet: an object that Kubernetes made itself. */
function emptyOf(planned: ObjectValue): ObjectValue {
  return Object.fromEntries(Object.entries(planned).map(([name, value]) => [name, Array.isArray(value) ? [] : null]));
}

function awaitThere(client: KubernetesClient, at: Location, planned: ObjectValue, signal: AbortSignal): Promise<void> {
  const check = async () =>
    (await guarded(undefined, () => client.get<Manifest>(at, signal))) === undefined
      ? `${at.resource} ${JSON.stringify(at.name)} not found`
      : undefined;
  return waitUntil({ timeout: timeoutOf(planned, "create", CREATE_TIMEOUT), signal, check });
}

function connect(context: TypeContext<Cluster>): Promise<KubernetesClient> {
  return guarded(undefined, () => context.provider.client());
}

/** Reads, changes and writes an object; again where somebody wrote it in between. */
async function rewrite(
  client: KubernetesClient,
  at: Location,
  change: (current: Manifest) => Manifest,
  signal: AbortSignal,
): Promise<Manifest> {
  for (let attempt = 1; ; attempt++) {
    const current = await client.get<Manifest>(at, signal);
    if (current === undefined) throw new ClientError("not_found", `${at.resource} ${JSON.stringify(at.name)} not found`);
    try {
      return await client.replace(at, change(current), signal);
    } catch (error) {
      if (attempt === ATTEMPTS || !ClientError.is(error, "conflict")) throw error;
    }
  }
}

/** Runs a request; what the API server says becomes the diagnostic, as it stands. */
async function guarded<T>(failure: string | undefined, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw asDiagnostics(error, failure);
  }
}

function asDiagnostics(error: unknown, failure?: string): DiagnosticError {
  if (error instanceof DiagnosticError) return error;
  if (!ClientError.is(error)) throw error;
  return DiagnosticError.at(undefined, failure ?? "The Kubernetes API refused or failed", error.message);
}
