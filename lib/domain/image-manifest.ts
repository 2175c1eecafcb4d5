import { isRecord, parseRecord } from "./json";
import type { Platform } from "./platform";

/** One image of an index. */
export interface IndexEntry {
  readonly platform: Platform;
  readonly digest: string;
}

/** What a manifest says: one image, or an index of images for several platforms. */
export type ImageManifest =
  | { readonly kind: "index"; readonly mediaType: string; readonly entries: readonly IndexEntry[] }
  | {
      readonly kind: "image";
      readonly mediaType: string;
      readonly config: { readonly mediaType: string; readonly digest: string };
      /** What a node fetches: layers, as they lie in the registry, and configuration. */
      readonly sizeBytes: number;
    };

const INDEXES = ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];
const IMAGES = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];
/** Configurations that name a platform; those of other artifacts, such as Helm charts, don't. */
const CONFIGS = ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];
const DIGEST = /^sha(256:[a-f0-9]{64}|384:[a-f0-9]{96}|512:[a-f0-9]{128})$/;

/**
 * Reads a manifest: an OCI index or image, Docker's manifest list or its schema 2. Undefined where it is neither (Docker's schema 1 is
 * none that a node of today pulls).
 * @param contentType - as the registry says it; where that names no manifest, what stands in the manifest itself counts
 */
export function readManifest(text: string, contentType: string): ImageManifest | undefined {
  const body = parseRecord(text);
  if (body === undefined) return undefined;
  const mediaType = mediaTypeOf(body, contentType);
  if (INDEXES.includes(mediaType) && Array.isArray(body.manifests))
    return { kind: "index", mediaType, entries: body.manifests.flatMap((entry) => entryOf(entry) ?? []) };
  const { config } = body;
  if (!IMAGES.includes(mediaType) || !isRecord(config) || !isDigest(config.digest) || !Array.isArray(body.layers))
    return undefined;
  const sizes = [config, ...body.layers].map((part) => (isRecord(part) ? part.size : undefined));
  if (!sizes.every(isSize)) return undefined;
  return {
    kind: "image",
    mediaType,
    config: { mediaType: String(config.mediaType ?? ""), digest: config.digest },
    sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** True for the configuration of an image, which {@link readConfigPlatform} reads. */
export function isImageConfig(mediaType: string): boolean {
  return CONFIGS.includes(mediaType);
}

/** The platform in an image's configuration. */
export function readConfigPlatform(text: string): Platform | undefined {
  return platformOf(parseRecord(text));
}

function mediaTypeOf(body: { readonly [name: string]: unknown }, contentType: string): string {
  const said = contentType.replace(/;.*$/s, "").trim().toLowerCase();
  if ([...INDEXES, ...IMAGES].includes(said)) return said;
  if (typeof body.mediaType === "string") return body.mediaType;
  // An OCI manifest may leave its type out, and a registry may call everything JSON.
  if (body.schemaVersion !== 2 || /schema|prettyjws/.test(said)) return said;
  return Array.isArray(body.manifests) ? (INDEXES[0] ?? "") : (IMAGES[0] ?? "");
}

/** Undefined for what is no image of a platform: attestations, an index in an index. */
function entryOf(entry: unknown): IndexEntry | undefined {
  if (!isRecord(entry) || !isDigest(entry.digest)) return undefined;
  if (typeof entry.mediaType === "string" && !IMAGES.includes(entry.mediaType)) return undefined;
  const platform = platformOf(entry.platform);
  return platform === undefined ? undefined : { platform, digest: entry.digest };
}

function platformOf(value: unknown): Platform | undefined {
  if (!isRecord(value)) return undefined;
  const { os, architecture, variant, "os.version": osVersion } = value;
  if (typeof os !== "string" || typeof architecture !== "string" || os === "" || architecture === "") return undefined;
  // So an attestation says that it runs nowhere (BuildKit).
  if (os === "unknown") return undefined;
  return {
    os,
    architecture,
    ...(typeof variant === "string" && variant !== "" ? { variant } : {}),
    ...(typeof osVersion === "string" && osVersion !== "" ? { osVersion } : {}),
  };
}

function isDigest(value: unknown): value is string {
  return typeof value === "string" && DIGEST.test(value);
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
