import { ClientError } from "../../../clients/client-error";
import type { Publications } from "../../../clients/horizon/types";
import type { Definition } from "../../../domain/horizon/definition";
import { differences } from "../../../domain/horizon/differences";
import { isSameKey } from "./signing";

/** What is written, where. */
export interface Writing {
  readonly publications: Publications;
  readonly id: string;
  readonly body: Definition;
  readonly signal: AbortSignal;
}

/** Publishes what is not there. A lost answer is looked up, and never sent again. @throws ClientError */
export async function publishNew({ publications, id, body, signal }: Writing): Promise<void> {
  try {
    await publications.create(id, body, signal);
  } catch (error) {
    if (!ClientError.is(error) || error.options.ambiguous !== true) throw error;
    const found = await publications.get(id, signal);
    if (found === undefined || differences(body, found).length > 0) throw error;
  }
}

/** A key that nodes verify with: its name, and the one it had before. */
export interface UploadedKey {
  readonly name: string;
  readonly pem: string;
  readonly formerName: string | null;
}

/** Under which name a new key lies beside the one that it replaces, until all is signed by it. */
const nextName = (name: string) => `${name}.next`;

/**
 * Publishes over what is there, or anew; what is as it should be is not written. Nodes take any key of a publication: a new one is there
 * before what it signs, and the former one until then, so that they never find what they would refuse.
 * @throws ClientError
 */
export async function publishOver(writing: Writing, key: UploadedKey): Promise<void> {
  const { publications, id, body, signal } = writing;
  const found = await publications.get(id, signal);
  const names = found === undefined ? [] : await publications.keyNames(id, signal);
  const isWritten = found === undefined || differences(body, found).length > 0;
  const former = names.includes(key.name) ? await publications.getKey(id, key.name, signal) : undefined;
  const isRotated = isWritten && former !== undefined && !isSameKey(former, key.pem);
  const ahead = isRotated ? nextName(key.name) : key.name;
  if (found !== undefined && (former === undefined || !isSameKey(former, key.pem))) {
    await publications.putKey(id, ahead, key.pem, signal);
  }
  const isReplaced = found !== undefined && (!isWritten || (await publications.replace(id, body, signal)));
  if (!isReplaced) await publishNew(writing);
  if (!isReplaced || isRotated) await writeKey(writing, key.name, key.pem);
  const { formerName } = key;
  if (formerName !== null && formerName !== key.name) await publications.deleteKey(id, formerName, signal);
  if (isRotated || names.includes(nextName(key.name))) await publications.deleteKey(id, nextName(key.name), signal);
}

/** Uploads the key that nodes verify with, where it is not there. @throws ClientError */
export async function writeKey({ publications, id, signal }: Writing, name: string, pem: string): Promise<void> {
  const found = await publications.getKey(id, name, signal);
  if (found === undefined || !isSameKey(found, pem)) await publications.putKey(id, name, pem, signal);
}
