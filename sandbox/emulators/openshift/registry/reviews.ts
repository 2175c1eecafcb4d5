import type { KubernetesApi } from "../kubernetes-api";
import type { AccessCheck } from "./requested-access";

/** Somebody as the API server knows them. */
export interface User {
  readonly username: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: { readonly [name: string]: readonly string[] };
}

/** Whoever shows no credentials. */
export const ANONYMOUS: User = { username: "system:anonymous", groups: ["system:unauthenticated"] };

/** Whom an API token belongs to; undefined where it is no token of this cluster's, or no longer. @throws where the API server can't say */
export async function userOf(api: KubernetesApi, token: string): Promise<User | undefined> {
  const { status, body } = await api.send("POST", "/apis/authentication.k8s.io/v1/tokenreviews", {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    spec: { token },
  });
  if (status !== 201) throw new Error(`TokenReview: ${status} ${String(body.message)}`);
  return body.status?.authenticated === true ? (body.status.user as User) : undefined;
}

/** Whether RBAC lets somebody do all of it, right now. @throws where the API server can't say */
export async function mayAll(api: KubernetesApi, user: User, checks: readonly AccessCheck[]): Promise<boolean> {
  for (const check of checks) {
    const { username, uid, groups, extra } = user;
    const { status, body } = await api.send("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user: username, uid, groups, extra, resourceAttributes: { ...check, group: "image.openshift.io" } },
    });
    if (status !== 201) throw new Error(`SubjectAccessReview: ${status} ${String(body.message)}`);
    if (body.status?.allowed !== true) return false;
  }
  return true;
}
