import type { SecretObject } from "../../../clients/kubernetes/client";
import { DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from "../../../domain/docker-config";
import {
  type Claim,
  claimOn,
  INSTANCE_ANNOTATION,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  OWNER_ANNOTATION,
  type Ownership,
} from "../../../domain/ownership";
import { Secret } from "../../../domain/secret";
import type { State } from "../../../schema/model";
import type { pullSecret } from "../../../schema/pull-secret";
import type { ObjectValue } from "../../framework/value";

/** The state of `registry_pull_secret`. */
export type PullSecretState = State<typeof pullSecret>;

/** A value that is wholly known, as a state. */
export function asState(value: ObjectValue): PullSecretState {
  return value as unknown as PullSecretState;
}

/** A pull secret at the start of a message. */
export function describePullSecret(name: string): string {
  return `Pull secret ${JSON.stringify(name)}`;
}

/** From where one looks at the Secrets of a resource. */
export interface SecretsViewpoint {
  /** The owner in the state, where the configured one differs, or the other way round. */
  readonly otherOwner?: string | undefined;
  /** Namespaces whose Secret is this resource's, as the state has it. */
  readonly held?: ReadonlySet<string> | undefined;
}

/** How a Secret stands whose content is the fingerprint's. */
export function isAsWritten(status: string | null | undefined): boolean {
  return status === "in_sync" || status === "outdated";
}

/** The namespaces whose Secret a state holds: one that was missing, or somebody else's, has no marks of ours to lose. */
export function heldBy({ targets }: Pick<PullSecretState, "targets">): ReadonlySet<string> {
  const entries = Object.entries(targets ?? {});
  return new Set(
    entries.filter(([, { status }]) => isAsWritten(status) || status === "edited" || status === "unmatched").map(([key]) => key),
  );
}

/**
 * Whose a Secret is. One of another type was not written by us, whatever label or owner it has, and one with ownerReferences is its
 * controller's; only this resource's own id says more than that.
 */
export function claimOnSecret(
  { type, metadata }: SecretObject,
  ownership: Ownership,
  { otherOwner, held }: SecretsViewpoint,
): Claim {
  const isHeld = type === DOCKER_CONFIG_TYPE && held?.has(metadata.namespace ?? "") === true;
  const claim = claimOn(metadata, ownership, { otherOwner, isHeld });
  const isOfOurKind = type === DOCKER_CONFIG_TYPE && (metadata.ownerReferences ?? []).length === 0;
  return claim === "same_owner" && !isOfOurKind ? "foreign" : claim;
}

interface StringMap {
  readonly [name: string]: string;
}

/** What every Secret of one resource carries beside its data. */
export interface Metadata {
  readonly ownership: Ownership;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  /** Keys that we set before and that the configuration no longer has. */
  readonly dropped: { readonly labels: readonly string[]; readonly annotations: readonly string[] };
}

const NOTHING_DROPPED: Metadata["dropped"] = { labels: [], annotations: [] };

/** The metadata of a state, or of a plan after a prior state. `dropped` has what earlier updates dropped and did not reach everywhere. */
export function metadataOf(
  value: PullSecretState,
  ownership: Ownership,
  dropped: Metadata["dropped"] = NOTHING_DROPPED,
  prior?: PullSecretState,
): Metadata {
  const [labels, annotations] = [value.labels ?? {}, value.annotations ?? {}];
  const gone = (earlier: readonly string[], before: StringMap | null | undefined, after: StringMap) =>
    [...new Set([...earlier, ...Object.keys(before ?? {})])].filter((key) => !Object.hasOwn(after, key));
  return {
    ownership,
    labels: { ...labels, [MANAGED_BY_LABEL]: MANAGED_BY },
    annotations: { ...annotations, [OWNER_ANNOTATION]: ownership.owner, [INSTANCE_ANNOTATION]: ownership.instance },
    dropped: {
      labels: gone(dropped.labels, prior?.labels, labels),
      annotations: gone(dropped.annotations, prior?.annotations, annotations),
    },
  };
}

/** The Secret to write: over what is there, whose other labels and annotations stay, or a new one. */
export function buildSecret(
  at: { readonly namespace: string; readonly name: string },
  metadata: Metadata,
  content: Secret,
  current?: SecretObject,
): SecretObject {
  const without = (map: StringMap | undefined, keys: readonly string[]) =>
    Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !keys.includes(key)));
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: DOCKER_CONFIG_TYPE,
    metadata: {
      ...current?.metadata,
      ...at,
      labels: { ...without(current?.metadata.labels, metadata.dropped.labels), ...metadata.labels },
      annotations: { ...without(current?.metadata.annotations, metadata.dropped.annotations), ...metadata.annotations },
    },
    data: { [DOCKER_CONFIG_KEY]: Buffer.from(content.reveal(), "utf8").toString("base64") },
  };
}

/** A copy of an object that can be created anew: without what the API server sets. */
export function asNew(secret: SecretObject): SecretObject {
  const { name, namespace, labels, annotations } = secret.metadata;
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return { ...secret, metadata };
}

/** The docker config JSON in a Secret; undefined where it holds none. */
export function contentOf(secret: SecretObject): Secret | undefined {
  const data = secret.data?.[DOCKER_CONFIG_KEY];
  return data === undefined ? undefined : Secret.of(Buffer.from(data, "base64").toString("utf8"));
}
