import { ClientError } from "../clients/client-error";
import type { ContainerRegistryClient } from "../clients/container-registry/client";
import { isAbort } from "./deadline";
import { listed } from "./resources/placement/report";

/**
 * The tags of a repository, for a message: they tell a wrong tag from a wrong repository. Undefined where there is no such repository;
 * `unknown` where the registry does not say: not every one lists tags, nor lets everybody see them.
 * @throws where the signal ended it, and where no registry answers
 */
export async function tagsOf(
  client: ContainerRegistryClient,
  repository: string,
  signal: AbortSignal,
): Promise<readonly string[] | "unknown" | undefined> {
  try {
    return await client.listTags(repository, signal);
  } catch (error) {
    if (isAbort(error) || !ClientError.is(error) || error.code === "no_registry") throw error;
    return "unknown";
  }
}

/** A repository's tags as a sentence, the first of them by name. */
export function describeTags(tags: readonly string[]): string {
  return tags.length === 0 ? "It has no tag at all." : `Its tags are ${listed([...tags].sort())}.`;
}
