import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient, SecretObject } from "../../../clients/kubernetes/client";
import { secretAt, secretsIn } from "../../../clients/kubernetes/secrets";
import { DOCKER_CONFIG_TYPE } from "../../../domain/docker-config";
import { claimOn, describeOwner } from "../../../domain/ownership";
import type { Secret } from "../../../domain/secret";
import { backoff, pause } from "../../deadline";
import { type Diagnostic, DiagnosticError } from "../../framework/diagnostic";
import { buildSecret, type Metadata } from "./model";

/** How often a Secret is read again because others write it too. */
const ATTEMPTS = 12;

/** Everything that is the same for all Secrets of one apply. */
export interface Writer {
  readonly client: KubernetesClient;
  readonly name: string;
  readonly metadata: Metadata;
  /** The owner in the state, where the configured one differs: its Secrets are relabelled. */
  readonly formerOwner?: string;
  readonly content: Secret;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Told what is replaced, before it is. */
  readonly onReplace?: (namespace: string, former: SecretObject) => void;
}

/**
 * Makes one namespace's Secret what it should be. In place, so that its UID and others' labels stay; only a frozen one
 * (immutable), or one of another type, has to be deleted and created.
 * @throws DiagnosticError where it is foreign; ClientError
 */
export async function writeSecret(writer: Writer, namespace: string, found: SecretObject | undefined): Promise<void> {
  const { client, name, signal } = writer;
  const at = secretAt(namespace, name);
  let current = found;
  for (let attempt = 0; ; attempt++) {
    try {
      if (current !== undefined) refuseForeign([current], writer);
      if (current?.metadata.deletionTimestamp !== undefined) throw beingDeleted(namespace, name);
      if (current !== undefined) writer.onReplace?.(namespace, current);
      if (current !== undefined && isFrozen(current)) {
        await client.delete(at, preconditionsOf(current), signal);
        current = undefined;
      }
      const secret = buildSecret({ namespace, name }, writer.metadata, writer.content, current);
      await (current === undefined
        ? client.create(secretsIn(namespace), secret, {}, signal)
        : client.replace(at, secret, signal));
      return;
    } catch (error) {
      const changed = ClientError.is(error, "conflict") || (ClientError.is(error, "not_found") && current !== undefined);
      if (!changed || attempt >= ATTEMPTS) throw error;
      await pause(backoff(attempt, writer.random), signal);
      current = await client.get<SecretObject>(at, signal);
    }
  }
}

function beingDeleted(namespace: string, name: string): DiagnosticError {
  return DiagnosticError.at(
    ["namespaces"],
    "Secret is being deleted",
    `The Secret ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} is being deleted and waits for its finalizers, so nothing was written to it. ` +
      `Find out whose they are (kubectl get secret --namespace ${namespace} ${name} -o yaml), and apply again when it is gone.`,
  );
}

/** @throws DiagnosticError for Secrets of the same name that are not ours, which are never touched */
export function refuseForeign(
  found: readonly SecretObject[],
  { name, metadata, formerOwner }: Pick<Writer, "name" | "metadata" | "formerOwner">,
): void {
  const foreign = found.filter((secret) => claimOn(secret.metadata, metadata.ownership, formerOwner) === "foreign");
  if (foreign.length > 0) throw new DiagnosticError(foreign.map((secret) => foreignSecret(secret, name)));
}

function foreignSecret({ metadata }: SecretObject, name: string): Diagnostic {
  const namespace = metadata.namespace ?? "";
  return {
    severity: "error",
    summary: "Secret belongs to somebody else",
    detail:
      `Namespace ${JSON.stringify(namespace)} has a Secret ${JSON.stringify(name)} already, and it ${describeOwner(metadata)}. It was left as it is. ` +
      `Give this pull secret another name; or, if nobody needs that Secret, delete it (kubectl delete secret --namespace ${namespace} ${name}) and apply again.`,
    path: ["name"],
  };
}

/** What a delete insists on: that nobody changed it since it was read. */
export function preconditionsOf({ metadata }: SecretObject): { readonly uid?: string; readonly resourceVersion?: string } {
  return {
    ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
    ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
  };
}

/** True where the API server would refuse an update: the type can't be changed, nor the data of an immutable Secret. */
function isFrozen({ type, immutable }: SecretObject): boolean {
  return immutable === true || type !== DOCKER_CONFIG_TYPE;
}
