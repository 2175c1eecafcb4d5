import { ClientError } from "../../../clients/client-error";
import type { ContainerRegistryClient } from "../../../clients/container-registry/client";
import { sentence } from "../../../clients/sentence";
import type { ImageReference } from "../../../domain/image-reference";
import { DiagnosticError } from "../../framework/diagnostic";
import { describeTags, tagsOf } from "../../repository-tags";
import type { Attempt } from "./credentials";

/** What is looked up, and as whom. */
export interface Lookup {
  readonly client: ContainerRegistryClient;
  readonly image: ImageReference;
  readonly attempt: Attempt;
}

/** True where another credential may still be let in. */
export function isRefused(error: unknown): error is ClientError {
  return ClientError.is(error, "unauthenticated", "forbidden");
}

/** The error where a registry lets nobody in with what was given. */
export function refused(error: ClientError, { image, attempt }: Lookup): DiagnosticError {
  const isLogin = error.code === "unauthenticated" && attempt.credential !== undefined;
  const who = attempt.credential === undefined ? "an anonymous caller" : `user ${JSON.stringify(attempt.credential.username)}`;
  // A 403 is told as the registry put it.
  const isBare = !error.message.startsWith("The registry ");
  const parts = [
    isBare ? `The registry ${image.host} does not let ${who} pull ${JSON.stringify(image.repository)}:` : undefined,
    sentence(error.message),
    attempt.origin,
    isLogin
      ? undefined
      : "A repository that does not exist is answered in the same way by many registries: look at its name as well.",
    attempt.isFromSecret
      ? "If this stack changes that Secret and pull_secret names it as text, the image may have been looked up too early: name its resource in depends_on."
      : undefined,
  ];
  const detail = parts.filter((part) => part !== undefined).join(" ");
  return DiagnosticError.at(attempt.path, isLogin ? "Login refused" : "Pull refused", detail);
}

/** The error where the caller may pull, and the image is not there. The registry is asked what it has instead. */
export async function notThere(lookup: Lookup, signal: AbortSignal): Promise<DiagnosticError> {
  const { client, image, attempt } = lookup;
  const who = attempt.credential === undefined ? "An anonymous caller" : `User ${JSON.stringify(attempt.credential.username)}`;
  const [what, wanted] =
    image.digest === undefined ? ["tag", image.tag ?? "latest"] : (["image with the digest", image.digest] as const);
  const repository = JSON.stringify(image.repository);
  const fix = "Correct image, or push it first; where the same apply pushes it, name what does that in depends_on.";
  const tags = await tagsOf(client, image.repository, signal);
  const may = `${who} may pull from the registry ${image.host}`;
  switch (tags) {
    case "unknown":
      return at(
        "Image does not exist",
        `${may}, but it has no ${what} ${wanted} in ${repository}, or no such repository. ${fix}`,
      );
    case undefined:
      return at("Repository does not exist", `${may}, but it has no repository ${repository}. ${fix}`);
    default: {
      const summary = image.digest === undefined ? "Tag does not exist" : "Digest does not exist";
      return at(summary, `${may}, but its repository ${repository} has no ${what} ${wanted}. ${describeTags(tags)} ${fix}`);
    }
  }
}

function at(summary: string, detail: string): DiagnosticError {
  return DiagnosticError.at(["image"], summary, detail);
}
