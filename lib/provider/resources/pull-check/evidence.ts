import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient, SecretObject, ServiceAccountObject } from "../../../clients/kubernetes/client";
import { namespaceAt } from "../../../clients/kubernetes/namespaces";
import { listPodEvents } from "../../../clients/kubernetes/pods";
import { secretAt } from "../../../clients/kubernetes/secrets";
import { serviceAccountAt } from "../../../clients/kubernetes/service-accounts";
import type { PullSecretFact } from "../../../domain/pulls/cause";
import { type PodEvent, secretsNotFound } from "../../../domain/pulls/events";
import type { Pod } from "../../../domain/pulls/pod";
import { pullSecretKeys } from "../../../domain/pulls/pull-secret-keys";

/** What an explanation is made from. It asks for each thing once, and what it can't have it notes: an explanation never fails. */
export interface Evidence {
  /** None where they can't be read. */
  events(pod: Pod): Promise<readonly PodEvent[]>;
  /** Names of the ServiceAccount's pull secrets; null where it is not there, undefined where it can't be read. */
  accountSecrets(name: string): Promise<readonly string[] | null | undefined>;
  /** What a pull secret is good for; its values are read over, and kept nowhere. */
  pullSecret(name: string, events: readonly PodEvent[]): Promise<PullSecretFact>;
  /** False where it is not there; true also where that can't be told. */
  hasNamespace(): Promise<boolean>;
  /** What could not be looked at, for messages: `secrets "pull" (get)`. */
  readonly unseen: ReadonlySet<string>;
}

/** Evidence about the Pods of one namespace. */
export function createEvidence(client: KubernetesClient, namespace: string, signal: AbortSignal): Evidence {
  const unseen = new Set<string>();
  const answers = new Map<string, Promise<unknown>>();

  /** Undefined where there is no answer to be had. */
  async function ask<R>(what: string, question: () => Promise<R>): Promise<R | undefined> {
    const asked = answers.get(what) ?? question();
    answers.set(what, asked);
    try {
      return (await asked) as R;
    } catch (error) {
      if (!ClientError.is(error)) throw error;
      unseen.add(error.code === "forbidden" ? `${what}: not allowed` : `${what}: ${error.code}`);
      return undefined;
    }
  }

  return {
    unseen,
    async events(pod) {
      const { name, uid } = pod.metadata;
      if (uid === undefined) return [];
      const listed = await ask(`events of Pod ${name} (list)`, () => listPodEvents<PodEvent>(client, namespace, uid, signal));
      return listed ?? [];
    },
    async accountSecrets(name) {
      const account = await ask(`ServiceAccount ${name} (get)`, async () => {
        return (await client.get<ServiceAccountObject>(serviceAccountAt(namespace, name), signal)) ?? null;
      });
      return account === null || account === undefined ? account : (account.imagePullSecrets ?? []).map((secret) => secret.name);
    },
    async pullSecret(name, events) {
      const keys = await ask(`Secret ${name} (get)`, async () => {
        const secret = await client.get<SecretObject>(secretAt(namespace, name), signal);
        return secret === undefined ? null : pullSecretKeys(secret.type, secret.data);
      });
      if (keys === null) return { name, missing: true };
      if (keys !== undefined) return { name, ...keys };
      return secretsNotFound(events).includes(name) ? { name, missing: true } : { name, unseen: true };
    },
    async hasNamespace() {
      const found = await ask(
        `Namespace ${namespace} (get)`,
        async () => (await client.get(namespaceAt(namespace), signal)) ?? null,
      );
      return found !== null;
    },
  };
}
