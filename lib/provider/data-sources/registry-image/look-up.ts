import { ClientError } from "../../../clients/client-error";
import type { ContainerRegistryClient, Manifest } from "../../../clients/container-registry/client";
import { printable } from "../../../clients/printable";
import { type ImageManifest, isImageConfig, readConfigPlatform, readManifest } from "../../../domain/image-manifest";
import type { ImageReference } from "../../../domain/image-reference";
import { fitsPlatform, formatPlatform, type Platform, parsePlatform } from "../../../domain/platform";
import { ENDPOINTS_VARIABLE } from "../../../domain/registry-endpoints";
import { DiagnosticError } from "../../framework/diagnostic";

/** Where a registry's address stands, for messages. */
export const ADDRESS = `the host in image, or its address in ${ENDPOINTS_VARIABLE} where that names it`;

/** An image as its registry has it. */
export interface FoundImage {
  readonly digest: string;
  readonly mediaType: string;
  /** Null for an index. */
  readonly sizeBytes: number | null;
  /** Platform → digest. */
  readonly platforms: ReadonlyMap<string, string>;
}

/**
 * Looks an image up: HEAD says which digest a tag means at no cost, GET of that digest what it is, and the content is checked.
 * Undefined where the caller may pull, but the image is not there.
 * @param platform - chooses an image of an index. Null: what the reference names
 * @throws ClientError; DiagnosticError for what is no image, or none for that platform
 */
export async function lookUpImage(
  client: ContainerRegistryClient,
  image: ImageReference,
  platform: string | null,
  signal: AbortSignal,
): Promise<FoundImage | undefined> {
  const { repository } = image;
  const reference = image.digest ?? image.tag ?? "latest";
  const described = await headOf(client, repository, reference, signal);
  if (described === undefined) return undefined;
  const top = await client.getManifest(repository, described.digest || reference, signal);
  if (top === undefined) return undefined;
  const manifest = read(top, image);
  if (manifest.kind === "image") return single(client, image, top.digest, manifest, platform, signal);

  const platforms = new Map(manifest.entries.map((entry) => [formatPlatform(entry.platform), entry.digest]));
  if (platform === null) return { digest: top.digest, mediaType: manifest.mediaType, sizeBytes: null, platforms };
  const wanted = parsePlatform(platform);
  const entry = manifest.entries.find((candidate) => wanted !== undefined && fitsPlatform(wanted, candidate.platform));
  if (entry === undefined) throw noSuchPlatform(image, platform, [...platforms.keys()]);
  const inner = await client.getManifest(repository, entry.digest, signal);
  const chosen = inner && read(inner, image);
  if (inner === undefined || chosen?.kind !== "image") {
    throw new ClientError(
      "malformed",
      `The registry ${client.host} lists ${entry.digest} as ${repository} for ${platform}, and has no such image.`,
    );
  }
  return { digest: inner.digest, mediaType: chosen.mediaType, sizeBytes: chosen.sizeBytes, platforms };
}

async function single(
  client: ContainerRegistryClient,
  image: ImageReference,
  digest: string,
  manifest: Extract<ImageManifest, { kind: "image" }>,
  platform: string | null,
  signal: AbortSignal,
): Promise<FoundImage> {
  const found = await platformOf(client, image.repository, manifest, signal);
  const wanted = platform === null ? undefined : parsePlatform(platform);
  if (platform !== null && (found === undefined || wanted === undefined || !fitsPlatform(wanted, found)))
    throw noSuchPlatform(image, platform, found === undefined ? [] : [formatPlatform(found)]);
  const platforms = new Map(found === undefined ? [] : [[formatPlatform(found), digest]]);
  return { digest, mediaType: manifest.mediaType, sizeBytes: manifest.sizeBytes, platforms };
}

/** A manifest alone does not say for which platform it is: its configuration does. */
async function platformOf(
  client: ContainerRegistryClient,
  repository: string,
  { config }: Extract<ImageManifest, { kind: "image" }>,
  signal: AbortSignal,
): Promise<Platform | undefined> {
  if (!isImageConfig(config.mediaType)) return undefined;
  const blob = await client.getBlob(repository, config.digest, signal);
  return blob && readConfigPlatform(blob.toString("utf8"));
}

/** A registry that knows no HEAD is asked by GET alone. */
async function headOf(client: ContainerRegistryClient, repository: string, reference: string, signal: AbortSignal) {
  try {
    return await client.headManifest(repository, reference, signal);
  } catch (error) {
    if (ClientError.is(error) && error.options.status === 405) return { digest: "" };
    throw error;
  }
}

function read(manifest: Manifest, image: ImageReference): ImageManifest {
  const found = readManifest(manifest.body.toString("utf8"), manifest.mediaType);
  if (found !== undefined) return found;
  const type = printable(manifest.mediaType).slice(0, 100);
  const what = type === "" ? "says no content type" : `is of type ${JSON.stringify(type)}`;
  if (!isSaidToBeManifest(type)) {
    throw DiagnosticError.at(
      ["image"],
      "Not a manifest",
      `${image.host} was asked for the manifest of ${image.repository}; the answer ${what}, and is none. Either that host is no container registry, or something before it answers (a proxy, a login page). Check ${ADDRESS}.`,
    );
  }
  const isSchema1 = /"schemaVersion"\s*:\s*1\b/.test(manifest.body.toString("utf8"));
  throw DiagnosticError.at(
    ["image"],
    "Not an image that can be pulled",
    `What the registry ${image.host} has as ${image.repository} (${manifest.digest}) ${what}, and no image manifest or index as OCI or Docker (schema 2) define it.${isSchema1 ? " Nodes of today don't pull Docker's schema 1: push the image anew." : " Correct image."}`,
  );
}

/** By its content type: manifests are JSON, and Docker's first ones signed JSON (`application/vnd.docker.distribution.manifest.v1+prettyjws`). */
function isSaidToBeManifest(type: string): boolean {
  return /json|prettyjws/i.test(type);
}

function noSuchPlatform(image: ImageReference, platform: string, found: readonly string[]): DiagnosticError {
  const [offered, choice] =
    found.length === 0
      ? ["It names no platform at all.", "Leave platform out to take it as it is"]
      : [`It is there for ${found.join(", ")}.`, "Choose one of those"];
  return DiagnosticError.at(
    ["platform"],
    "Image not there for this platform",
    `${image.host}/${image.repository} is not there for ${platform}. ${offered} ${choice}, or have the image built for ${platform}.`,
  );
}
