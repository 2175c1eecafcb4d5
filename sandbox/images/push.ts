import { type Answer, type Outgoing, send } from "../http";
import { SandboxError } from "../sandbox-error";
import type { CatalogueEntry } from "./catalogue";
import type { Blob } from "./image";

/** Where images go. */
export interface PushTarget {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The Authorization header for pushing to a repository. @default - none is sent */
  readonly authorize?: (repository: string) => string;
  readonly signal?: AbortSignal | undefined;
}

/** Pushes an image by the registry HTTP API: its blobs, then its manifest under the tag. */
export async function pushImage(target: PushTarget, { repository, tag, image }: CatalogueEntry): Promise<void> {
  const authorization = target.authorize?.(repository);
  const headers = authorization === undefined ? {} : { authorization };
  const call = async (path: string, expected: number, outgoing: Outgoing): Promise<Answer> => {
    const url = new URL(path, target.url);
    const answer = await send(url.href, { ...outgoing, signal: target.signal, headers: { ...headers, ...outgoing.headers } });
    if (answer.status !== expected) {
      const said = answer.body.toString("utf8").slice(0, 300);
      throw new SandboxError(
        `Pushing ${repository}:${tag}: ${outgoing.method} ${url.origin}${url.pathname} gave ${answer.status}, not ${expected}: ${said}`,
      );
    }
    return answer;
  };
  const upload = async (blob: Blob): Promise<void> => {
    const begun = await call(`/v2/${repository}/blobs/uploads/`, 202, { method: "POST" });
    const location = new URL(String(begun.headers.location), target.url);
    location.searchParams.set("digest", blob.digest);
    await call(location.href, 201, { method: "PUT", body: blob.bytes, headers: { "content-type": "application/octet-stream" } });
  };
  for (const blob of [...image.layers, image.config]) {
    await upload(blob);
  }
  const { bytes, mediaType } = image.manifest;
  await call(`/v2/${repository}/manifests/${tag}`, 201, { method: "PUT", body: bytes, headers: { "content-type": mediaType } });
}
