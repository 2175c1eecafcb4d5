import { ClientError } from "../../clients/client-error";
import type { KubernetesClient, SecretObject, ServiceAccountObject } from "../../clients/kubernetes/client";
import { getTwice } from "../../clients/kubernetes/get-twice";
import { preconditionsOf } from "../../clients/kubernetes/preconditions";
import { secretAt, secretsIn } from "../../clients/kubernetes/secrets";
import { requestToken, serviceAccountAt, serviceAccountsIn } from "../../clients/kubernetes/service-accounts";
import { INSTANCE_ANNOTATION } from "../../domain/ownership";
import { processRedactor } from "../../domain/redaction";
import { missingAccount } from "./advice";
import type { ProjectTokens, ServiceAccountToken, ServiceAccountTokenRequest } from "./token";
import {
  accountOf,
  buildTokenSecret,
  LONG_LIVED,
  OURS,
  ownAccountOf,
  tokenIn,
  toServiceAccountToken,
  withToken,
} from "./token-secret";

/** Between two looks at a Secret that the cluster fills, in milliseconds. */
const PAUSE_MILLISECONDS = 250;
/** How often a Secret is read again because others write it too, or is deleted although it seemed gone. */
const ATTEMPTS = 6;

/** What the tokens of a project are reached with. */
export interface ProjectTokensOptions {
  /** The Secret of a state's own token: labels and annotations of it may be gone. */
  readonly own: string | undefined;
  readonly client: () => Promise<KubernetesClient>;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The tokens of one project's ServiceAccounts, each in a Secret. */
export function createProjectTokens(project: string, { own, client: connect, sleep }: ProjectTokensOptions): ProjectTokens {
  async function list(signal: AbortSignal): Promise<readonly ServiceAccountToken[]> {
    const client = await connect();
    const [ours, longLived] = await Promise.all([
      client.list<SecretObject>(secretsIn(project), OURS, signal),
      client.list<SecretObject>(secretsIn(project), LONG_LIVED, signal),
    ]);
    const listed = new Map([...longLived, ...ours].map((secret) => [secret.metadata.name, secret]));
    const stripped = own === undefined || listed.has(own) ? undefined : await getOwn(client, own, signal);
    const secrets = [...listed.values(), ...(stripped === undefined ? [] : [stripped])];
    const accounts = secrets.some(({ type }) => type === "Opaque") ? await accountsIn(client, project, signal) : undefined;
    return secrets.flatMap((secret) => {
      const account = secret.metadata.name === own ? ownAccountOf(secret) : accountOf(secret);
      return toServiceAccountToken(secret, accounts, account) ?? [];
    });
  }

  /** Not in the list without its label: its token is good all the same, as long as it is there. */
  function getOwn(client: KubernetesClient, name: string, signal: AbortSignal): Promise<SecretObject | undefined> {
    return client.get<SecretObject>(secretAt(project, name), signal);
  }

  async function issue(
    request: ServiceAccountTokenRequest & { readonly description: string },
    signal: AbortSignal,
  ): Promise<ServiceAccountToken> {
    const client = await connect();
    const { serviceAccount, lifetimeSeconds } = request;
    const account = await client.get<ServiceAccountObject>(serviceAccountAt(project, serviceAccount), signal);
    if (account === undefined) throw await missingAccount(client, project, serviceAccount, signal);
    const secret = await make(client, buildTokenSecret(project, request), signal);
    const filled =
      lifetimeSeconds === null ? await awaitToken(client, secret, signal) : await fill(client, secret, lifetimeSeconds, signal);
    const issued = toServiceAccountToken(filled, [account]);
    if (issued === undefined) throw new Error("a Secret that we made is no token Secret");
    return issued;
  }

  /** Our nonce is in its name: one that is there already is ours, from a request whose answer was lost. */
  async function make(client: KubernetesClient, secret: SecretObject, signal: AbortSignal): Promise<SecretObject> {
    try {
      return await client.create(secretsIn(project), secret, {}, signal);
    } catch (error) {
      if (!ClientError.is(error, "conflict")) throw error;
      const there = await client.get<SecretObject>(secretAt(project, secret.metadata.name), signal);
      const nonce = secret.metadata.annotations?.[INSTANCE_ANNOTATION];
      if (there === undefined || there.metadata.annotations?.[INSTANCE_ANNOTATION] !== nonce) throw error;
      return there;
    }
  }

  async function awaitToken(client: KubernetesClient, secret: SecretObject, signal: AbortSignal): Promise<SecretObject> {
    const { name } = secret.metadata;
    for (let current: SecretObject | undefined = secret; ; ) {
      // The cluster deletes one whose ServiceAccount is gone.
      if (current === undefined) throw await missingAccount(client, project, accountOf(secret) ?? "", signal);
      const token = tokenIn(current);
      if (token !== undefined) {
        processRedactor.remember(token);
        return current;
      }
      await sleep(PAUSE_MILLISECONDS, signal);
      current = await client.get<SecretObject>(secretAt(project, name), signal);
    }
  }

  async function fill(
    client: KubernetesClient,
    secret: SecretObject,
    lifetimeSeconds: number,
    signal: AbortSignal,
  ): Promise<SecretObject> {
    const { name, uid = "" } = secret.metadata;
    const account = serviceAccountAt(project, accountOf(secret) ?? "");
    const { token } = await requestToken(client, account, { boundTo: { name, uid }, lifetimeSeconds }, signal);
    processRedactor.remember(token);
    let current = secret;
    for (let attempt = 0; ; attempt++) {
      try {
        return await client.replace(secretAt(project, name), withToken(current, token), signal);
      } catch (error) {
        if (!ClientError.is(error, "conflict") || attempt >= ATTEMPTS) throw error;
        const there = await client.get<SecretObject>(secretAt(project, name), signal);
        if (there === undefined || there.metadata.uid !== uid) throw error;
        current = there;
      }
    }
  }

  /** Deletes its Secret, with which the cluster takes the token no more. */
  async function revoke(id: string, signal: AbortSignal): Promise<void> {
    const client = await connect();
    const name = id.slice(project.length + 1);
    const at = secretAt(project, name);
    for (let attempt = 0; ; attempt++) {
      const secret = await getTwice<SecretObject>(client, at, signal);
      if (secret === undefined || secret.metadata.deletionTimestamp !== undefined) return;
      if (ownAccountOf(secret) === undefined) throw new Error("a Secret that holds no token would have been deleted");
      if (attempt >= ATTEMPTS) throw stillThere(client, project, name);
      try {
        // Also after a 404: what is taken for gone is in no state any more, so it has to be.
        await client.delete(at, preconditionsOf(secret), signal);
      } catch (error) {
        if (!ClientError.is(error, "conflict")) throw error;
      }
    }
  }

  return { list, issue, revoke };
}

/** Undefined where they may not be listed: then nobody knows whether one was made anew. */
async function accountsIn(
  client: KubernetesClient,
  project: string,
  signal: AbortSignal,
): Promise<readonly ServiceAccountObject[] | undefined> {
  try {
    return await client.list<ServiceAccountObject>(serviceAccountsIn(project), {}, signal);
  } catch (error) {
    if (ClientError.is(error, "forbidden")) return undefined;
    throw error;
  }
}

function stillThere(client: KubernetesClient, project: string, name: string): ClientError {
  return new ClientError(
    "malformed",
    `DELETE ${client.server}/api/v1/namespaces/${project}/secrets/${name}: the API server deletes it again and again, and goes on showing it. Its token may still be good: try again later, or delete it there.`,
  );
}
