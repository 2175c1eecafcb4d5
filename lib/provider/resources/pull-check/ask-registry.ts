import { ClientError } from "../../../clients/client-error";
import type { ContainerRegistryClient } from "../../../clients/container-registry/client";
import type { RegistryCredential } from "../../../clients/container-registry/login";
import type { ImageReference } from "../../../domain/image-reference";
import type { RegistryAnswer } from "../../../domain/pulls/registry-answer";
import type { ConfiguredRegistries } from "../../configured/registries";
import { endingAfter, isAbort } from "../../deadline";
import { DiagnosticError } from "../../framework/diagnostic";
import { describeTags, tagsOf } from "../../repository-tags";

/** What is asked is for one sentence, and the rest of the explanation has to have its time. */
const ASK_MILLISECONDS = 4_000;

/** A host on the machine itself: on a node that is another machine. */
const OWN_MACHINE = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

/**
 * Asks a registry for an image's manifest, and where that is not there for the repository's tags, as a node would: with each credential
 * until one is let in. Undefined where it isn't reached from here, lets nobody in, or does not say which of the two is missing.
 * @param credentials - none: anonymously
 */
export async function askRegistry(
  registries: ConfiguredRegistries,
  image: ImageReference,
  credentials: readonly RegistryCredential[],
  signal: AbortSignal,
): Promise<RegistryAnswer | undefined> {
  if (OWN_MACHINE.test(image.host)) return undefined;
  const attempts = credentials.length === 0 ? [undefined] : credentials;
  try {
    return await endingAfter(ASK_MILLISECONDS, (limited) => askAsEach(registries, image, attempts, limited), signal);
  } catch (error) {
    // It is for the message alone. What is wrong with the settings, or the registry, is not this check's matter.
    if (ClientError.is(error) || error instanceof DiagnosticError || isAbort(error)) return undefined;
    throw error;
  }
}

async function askAsEach(
  registries: ConfiguredRegistries,
  image: ImageReference,
  attempts: readonly (RegistryCredential | undefined)[],
  signal: AbortSignal,
): Promise<RegistryAnswer | undefined> {
  for (const credential of attempts) {
    const client = registries.open(image.host, { credential });
    try {
      return await ask(client, image, signal);
    } catch (error) {
      if (!ClientError.is(error, "unauthenticated", "forbidden")) throw error;
    } finally {
      await client.close();
    }
  }
  return undefined;
}

async function ask(
  client: ContainerRegistryClient,
  { repository, tag = "latest", digest }: ImageReference,
  signal: AbortSignal,
): Promise<RegistryAnswer | undefined> {
  if ((await client.headManifest(repository, digest ?? tag, signal)) !== undefined) return { says: "found" };
  const tags = await tagsOf(client, repository, signal);
  if (tags === undefined) return { says: "no_repository" };
  // One that lists what it has not is not clear.
  if (tags === "unknown" || (digest === undefined && tags.includes(tag))) return undefined;
  return { says: "no_such_image", tags: describeTags(tags) };
}
