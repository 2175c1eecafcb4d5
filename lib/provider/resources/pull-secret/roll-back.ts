import { ClientError } from "../../../clients/client-error";
import type { KubernetesClient, SecretObject } from "../../../clients/kubernetes/client";
import { preconditionsOf } from "../../../clients/kubernetes/preconditions";
import { secretAt, secretsIn } from "../../../clients/kubernetes/secrets";
import { carries, type Ownership } from "../../../domain/ownership";
import { settleAll } from "../../concurrency";
import { endingAfter, persist } from "../../deadline";
import type { Logger } from "../../framework/definition";
import { asNew } from "./model";

/** A rollback has a time of its own: the caller's signal may be what it follows (Ctrl-C). */
const ROLL_BACK_MILLISECONDS = 30_000;
/** And as much more for each namespace: two requests, while others are under way. */
const ROLL_BACK_EACH = 20;
const ATTEMPTS = 4;

/**
 * Undoes a create that failed: what it made is deleted, what it picked up is put back as it was.
 * Looks at what is there now, so that a write without an answer is undone as well. Returns the namespaces where it did not succeed.
 */
export async function rollBack(
  client: KubernetesClient,
  name: string,
  ownership: Ownership,
  tried: ReadonlyMap<string, SecretObject | undefined>,
  { log, random }: { readonly log: Logger; readonly random: () => number },
): Promise<readonly string[]> {
  const namespaces = [...tried.keys()];
  const outcomes = await endingAfter(ROLL_BACK_MILLISECONDS + ROLL_BACK_EACH * namespaces.length, (signal) =>
    settleAll(
      namespaces,
      (namespace) => persist(() => undo(client, namespace, name, ownership, tried.get(namespace), signal), random, signal),
      { progress: { log, what: `rolling back Secrets ${JSON.stringify(name)}`, unit: "namespaces" } },
    ),
  );
  const failed = namespaces.filter((_, index) => outcomes[index]?.outcome !== "done");
  log.info("rolled back", { name, namespaces: namespaces.length, failed: failed.length });
  return failed;
}

async function undo(
  client: KubernetesClient,
  namespace: string,
  name: string,
  ownership: Ownership,
  former: SecretObject | undefined,
  signal: AbortSignal,
): Promise<void> {
  const at = secretAt(namespace, name);
  for (let attempt = 0; ; attempt++) {
    const current = await client.get<SecretObject>(at, signal);
    try {
      if (current === undefined) {
        // Deleted to be made anew, and then not made.
        if (former !== undefined) await client.create(secretsIn(namespace), asNew(former), {}, signal);
        return;
      }
      if (!carries(current.metadata, ownership)) return;
      if (former !== undefined && former.metadata.uid === current.metadata.uid) {
        const { resourceVersion = "" } = current.metadata;
        await client.replace(at, { ...former, metadata: { ...former.metadata, resourceVersion } }, signal);
        return;
      }
      const deleted = await client.delete(at, preconditionsOf(current), signal);
      if (deleted && former === undefined) return;
    } catch (error) {
      if (!ClientError.is(error, "conflict") || attempt >= ATTEMPTS) throw error;
    }
    if (attempt >= ATTEMPTS) throw new Error(`the Secret ${namespace}/${name} can't be undone`);
  }
}
