import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient, SecretObject } from "../../../clients/kubernetes/client";
import { preconditionsOf } from "../../../clients/kubernetes/preconditions";
import { secretAt, secretsIn } from "../../../clients/kubernetes/secrets";
import { sleep } from "../../../clients/sleep";
import { DOCKER_CONFIG_TYPE } from "../../../domain/docker-config";
import type { Secret } from "../../../domain/secret";
import { backoff } from "../../deadline";
import { NotTaken } from "../placement/refused";
import { type Admission, findForeign, isForeign } from "./adopt";
import { buildSecret, type Metadata } from "./model";

/** How often a Secret is read again because others write it too. */
const ATTEMPTS = 12;

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** Everything that is the same for all Secrets of one apply. */
export interface Writer extends Admission {
  readonly client: KubernetesClient;
  readonly metadata: Metadata;
  readonly content: Secret;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Told what is replaced, before it is. */
  readonly onReplace?: (namespace: string, former: SecretObject) => void;
  /** Told what was taken over from somebody else, once it was. */
  readonly onAdopt?: (former: SecretObject) => void;
}

/**
 * Makes one namespace's Secret what it should be. In place, so that its UID and others' labels stay; only one with this resource's own
 * id that somebody froze (immutable), or made anew with another type, has to be deleted and created.
 * @throws NotTaken where it is foreign, or being deleted; ClientError
 */
export async function writeSecret(writer: Writer, namespace: string, found: SecretObject | undefined): Promise<void> {
  const { client, name, signal } = writer;
  const at = secretAt(namespace, name);
  let current = found;
  for (let attempt = 0; ; attempt++) {
    try {
      const foreign = current && findForeign([current], writer);
      if (foreign !== undefined) throw foreign;
      if (current?.metadata.deletionTimestamp !== undefined) throw beingDeleted(namespace, name);
      if (current !== undefined) writer.onReplace?.(namespace, current);
      if (current !== undefined && isFrozen(current)) {
        await client.delete(at, preconditionsOf(current), signal);
        current = undefined;
      }
      const adopted = current !== undefined && isForeign(current, writer) ? current : undefined;
      const base = adopted === undefined ? current : withoutLastApplied(adopted);
      const secret = buildSecret({ namespace, name }, writer.metadata, writer.content, base);
      await (current === undefined
        ? client.create(secretsIn(namespace), secret, {}, signal)
        : client.replace(at, secret, signal));
      if (adopted !== undefined) writer.onAdopt?.(adopted);
      return;
    } catch (error) {
      const changed = ClientError.is(error, "conflict") || (ClientError.is(error, "not_found") && current !== undefined);
      if (!changed || attempt >= ATTEMPTS) throw error;
      await sleep(backoff(attempt, writer.random), signal);
      current = await client.get<SecretObject>(at, signal);
    }
  }
}

function beingDeleted(namespace: string, name: string): NotTaken {
  const detail =
    `The Secret ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} is being deleted and waits for its finalizers, so nothing was written to it. ` +
    `Find out whose they are (kubectl get secret --namespace ${namespace} ${name} -o yaml), and apply again when it is gone.`;
  return new NotTaken(
    "blocked",
    [namespace],
    [{ severity: "error", summary: "Secret is being deleted", detail, path: ["namespaces"] }],
  );
}

/** kubectl keeps there what it applied last: a former credential, and a base that is none any more. */
function withoutLastApplied(secret: SecretObject): SecretObject {
  const { [LAST_APPLIED]: _, ...annotations } = secret.metadata.annotations ?? {};
  return { ...secret, metadata: { ...secret.metadata, annotations } };
}

/** True where the API server would refuse an update: the type can't be changed, nor the data of an immutable Secret. */
export function isFrozen({ type, immutable }: SecretObject): boolean {
  return immutable === true || type !== DOCKER_CONFIG_TYPE;
}
