import type { Construct } from "constructs";
import { type TerraformMetaArguments, TerraformStack } from "./cdktf";
import { DataRegistryImage, type DataRegistryImageProps } from "./data-registry-image";
import { isProps, type PropShape } from "./shape";

/** How an image is looked up to be pinned: what {@link DataRegistryImage} takes, but for the image itself. */
export interface PinDigest
  extends Omit<DataRegistryImageProps, "image">,
    Pick<TerraformMetaArguments, "dependsOn" | "provider"> {}

/** What the prop may be; the data source checks what stands in it. */
export const pinDigestShape: PropShape = {
  wanted: "true, or how the image is looked up: { credentialId } or { pullSecret: { namespace, name } }",
  accepts: (value) => typeof value === "boolean" || isProps(value),
};

/** The image of a sample, by digest where that is asked for: `repository@sha256:…`, as the registry has it at the time. */
export function pinned(sample: Construct, image: string, pinDigest: boolean | PinDigest | undefined): string {
  if (pinDigest === undefined || pinDigest === false) return image;
  const found = new DataRegistryImage(sample, "image", { ...(pinDigest === true ? {} : pinDigest), image });
  // So that a plan reads data.registry_image.NAME beside the sample's own name.
  found.overrideLogicalId(TerraformStack.of(sample).getLogicalId(sample.node));
  return found.pinnedImage;
}
