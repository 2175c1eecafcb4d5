import { randomBytes } from "node:crypto";
import type { SecretObject, ServiceAccountObject } from "../../lib/clients/kubernetes/client";
import type { RawClient, RawRequest } from "./raw";

/** The registry that all Secrets open. */
export const HOST = "registry.example.com";
/** The user at that registry. */
export const USER = "fleet";

/** What all names of the fleet's namespaces begin with, and no other's. */
export const FLEET = "fleet-";

/** `fleet-00042`. */
export function fleetNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${FLEET}${String(index).padStart(5, "0")}`);
}

/** As long as a registry token of Bluemix, and unlike anything else. */
export const newPassword = (): string => randomBytes(96).toString("base64url");

/** The docker config JSON that opens {@link HOST} with a password. */
export function dockerConfig(password: string): string {
  const auth = Buffer.from(`${USER}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [HOST]: { username: USER, password, auth } } });
}

/** Every form in which a password could stand in a file. */
export function formsOf(password: string): readonly string[] {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const pair = base64(`${USER}:${password}`);
  return [password, base64(password).replace(/=*$/, ""), pair.replace(/=*$/, ""), base64(dockerConfig(password)).slice(0, 120)];
}

/** Creates a Secret and links it to ServiceAccount `default`, in each namespace: the same writes as a first apply's. */
export function writesOf(secretName: string, namespaces: readonly string[], password: string): readonly RawRequest[] {
  const data = { ".dockerconfigjson": Buffer.from(dockerConfig(password)).toString("base64") };
  return namespaces.flatMap((namespace): RawRequest[] => [
    {
      method: "POST",
      path: `/api/v1/namespaces/${namespace}/secrets`,
      body: { metadata: { name: secretName }, type: "kubernetes.io/dockerconfigjson", data },
    },
    {
      method: "PATCH",
      path: `/api/v1/namespaces/${namespace}/serviceaccounts/default`,
      body: { imagePullSecrets: [{ name: secretName }] },
    },
  ]);
}

/** Undoes {@link writesOf}. */
export function undoingOf(secretName: string, namespaces: readonly string[]): readonly RawRequest[] {
  return namespaces.flatMap((namespace): RawRequest[] => [
    { method: "DELETE", path: `/api/v1/namespaces/${namespace}/secrets/${secretName}` },
    {
      method: "PATCH",
      path: `/api/v1/namespaces/${namespace}/serviceaccounts/default`,
      body: { imagePullSecrets: null },
    },
  ]);
}

/** What a refresh has to list: the Secrets of one name, and the ServiceAccounts `default`. */
export async function listFleet(
  raw: RawClient,
  secretName: string,
): Promise<{ readonly secrets: readonly SecretObject[]; readonly accounts: readonly ServiceAccountObject[] }> {
  const [secrets, accounts] = await Promise.all([
    raw.list<SecretObject>("/api/v1/secrets", `metadata.name=${secretName}`),
    raw.list<ServiceAccountObject>("/api/v1/serviceaccounts", "metadata.name=default"),
  ]);
  return { secrets, accounts };
}

/**
 * Throws unless every namespace has the Secret with this password, linked to its ServiceAccount: a fast run that did half of the work is
 * no figure.
 */
export async function checkFleet(
  raw: RawClient,
  secretName: string,
  namespaces: readonly string[],
  password: string,
): Promise<void> {
  const { secrets, accounts } = await listFleet(raw, secretName);
  const good = new Set(
    secrets.filter(({ data }) => passwordIn(data?.[".dockerconfigjson"]) === password).map(({ metadata }) => metadata.namespace),
  );
  const linked = new Set(
    accounts
      .filter(({ imagePullSecrets }) => imagePullSecrets?.some(({ name }) => name === secretName))
      .map(({ metadata }) => metadata.namespace),
  );
  const bad = namespaces.filter((namespace) => !good.has(namespace) || !linked.has(namespace));
  if (bad.length > 0) throw new Error(`${bad.length} namespaces are not as they should be: ${bad.slice(0, 5).join(", ")} …`);
}

function passwordIn(data: string | undefined): string | undefined {
  if (data === undefined) return undefined;
  const { auths } = JSON.parse(Buffer.from(data, "base64").toString("utf8")) as {
    readonly auths?: { readonly [host: string]: { readonly password?: string } };
  };
  return auths?.[HOST]?.password;
}
