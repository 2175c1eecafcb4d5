/** `registry_image`: what an image reference stands for, as a node that pulls it would find it. */
import { formatImageReference, type ImageReference, parseImageReference } from "../../../domain/image-reference";
import { registryImage } from "../../../schema/registry-image";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import type { DataSourceType } from "../../framework/definition";
import { type ObjectValue, textOf } from "../../framework/value";
import { type Attempt, attemptsOf } from "./credentials";
import { isRefused, notThere, refused } from "./faults";
import { ADDRESS, type FoundImage, lookUpImage } from "./look-up";

/** The data source `registry_image`. */
export const registryImageDataSource: DataSourceType<ConfiguredProvider> = {
  schema: registryImage,
  async read(config, { provider, signal }) {
    const image = parseImageReference(textOf(config.image)) as ImageReference;
    const attempts = await attemptsOf(config, image, provider, signal);
    const found = await tryEach(attempts, (attempt, isLast) => {
      return lookUpAs(attempt, isLast, { image, config, provider, signal });
    });
    const platforms = [...found.platforms].map(([platform, digest]) => [platform, { digest }] as const);
    const { host, repository } = image;
    return {
      ...config,
      digest: found.digest,
      pinned_image: formatImageReference({ host, repository, digest: found.digest }),
      media_type: found.mediaType,
      size_bytes: found.sizeBytes,
      platforms: Object.fromEntries(platforms),
    };
  },
};

/** The first that is let in; what the last one is told where none is. */
async function tryEach(
  attempts: readonly Attempt[],
  look: (attempt: Attempt, isLast: boolean) => Promise<FoundImage | undefined>,
): Promise<FoundImage> {
  for (const [index, attempt] of attempts.entries()) {
    const found = await look(attempt, index === attempts.length - 1);
    if (found !== undefined) return found;
  }
  throw new Error("no way to pull was tried");
}

interface Context {
  readonly image: ImageReference;
  readonly config: ObjectValue;
  readonly provider: ConfiguredProvider;
  readonly signal: AbortSignal;
}

/** Undefined where it is refused, and others are still to be tried. @throws DiagnosticError for all else */
async function lookUpAs(
  attempt: Attempt,
  isLast: boolean,
  { image, config, provider, signal }: Context,
): Promise<FoundImage | undefined> {
  const ca = typeof config.ca_certificate === "string" ? config.ca_certificate : undefined;
  const platform = typeof config.platform === "string" ? config.platform : null;
  const doing = {
    what: `${formatImageReference(image)} could not be looked up`,
    path: ["image"],
    address: ADDRESS,
    unreachable: "A destroy looks it up as well, but with -refresh=false (terraform destroy -refresh=false).",
  };
  return during(doing, async () => {
    const client = provider.registries.open(image.host, { credential: attempt.credential, ca });
    try {
      const found = await lookUpImage(client, image, platform, signal);
      if (found !== undefined) return found;
      throw await notThere({ client, image, attempt }, signal);
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (!isLast) return undefined;
      throw refused(error, { client, image, attempt });
    } finally {
      await client.close();
    }
  });
}
