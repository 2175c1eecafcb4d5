import type { SecretObject } from "../../../clients/kubernetes/client";
import { canonicalDockerConfig, DOCKER_CONFIG_KEY, DOCKER_CONFIG_TYPE } from "../../../domain/docker-config";
import type { Secret } from "../../../domain/secret";
import type { TargetStatus } from "../../../domain/target";
import { claimOnSecret, contentOf, type Metadata, type SecretsViewpoint } from "./model";

/** How a Secret should be. */
export interface Expectation extends SecretsViewpoint {
  readonly metadata: Metadata;
  /** Whether this is the content, in its canonical form. */
  readonly isContent: (canonical: Secret) => Promise<boolean>;
}

/** How one namespace's Secret stands against what it should be. */
export async function statusOf(secret: SecretObject | undefined, expected: Expectation): Promise<TargetStatus> {
  if (secret === undefined) return "missing";
  if (claimOnSecret(secret, expected.metadata.ownership, expected) !== "ours") return "foreign";
  // Until its finalizers let it go it takes no other fate.
  if (secret.metadata.deletionTimestamp !== undefined) return "blocked";
  return hasMetadata(secret, expected.metadata) && (await hasContent(secret, expected)) ? "in_sync" : "edited";
}

/** The last answer about a content as it was written: the Secrets of a fleet mostly hold the same text. */
const lastAnswers = new WeakMap<Expectation["isContent"], { readonly written: string; readonly answer: Promise<boolean> }>();

/** Whether type and data are as expected: our one key, and the same content in whatever spelling. */
export async function hasContent(secret: SecretObject, { isContent }: Pick<Expectation, "isContent">): Promise<boolean> {
  const written = secret.data?.[DOCKER_CONFIG_KEY];
  if (written === undefined || secret.type !== DOCKER_CONFIG_TYPE) return false;
  if (Object.keys(secret.data ?? {}).some((key) => key !== DOCKER_CONFIG_KEY)) return false;
  const last = lastAnswers.get(isContent);
  if (last?.written === written) return last.answer;
  const content = contentOf(secret);
  const canonical = content && canonicalDockerConfig(content);
  const answer = canonical === undefined ? Promise.resolve(false) : isContent(canonical);
  lastAnswers.set(isContent, { written, answer });
  return answer;
}

function hasMetadata({ metadata: found }: SecretObject, { labels, annotations, dropped }: Metadata): boolean {
  const has = (map: { readonly [key: string]: string } | undefined, expected: { readonly [key: string]: string }) =>
    Object.entries(expected).every(([key, value]) => map?.[key] === value);
  return (
    has(found.labels, labels) &&
    has(found.annotations, annotations) &&
    dropped.labels.every((key) => found.labels?.[key] === undefined) &&
    dropped.annotations.every((key) => found.annotations?.[key] === undefined)
  );
}
