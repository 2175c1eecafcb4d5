import { isRecord } from "../../domain/json";
import { type ReviewedRule, readReviewedRules } from "../../domain/reviewed-rules";
import { ClientError } from "../client-error";
import type { KubernetesClient, KubernetesObject } from "./client";

const RULES = { apiVersion: "authorization.k8s.io/v1", resource: "selfsubjectrulesreviews" } as const;
const REVIEWS = { apiVersion: "authentication.k8s.io/v1", resource: "selfsubjectreviews" } as const;

/**
 * The caller's user name as the API server sees it (SelfSubjectReview, Kubernetes 1.28 and later). Undefined where it doesn't say: it has
 * no such review, or the caller may not ask. Throws ClientError for all else.
 */
export async function identify(client: KubernetesClient, signal: AbortSignal): Promise<string | undefined> {
  const review = { apiVersion: REVIEWS.apiVersion, kind: "SelfSubjectReview", metadata: { name: "" } } as KubernetesObject;
  try {
    const { status } = (await client.create(REVIEWS, review, {}, signal)) as KubernetesObject & { readonly status?: unknown };
    const user = isRecord(status) && isRecord(status.userInfo) ? status.userInfo.username : undefined;
    return typeof user === "string" ? user : undefined;
  } catch (error) {
    if (ClientError.is(error, "not_found", "forbidden")) return undefined;
    throw error;
  }
}

/** The same for messages: whatever goes wrong is no reason to fail. */
export async function callerName(client: KubernetesClient, signal: AbortSignal): Promise<string | undefined> {
  return identify(client, signal).catch(() => undefined);
}

/**
 * What the caller may do in a namespace, by one request (SelfSubjectRulesReview). What it names is allowed as far as the authorizers can
 * tell; what it doesn't name may be allowed all the same, since not every authorizer can list its rules. Throws ClientError.
 */
export async function rulesIn(
  client: KubernetesClient,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly ReviewedRule[]> {
  const review = {
    apiVersion: RULES.apiVersion,
    kind: "SelfSubjectRulesReview",
    metadata: {},
    spec: { namespace },
  } as unknown as KubernetesObject;
  const { status } = (await client.create(RULES, review, {}, signal)) as KubernetesObject & { readonly status?: unknown };
  return readReviewedRules(status);
}
