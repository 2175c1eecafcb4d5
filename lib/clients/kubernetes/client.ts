import type { FieldsEntry } from "../../domain/last-edit";

/** The Kubernetes API, as much of it as pull secrets and ServiceAccount patches need. */

/** What every object has. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly labels?: { readonly [name: string]: string };
  readonly annotations?: { readonly [name: string]: string };
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  /** Who wrote which field. */
  readonly managedFields?: readonly FieldsEntry[];
}
/** Any object of the API. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

/** A Secret, as the API server gives it. */
export interface SecretObject extends KubernetesObject {
  readonly type?: string;
  /** Base64. Secret: never log it. */
  readonly data?: { readonly [key: string]: string };
  readonly immutable?: boolean;
}

/** A ServiceAccount, as far as pulling goes. */
export interface ServiceAccountObject extends KubernetesObject {
  readonly imagePullSecrets?: readonly { readonly name: string }[];
}

/** One collection: `secrets` of a namespace or of all (`namespace` undefined). */
export interface Collection {
  /** `v1`, `apps/v1`. */
  readonly apiVersion: string;
  /** Plural, as in RBAC: `secrets`, `serviceaccounts`. */
  readonly resource: string;
  readonly namespace?: string;
}
/** One object of a collection. */
export interface Location extends Collection {
  readonly name: string;
}

/**
 * A cluster's API. Failures are ClientError: `forbidden` names verb, resource and namespace; 409 is `conflict`, with serviceCode
 * `AlreadyExists` where the object was there; 410 is `gone`. Retries (429, 5xx, reset connections) are inside, writes only where safe.
 */
export interface KubernetesClient {
  /** `https://127.0.0.1:6443`, for messages. */
  readonly server: string;
  /** The kubeconfig's context, for messages. @default - none was used */
  readonly context?: string;
  /** The CA (PEM) that the API server's certificate is checked against. @default - the system's */
  readonly ca?: string;
  /** undefined for 404. */
  get<T extends KubernetesObject>(at: Location, signal: AbortSignal): Promise<T | undefined>;
  /** All pages. An expired continue token starts again by itself. */
  list<T extends KubernetesObject>(
    of: Collection,
    query: { readonly fieldSelector?: string; readonly labelSelector?: string; readonly limit?: number },
    signal: AbortSignal,
  ): Promise<T[]>;
  /** `conflict` where it is there, which this very request may have made: its answer may have been lost. */
  create<T extends KubernetesObject>(
    in_: Collection,
    object: T,
    options: { readonly dryRun?: boolean },
    signal: AbortSignal,
  ): Promise<T>;
  /** PUT; guarded where the object has a resourceVersion. */
  replace<T extends KubernetesObject>(at: Location, object: T, signal: AbortSignal): Promise<T>;
  /**
   * A JSON merge patch, which leaves alone what it does not name; guarded where it holds a resourceVersion, and then sent again where its
   * answer was lost: `conflict` may mean that this very request did it.
   */
  patch<T extends KubernetesObject>(at: Location, patch: { readonly [field: string]: unknown }, signal: AbortSignal): Promise<T>;
  /** False where it was gone. `conflict` where a precondition did not hold. */
  delete(
    at: Location,
    preconditions: { readonly uid?: string; readonly resourceVersion?: string },
    signal: AbortSignal,
  ): Promise<boolean>;
  /** SelfSubjectAccessReview: may the caller? Without a namespace, may it in all of them. */
  can(verb: string, at: Collection & { readonly name?: string }, signal: AbortSignal): Promise<boolean>;
  /** Closes connections. */
  close(): Promise<void>;
}

/** How to reach a cluster: the provider's `kubernetes` attribute with environment variables filled in, null where unset. */
export interface KubernetesSettings {
  readonly configPaths: readonly string[];
  readonly configContext: string | null;
  readonly configContextAuthInfo: string | null;
  readonly configContextCluster: string | null;
  readonly host: string | null;
  readonly token: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly clientCertificate: string | null;
  readonly clientKey: string | null;
  readonly clusterCaCertificate: string | null;
  readonly insecure: boolean;
  readonly tlsServerName: string | null;
  readonly proxyUrl: string | null;
  readonly exec: {
    readonly apiVersion: string;
    readonly command: string;
    readonly args: readonly string[];
    readonly env: { readonly [name: string]: string };
  } | null;
}
