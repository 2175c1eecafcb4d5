import type { AccountFacts, ClusterFacts, PodFacts, SecretFacts } from "../../../lib/domain/access-map/facts";

/** Base64 of a docker config JSON; what is no object is taken as the text itself. */
export function dockerConfig(auths: object | string): { readonly [key: string]: string } {
  const text = typeof auths === "string" ? auths : JSON.stringify({ auths });
  return { ".dockerconfigjson": Buffer.from(text).toString("base64") };
}

/** A login as kubectl writes it. */
export function login(password: string): object {
  return { username: "token", password, auth: Buffer.from(`token:${password}`).toString("base64") };
}

/** A JWT with these claims, signed by nobody. */
export function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.c2lnbmF0dXJl`;
}

export function secret(namespace: string, name: string, auths: object | string, more: Partial<SecretFacts> = {}): SecretFacts {
  return { metadata: { namespace, name }, type: "kubernetes.io/dockerconfigjson", data: dockerConfig(auths), ...more };
}

export function account(namespace: string, ...pullSecrets: readonly string[]): AccountFacts {
  return { metadata: { namespace, name: "default" }, imagePullSecrets: pullSecrets.map((name) => ({ name })) };
}

export function pod(namespace: string, name: string, ...pullSecrets: readonly string[]): PodFacts {
  return { metadata: { namespace, name }, spec: { imagePullSecrets: pullSecrets.map((secretName) => ({ name: secretName })) } };
}

/** A cluster in which all was looked at. */
export function facts(some: Partial<ClusterFacts>): ClusterFacts {
  return { namespaces: ["team-a"], secrets: [], accounts: [], pods: [], templates: [], notLooked: [], ...some };
}
