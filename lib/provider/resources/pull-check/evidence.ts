import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient, SecretObject, ServiceAccountObject } from "../../../clients/kubernetes/client";
import { namespaceAt } from "../../../clients/kubernetes/namespaces";
import { listPodEvents } from "../../../clients/kubernetes/pods";
import { secretAt } from "../../../clients/kubernetes/secrets";
import { serviceAccountAt } from "../../../clients/kubernetes/service-accounts";
import { DOCKER_CONFIG_TYPE } from "../../../domain/docker-config";
import { type ImageReference, parseImageReference } from "../../../domain/image-reference";
import type { PullSecretFact } from "../../../domain/pulls/cause";
import { credentialsFor } from "../../../domain/pulls/credentials";
import { type PodEvent, secretsNotFound } from "../../../domain/pulls/events";
import { keysFor } from "../../../domain/pulls/keyring";
import type { Pod } from "../../../domain/pulls/pod";
import { pullSecretKeys } from "../../../domain/pulls/pull-secret-keys";
import type { RegistryAnswer } from "../../../domain/pulls/registry-answer";
import { processRedactor } from "../../../domain/redaction";
import type { ConfiguredRegistries } from "../../configured/registries";
import { contentOf } from "../pull-secret/model";
import { askRegistry } from "./ask-registry";

/** What an explanation is made from. It asks for each thing once, and what it can't have it notes: an explanation never fails. */
export interface Evidence {
  /** None where they can't be read. */
  events(pod: Pod): Promise<readonly PodEvent[]>;
  /** Names of the ServiceAccount's pull secrets; null where it is not there, undefined where it can't be read. */
  accountSecrets(name: string): Promise<readonly string[] | null | undefined>;
  /** What a pull secret is good for. */
  pullSecret(name: string, events: readonly PodEvent[]): Promise<PullSecretFact>;
  /**
   * What the registry itself says about an image that a node did not find, asked with what those pull secrets hold for it. Each image is
   * asked for once, and a host that gave no answer is not asked again. Undefined where there is no clear answer to be had.
   */
  registryAnswer(image: string, pullSecrets: readonly PullSecretFact[]): Promise<RegistryAnswer | undefined>;
  /** False where it is not there; true also where that can't be told. */
  hasNamespace(): Promise<boolean>;
  /** What could not be looked at, for messages: `secrets "pull" (get)`. */
  readonly unseen: ReadonlySet<string>;
}

/** Where an explanation asks. */
export interface Sources {
  readonly client: KubernetesClient;
  readonly registries: ConfiguredRegistries;
}

/** Evidence about the Pods of one namespace. */
export function createEvidence({ client, registries }: Sources, namespace: string, signal: AbortSignal): Evidence {
  const unseen = new Set<string>();
  const silentHosts = new Set<string>();
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

  /** Null where it is not there, undefined where it can't be read. */
  function secretOf(name: string): Promise<SecretObject | null | undefined> {
    const at = secretAt(namespace, name);
    return ask(`Secret ${name} (get)`, async () => (await client.get<SecretObject>(at, signal)) ?? null);
  }

  async function credentialsIn(name: string, image: ImageReference) {
    const secret = await secretOf(name);
    const content = secret?.type === DOCKER_CONFIG_TYPE ? contentOf(secret) : undefined;
    const found = content === undefined ? [] : credentialsFor(content, image);
    for (const { password } of found) processRedactor.remember(password);
    return found;
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
      const secret = await secretOf(name);
      if (secret === null) return { name, missing: true };
      if (secret !== undefined) return { name, ...pullSecretKeys(secret.type, secret.data) };
      return secretsNotFound(events).includes(name) ? { name, missing: true } : { name, unseen: true };
    },
    async registryAnswer(reference, pullSecrets) {
      const image = parseImageReference(reference);
      if (image === undefined || silentHosts.has(image.host)) return undefined;
      const held = await Promise.all(pullSecrets.map(({ name }) => credentialsIn(name, image)));
      const credentials = held.flat();
      // Somebody who may see less than the node would be told of less.
      if (credentials.length === 0 && pullSecrets.some(mayHold(image))) return undefined;
      const key = `${reference} ${pullSecrets.map(({ name }) => name).join(" ")}`;
      const asked = answers.get(key) ?? askRegistry(registries, image, credentials, signal);
      answers.set(key, asked);
      const answer = (await asked) as RegistryAnswer | undefined;
      if (answer === undefined) silentHosts.add(image.host);
      return answer;
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

/** Whether a pull secret has, or may have, a credential for an image. */
function mayHold(image: ImageReference): (secret: PullSecretFact) => boolean {
  return (secret) => "unseen" in secret || ("keys" in secret && keysFor(image, secret.keys).length > 0);
}
