import { sampleAnswer } from "../images/catalogue";
import { fetchFromPod } from "../node/fetch";
import type { SandboxState } from "../state";
import type { DeployedSample } from "./deployed";
import { parsePublicImage } from "./pull-proof";

/** Asks a sample's Pod over HTTP and says what is wrong with the answer; undefined where it is its image's, or the image isn't ours. */
export async function faultOfAnswer(
  state: SandboxState,
  { namespace, image }: DeployedSample,
  pod: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const expected = sampleAnswer(repositoryOf(image));
  if (expected === undefined) return undefined;
  const { status, body } = await fetchFromPod(state, { namespace, pod, port: expected.port }, signal);
  if (status !== 200) return `answers ${status}`;
  return body.includes(expected.text) ? undefined : "answers with another page";
}

/** Of Docker Hub's images, and of a private registry's without their host, tag and digest. */
function repositoryOf(image: string): string {
  const hosted = /^[^/]*[.:][^/]*\/([^:@]+)/.exec(image)?.[1];
  return parsePublicImage(image)?.repository ?? hosted ?? image;
}
