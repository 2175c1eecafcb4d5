/** `registry_image`: what an image reference stands for, as a node that pulls it would find it. */
import { formatImageReference, type ImageReference, parseImageReference } from "../../../domain/image-reference";
import { registryImage } from "../../../schema/registry-image";
import type { ConfiguredProvider } from "../../configured/provider";
import type { DataSourceType } from "../../framework/definition";
import { textOf } from "../../framework/value";
import { attemptsOf } from "./credentials";
import { findImage } from "./find-image";

/** The data source `registry_image`. */
export const registryImageDataSource: DataSourceType<ConfiguredProvider> = {
  schema: registryImage,
  async read(config, { provider, signal }) {
    const image = parseImageReference(textOf(config.image)) as ImageReference;
    const attempts = await attemptsOf(config, image, provider, signal);
    const found = await findImage(attempts, { image, ca: config.ca_certificate, platform: config.platform, provider, signal });
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
