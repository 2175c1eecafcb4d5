import { ClientError } from "../../clients/client-error";
import type { Collection, KubernetesClient, KubernetesObject } from "../../clients/kubernetes/client";
import { namespaceAt } from "../../clients/kubernetes/namespaces";
import type {
  AccountFacts,
  ClusterFacts,
  LookedAtKind,
  NotLooked,
  PodFacts,
  PodSpecFacts,
  SecretFacts,
  TemplateFacts,
} from "../../domain/access-map/facts";
import { namesOf } from "../../domain/access-map/facts";
import { DOCKER_CONFIG_TYPE } from "../../domain/docker-config";
import { controllerOf } from "../../domain/pulls/pod";
import { LEGACY_TYPE } from "../../domain/pulls/pull-secret-keys";
import { UsageError } from "../usage-error";

/** What to look at. */
export interface Scope {
  /** These namespaces alone. @default - all */
  readonly namespaces?: readonly string[];
  /** Secrets of these names alone, which RBAC can allow by `resourceNames`. @default - all pull secrets */
  readonly secretNames?: readonly string[];
}

/** Lists in namespaces one by one that are under way at the same time. */
const AT_A_TIME = 16;

/** What makes Pods, by the place of the Pod's specification in it. */
const TEMPLATES = [
  ["Deployment", "apps/v1", "deployments"],
  ["StatefulSet", "apps/v1", "statefulsets"],
  ["DaemonSet", "apps/v1", "daemonsets"],
  ["ReplicationController", "v1", "replicationcontrollers"],
  ["Job", "batch/v1", "jobs"],
  ["CronJob", "batch/v1", "cronjobs"],
] as const;

interface Template {
  readonly template?: { readonly spec?: PodSpecFacts };
}
type TemplateObject = KubernetesObject & {
  readonly spec?: Template & { readonly jobTemplate?: { readonly spec?: Template } };
};

/**
 * Reads what the access map is made of. What may not be listed in the whole cluster is listed namespace by namespace, and what may not
 * be read at all is in `notLooked`. Throws ClientError for everything but a 403; UsageError for a namespace that is not there.
 *
 * @param tell - what is being read, for who waits
 */
export async function readCluster(
  client: KubernetesClient,
  scope: Scope,
  signal: AbortSignal,
  tell: (what: string) => void = () => undefined,
): Promise<ClusterFacts> {
  const notLooked: NotLooked[] = [];
  const namespaces = await namespacesOf(client, scope, signal, notLooked);
  const list = async <T extends KubernetesObject>(kind: LookedAtKind, of: Collection, fieldSelector?: string): Promise<T[]> => {
    tell(kind);
    const query = fieldSelector === undefined ? {} : { fieldSelector };
    const read = (namespace?: string) => client.list<T>(namespace === undefined ? of : { ...of, namespace }, query, signal);
    const found = scope.namespaces === undefined ? await unlessForbidden(() => read()) : undefined;
    if (found !== undefined && !(found instanceof ClientError)) return found;
    if (namespaces === undefined) {
      addGap(notLooked, { kind, reason: found?.message ?? "" });
      return [];
    }
    const gaps: NotLooked[] = [];
    const items = await inEach(namespaces, async (namespace) => {
      const there = await unlessForbidden(() => read(namespace));
      if (!(there instanceof ClientError)) return there;
      gaps.push({ kind, namespace, reason: there.message });
      return [];
    });
    const isNowhere = gaps.length === namespaces.length && scope.namespaces === undefined;
    for (const gap of isNowhere ? [{ kind, reason: found?.message ?? gaps[0]?.reason ?? "" }] : gaps) addGap(notLooked, gap);
    return items.flat();
  };

  const accounts = await list<KubernetesObject & AccountFacts>("ServiceAccounts", core("serviceaccounts"));
  const pods = await list<KubernetesObject & PodFacts>("Pods", core("pods"));
  const templates: TemplateFacts[] = [];
  for (const [kind, apiVersion, resource] of TEMPLATES)
    templates.push(
      ...(await list<TemplateObject>("workloads", { apiVersion, resource })).flatMap((object) => templateOf(kind, object)),
    );
  const secretsBy = (selector: string) => list<SecretFacts & KubernetesObject>("Secrets", core("secrets"), selector);
  const selectors =
    scope.secretNames?.map((name) => `metadata.name=${name}`) ?? [DOCKER_CONFIG_TYPE, LEGACY_TYPE].map((type) => `type=${type}`);
  const secrets: SecretFacts[] = [];
  for (const selector of selectors) secrets.push(...(await secretsBy(selector)));
  // An entry may name a Secret of another type, which is another thing than none.
  if (scope.secretNames === undefined && !notLooked.some((gap) => gap.kind === "Secrets" && gap.namespace === undefined)) {
    const there = new Set(secrets.map(placeOf));
    const named = [
      ...accounts.map((account) => [account, account.imagePullSecrets] as const),
      ...pods.map((pod) => [pod, pod.spec?.imagePullSecrets] as const),
    ];
    const unmet = named.flatMap(([{ metadata }, references]) =>
      namesOf(references).filter((name) => !there.has(placeOf({ metadata: { namespace: metadata.namespace ?? "", name } }))),
    );
    for (const name of new Set(unmet)) {
      const found = await secretsBy(`metadata.name=${name}`);
      secrets.push(...found.filter((secret) => !there.has(placeOf(secret))));
    }
  }
  return {
    namespaces: namespaces ?? [...new Set([...accounts, ...pods].map(({ metadata }) => metadata.namespace ?? ""))].sort(),
    secrets,
    accounts,
    pods,
    templates,
    notLooked,
    ...(scope.secretNames === undefined ? {} : { secretNames: scope.secretNames }),
  };
}

