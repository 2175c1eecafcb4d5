/** Who can pull from where on a cluster: pure rules over what the API server lists. No credential leaves this folder. */
import type { Pod } from "../pulls/pod";

/** The kinds of objects that are looked at. */
export type LookedAtKind = "Namespaces" | "Secrets" | "ServiceAccounts" | "Pods" | "workloads";

/** Something that could not be read. */
export interface NotLooked {
  readonly kind: LookedAtKind;
  /** @default - in no namespace */
  readonly namespace?: string;
  /** Why, as the API server or our client says it. */
  readonly reason: string;
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly annotations?: { readonly [name: string]: string };
  readonly deletionTimestamp?: string;
}

/** A Secret, as the API server gives it. */
export interface SecretFacts {
  readonly metadata: Metadata;
  readonly type?: string;
  /** Base64. Secret: never shown. */
  readonly data?: { readonly [key: string]: string };
}

interface Reference {
  readonly name?: string;
}

/** A ServiceAccount. */
export interface AccountFacts {
  readonly metadata: Metadata;
  readonly imagePullSecrets?: readonly Reference[];
  /** What its Pods may mount, and on OpenShift what its builds push with. */
  readonly secrets?: readonly Reference[];
}

interface ContainerSecrets {
  readonly env?: readonly { readonly valueFrom?: { readonly secretKeyRef?: Reference } }[];
  readonly envFrom?: readonly { readonly secretRef?: Reference }[];
}

interface SecretVolume {
  readonly secret?: { readonly secretName?: string };
  readonly projected?: { readonly sources?: readonly { readonly secret?: Reference }[] };
}

/** What of a Pod's specification names a Secret. */
export interface PodSpecFacts {
  readonly serviceAccountName?: string;
  readonly imagePullSecrets?: readonly Reference[];
  readonly volumes?: readonly SecretVolume[];
  readonly initContainers?: readonly ContainerSecrets[];
  readonly containers?: readonly ContainerSecrets[];
}

/** A Pod. */
export type PodFacts = Pod & { readonly metadata: Metadata; readonly spec?: PodSpecFacts };

/** Something that makes Pods, also where it has made none yet: a Deployment without replicas, a CronJob. */
export interface TemplateFacts {
  readonly namespace: string;
  /** `Deployment shop` */
  readonly what: string;
  readonly spec: PodSpecFacts;
}

/** All that was read of a cluster. */
export interface ClusterFacts {
  readonly namespaces: readonly string[];
  readonly secrets: readonly SecretFacts[];
  readonly accounts: readonly AccountFacts[];
  readonly pods: readonly PodFacts[];
  readonly templates: readonly TemplateFacts[];
  /** What is missing above because it could not be read. */
  readonly notLooked: readonly NotLooked[];
  /** The only names of Secrets that were looked for. @default - all pull secrets were */
  readonly secretNames?: readonly string[];
}

/** Whether a kind was read in a namespace. */
export function wasLookedAt({ notLooked }: Pick<ClusterFacts, "notLooked">, kind: LookedAtKind, namespace: string): boolean {
  return !notLooked.some((gap) => gap.kind === kind && (gap.namespace === undefined || gap.namespace === namespace));
}

/** The names in a list of references. */
export function namesOf(references: readonly Reference[] | undefined): readonly string[] {
  return [...new Set((references ?? []).flatMap(({ name }) => (name === undefined || name === "" ? [] : [name])))];
}

/** The Secrets that a Pod's specification uses for something else than pulling: volumes and environment variables. */
export function otherSecretsOf(spec: PodSpecFacts): readonly string[] {
  const volumes = (spec.volumes ?? []).flatMap(({ secret, projected }) => [
    { name: secret?.secretName ?? "" },
    ...(projected?.sources ?? []).flatMap((source) => source.secret ?? []),
  ]);
  const variables = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].flatMap(({ env, envFrom }) => [
    ...(env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
    ...(envFrom ?? []).flatMap(({ secretRef }) => secretRef ?? []),
  ]);
  return namesOf([...volumes, ...variables]);
}
