import { ClientError } from "../../../lib/clients/client-error";
import type { KubernetesClient, KubernetesObject, Location } from "../../../lib/clients/kubernetes/client";
import { listNamespaces } from "../../../lib/clients/kubernetes/namespaces";
import { createShared } from "../../../lib/clients/shared-promise";
import { isRecord } from "../../../lib/domain/json";
import { createClaims } from "../../../lib/provider/configured/claims";
import type { ConfiguredProvider } from "../../../lib/provider/configured/provider";
import { realRuntime } from "../../../lib/provider/configured/runtime";
import type { TypeContext } from "../../../lib/provider/framework/definition";

/** A cluster in memory, for what a real one does too rarely to be waited for. */
export interface FakeCluster {
  readonly client: KubernetesClient;
  put(resource: string, object: KubernetesObject): void;
  at(resource: string, namespace: string, name: string): KubernetesObject | undefined;
  /** All that is there, oldest first. */
  all(): readonly KubernetesObject[];
  /** The next PUT there is carried out, and its answer lost: the client sends it again, and is told that somebody wrote in between. */
  loseAnswer(namespace: string): void;
  /** Every write there is refused. */
  refuse(namespace: string): void;
  /** Until it is accepted again. */
  accept(namespace: string): void;
  /** What a call to a type of the provider gets. */
  context(owner: string): TypeContext<ConfiguredProvider>;
}

/** Makes an empty one. */
export function createFakeCluster(): FakeCluster {
  const objects = new Map<string, KubernetesObject>();
  const lost = new Set<string>();
  const refused = new Set<string>();
  let version = 0;
  const key = ({ resource, namespace = "", name }: Omit<Location, "apiVersion">) => `${resource}/${namespace}/${name}`;

  function store<T extends KubernetesObject>(resource: string, object: T): T {
    const { name, namespace = "" } = object.metadata;
    if (refused.has(namespace)) throw new ClientError("forbidden", 'User "somebody" cannot update resource "secrets"');
    version += 1;
    const at = key({ resource, namespace, name });
    const uid = objects.get(at)?.metadata.uid ?? `uid-${version}`;
    const stored = { ...object, metadata: { ...object.metadata, uid, resourceVersion: String(version) } };
    objects.set(at, stored);
    return stored;
  }

  const client: KubernetesClient = {
    server: "https://cluster.example",
    // Every namespace is there.
    get: async <T extends KubernetesObject>(at: Location) =>
      (at.resource === "namespaces" ? { metadata: { name: at.name } } : objects.get(key(at))) as T | undefined,
    list: async <T extends KubernetesObject>(
      { resource, namespace }: { readonly resource: string; readonly namespace?: string },
      { fieldSelector = "", labelSelector = "" }: { readonly fieldSelector?: string; readonly labelSelector?: string },
    ) => {
      // Every namespace is there, which no list can say; where a test made some, those are all.
      const isEmpty = ![...objects.keys()].some((at) => at.startsWith(`${resource}/`));
      if (resource === "namespaces" && isEmpty) throw new ClientError("forbidden", "no list of namespaces");
      return [...objects]
        .filter(([at]) => at.startsWith(`${resource}/${namespace === undefined ? "" : `${namespace}/`}`))
        .map(([, object]) => object as T & { readonly type?: string })
        .filter(
          ({ type, metadata }) =>
            fieldSelector === "" || [`metadata.name=${metadata.name}`, `type=${type}`].includes(fieldSelector),
        )
        .filter(
          ({ metadata }) =>
            resource !== "secrets" ||
            labelSelector === "" ||
            Object.entries(metadata.labels ?? {}).some((label) => labelSelector === label.join("=")),
        );
    },
    create: async ({ resource }, object, { dryRun }) => {
      if (dryRun) throw new ClientError("forbidden", "no Pods for show");
      if (objects.has(key({ resource, ...object.metadata }))) throw new ClientError("conflict", "there already");
      return store(resource, object);
    },
    replace: async (at, object) => {
      if (objects.get(key(at))?.metadata.resourceVersion !== object.metadata.resourceVersion)
        throw new ClientError("conflict", "changed");
      const stored = store(at.resource, object);
      if (lost.delete(at.namespace ?? "")) throw new ClientError("conflict", "changed, by this very request");
      return stored;
    },
    patch: async (at, patch) => {
      const current = objects.get(key(at));
      if (current === undefined) throw new ClientError("not_found", "not there", { status: 404 });
      const { resourceVersion } = (patch.metadata ?? {}) as { readonly resourceVersion?: string };
      if (resourceVersion !== undefined && resourceVersion !== current.metadata.resourceVersion)
        throw new ClientError("conflict", "changed");
      return store(at.resource, merge(current, patch) as never);
    },
    delete: async (at) => {
      if (refused.has(at.namespace ?? "")) throw new ClientError("forbidden", 'User "somebody" cannot update resource "secrets"');
      return objects.delete(key(at));
    },
    can: async () => true,
    close: async () => undefined,
  };
  const provider = (owner: string): ConfiguredProvider => ({
    owner,
    onOtherCluster: "error",
    clusterUid: undefined,
    onMissingAccess: "warn",
    pullChecks: "wait",
    cluster: {
      unknown: undefined,
      client: async () => client,
      id: async () => "cluster-uid",
      namespaces: createShared((signal) => listNamespaces(client, signal)),
    },
    issuers: {
      names: [],
      isKnown: () => false,
      hosts: () => undefined,
      check: () => undefined,
      get: async () => Promise.reject(new Error("there is no issuer")),
      getOf: async () => Promise.reject(new Error("there is no issuer")),
    },
    registries: {
      open: () => {
        throw new Error("there is no registry");
      },
    },
    handshakes: { shake: () => Promise.reject(new Error("there is no server")), roots: async () => [] },
    horizon: {
      unknown: undefined,
      org: undefined,
      written: new Set(),
      check: () => undefined,
      client: async () => Promise.reject(new Error("there is no exchange")),
    },
    runtime: realRuntime,
    claims: createClaims(),
    announced: new Set(),
  });
  const log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

  return {
    client,
    put: (resource, object) => void store(resource, object),
    at: (resource, namespace, name) => objects.get(key({ resource, namespace, name })),
    all: () => [...objects.values()],
    loseAnswer: (namespace) => void lost.add(namespace),
    refuse: (namespace) => void refused.add(namespace),
    accept: (namespace) => void refused.delete(namespace),
    context: (owner) => ({ provider: provider(owner), signal: new AbortController().signal, log, report: quiet }),
  };
}

/** RFC 7396. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged: { [field: string]: unknown } = isRecord(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete merged[field];
    else merged[field] = merge(merged[field], value);
  }
  return merged;
}

function quiet(): void {}
