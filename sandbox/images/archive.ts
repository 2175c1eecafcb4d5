import type { Image } from "./image";
import { createTar } from "./tar";

/** An image as a file (OCI image layout 1.0 in a tar archive), which containerd imports under a name. */
export function createImageArchive(name: string, { manifest, config, layers }: Image): Buffer {
  const descriptor = {
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: manifest.bytes.length,
    annotations: { "io.containerd.image.name": name },
  };
  return createTar([
    { path: "oci-layout", content: JSON.stringify({ imageLayoutVersion: "1.0.0" }) },
    { path: "index.json", content: JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }) },
    ...[manifest, config, ...layers].map(({ digest, bytes }) => ({ path: `blobs/${digest.replace(":", "/")}`, content: bytes })),
  ]);
}
