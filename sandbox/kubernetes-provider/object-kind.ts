import type { KubernetesClient, KubernetesObject, Location } from "../../lib/clients/kubernetes/client";
import type { ObjectValue } from "../../lib/provider/framework/value";
import type { Ignored, Metadata } from "./metadata";
import type { Fields } from "./to-object";

/** A Kubernetes object of any kind. */
export interface Manifest extends KubernetesObject {
  readonly metadata: Metadata;
  readonly spec?: Fields;
  readonly status?: Fields;
  readonly [field: string]: unknown;
}

/** What is needed to wait for an object. */
export interface ReadyContext {
  readonly client: KubernetesClient;
  readonly at: Location;
  /** What was planned, `timeouts` and switches included. */
  readonly planned: ObjectValue;
  readonly operation: "create" | "update";
  readonly signal: AbortSignal;
}

/** How one resource type is an object in the cluster. */
export interface ObjectKind {
  /** `kubernetes_pod_v1` */
  readonly type: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Plural, as in RBAC. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** Attributes that stand in the state alone, and not in the object. */
  readonly stateOnly: readonly string[];
  /** Milliseconds a delete may take. @default - the delete is not waited for */
  readonly deleteTimeout?: number;
  /** Stands before the API server's message where a create or an update fails. */
  readonly failure?: { readonly create: string; readonly update: string };
  /** True where Kubernetes makes the object by itself: a create waits for it, and changes it. @default false */
  readonly isThere?: boolean;
  /** From values as a configuration has them to the object's own form. @default - as they are */
  encode?(object: Manifest): Manifest;
  /** Leaves out what the cluster's own parts added, and undoes `encode`. @default - nothing */
  hide?(object: Manifest, prior: ObjectValue | undefined, ignored: Ignored): Manifest;
  /** The object as an update wants it; labels and annotations are done. `wanted` is the whole plan as an object. @default - as it is */
  change?(current: Manifest, wanted: Fields, prior: ObjectValue, planned: ObjectValue): Manifest;
  /** Waits after a create or an update. @throws DiagnosticError when the time is up @default - does not wait */
  ready?(context: ReadyContext): Promise<void>;
}
