import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { createTar, type TarFile } from "./tar";

/** Whose media types an image speaks: Docker's schema 2, as IBM's registries of 2018 did, or OCI's. */
export type ImageFormat = "docker" | "oci";

const MEDIA_TYPES = {
  docker: {
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  },
  oci: {
    manifest: "application/vnd.oci.image.manifest.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  },
} as const;

/** What an image is made of. */
export interface ImageSource {
  readonly format: ImageFormat;
  readonly files: readonly TarFile[];
  /** @default - none: there is nothing to run in it */
  readonly entrypoint?: readonly string[];
  /** @default - amd64, whatever machine this is: the same source gives the same digests */
  readonly architecture?: ImageArchitecture;
}

/** As images name it. */
export type ImageArchitecture = "amd64" | "arm64";

/** Bytes and how a registry calls them. */
export interface Blob {
  readonly mediaType: string;
  /** `sha256:…` of the bytes. */
  readonly digest: string;
  readonly bytes: Buffer;
}

/** An image as it is pushed. */
export interface Image {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

/** An image of one layer for Linux; the same source gives the same digests. */
export function createImage(source: ImageSource): Image {
  const types = MEDIA_TYPES[source.format];
  const tar = createTar(source.files);
  const layer = createBlob(types.layer, deterministicGzip(tar));
  const configuration = {
    architecture: source.architecture ?? "amd64",
    os: "linux",
    created: "1970-01-01T00:00:00Z",
    config: source.entrypoint === undefined ? {} : { Entrypoint: source.entrypoint },
    rootfs: { type: "layers", diff_ids: [digestOf(tar)] },
    history: [{ created: "1970-01-01T00:00:00Z", created_by: "cdktf-registry-access sandbox" }],
  };
  const config = createBlob(types.config, Buffer.from(JSON.stringify(configuration)));
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: describe(config),
    layers: [describe(layer)],
  };
  return { manifest: createBlob(types.manifest, Buffer.from(JSON.stringify(manifest))), config, layers: [layer] };
}

/** `sha256:…` of some bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function createBlob(mediaType: string, bytes: Buffer): Blob {
  return { mediaType, digest: digestOf(bytes), bytes };
}

function describe({ mediaType, digest, bytes }: Blob): { mediaType: string; size: number; digest: string } {
  return { mediaType, size: bytes.length, digest };
}

/** Stored, not compressed, so that it doesn't depend on zlib's version; byte 9 would name the operating system. */
function deterministicGzip(bytes: Buffer): Buffer {
  const zipped = gzipSync(bytes, { level: 0 });
  zipped.writeUInt8(255, 9);
  return zipped;
}
