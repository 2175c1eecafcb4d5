import { createImage, type Image } from "./image";

/** An image and the name it is pushed under. */
export interface CatalogueEntry {
  /** Path without host: `acme/app`. */
  readonly repository: string;
  readonly tag: string;
  readonly image: Image;
}

/**
 * What the private registry holds, by registry namespace: `acme` is the dedicated installation's, `team` the regional registry's,
 * `partner` that of the other private registry.
 */
export function privateImages(): CatalogueEntry[] {
  return [
    entry("acme/ibmliberty", "latest"),
    entry("acme/app", "latest"),
    entry("team/ibmliberty", "latest"),
    entry("partner/app", "latest"),
  ];
}

/** What the public registry holds, which plays Docker Hub: official images lie under `library`. */
export function publicImages(): CatalogueEntry[] {
  return [{ ...entry("library/nginx", "latest"), image: sampleImage("library/nginx:latest", "oci") }];
}

function entry(repository: string, tag: string): CatalogueEntry {
  return { repository, tag, image: sampleImage(`${repository}:${tag}`, "docker") };
}

function sampleImage(name: string, format: "docker" | "oci"): Image {
  return createImage({ format, files: [{ path: "etc/sandbox-image", content: `${name}\n` }] });
}