/** Undefined where they may not be listed. */
async function namespacesOf(
  client: KubernetesClient,
  scope: Scope,
  signal: AbortSignal,
  notLooked: NotLooked[],
): Promise<readonly string[] | undefined> {
  if (scope.namespaces !== undefined) {
    await inEach(scope.namespaces, async (name) => {
      const found = await unlessForbidden(() => client.get(namespaceAt(name), signal));
      if (found === undefined)
        throw new UsageError(
          `There is no namespace ${JSON.stringify(name)} on ${client.server}. Name one that is there, or leave --namespace out to look at all.`,
        );
    });
    return scope.namespaces;
  }
  const found = await unlessForbidden(() => client.list({ apiVersion: "v1", resource: "namespaces" }, {}, signal));
  if (!(found instanceof ClientError)) return found.map(({ metadata }) => metadata.name).sort();
  notLooked.push({ kind: "Namespaces", reason: found.message });
  return undefined;
}

async function unlessForbidden<T>(read: () => Promise<T>): Promise<T | ClientError> {
  try {
    return await read();
  } catch (error) {
    if (ClientError.is(error, "forbidden")) return error;
    throw error;
  }
}

function addGap(gaps: NotLooked[], gap: NotLooked): void {
  if (!gaps.some(({ kind, namespace }) => kind === gap.kind && namespace === gap.namespace)) gaps.push(gap);
}

function templateOf(kind: string, { metadata, spec }: TemplateObject): readonly TemplateFacts[] {
  const podSpec = (spec?.jobTemplate?.spec ?? spec)?.template?.spec;
  const isMadeByAnother =
    controllerOf({ metadata: { ...metadata, ownerReferences: metadata.ownerReferences ?? [] } }) !== undefined;
  if (podSpec === undefined || isMadeByAnother) return [];
  return [{ namespace: metadata.namespace ?? "", what: `${kind} ${metadata.name}`, spec: podSpec }];
}

function core(resource: string): Collection {
  return { apiVersion: "v1", resource };
}

function placeOf({ metadata }: SecretFacts): string {
  return `${metadata.namespace}/${metadata.name}`;
}

async function inEach<R>(namespaces: readonly string[], work: (namespace: string) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = namespaces.entries();
  const worker = async () => {
    for (const [index, namespace] of queue) results[index] = await work(namespace);
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, namespaces.length) }, worker));
  return results;
}
