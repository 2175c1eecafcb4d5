import { createHash } from "node:crypto";

/** What a registry's answer to a pull was. */
export interface Pull {
  /** The first answer that was no success: of the token server or of the registry; 200 where all went well. */
  readonly status: number;
  /** Bytes of the first layer. */
  readonly bytes: number;
}

const MANIFEST_TYPES = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json";

/**
 * Pulls an image's manifest and first layer as a kubelet does, by the registry's token login. Written without the product's own client,
 * so that a fault of that one can't hide itself.
 *
 * @param auth `user:password` in base64, as a docker config JSON has it; undefined for an anonymous pull
 */
export async function pull(host: string, repository: string, auth: string | undefined): Promise<Pull> {
  const manifestUrl = `http://${host}/v2/${repository}/manifests/latest`;
  const challenged = await fetch(manifestUrl, { headers: { accept: MANIFEST_TYPES } });
  const [realm, service, scope] = ["realm", "service", "scope"].map((name) => parameterOf(challenged, name));
  let authorization: { authorization?: string } = {};
  if (challenged.status === 401) {
    const query = new URLSearchParams({ service: service ?? "", scope: scope ?? "" });
    const login = await fetch(`${realm}?${query}`, { headers: auth === undefined ? {} : { authorization: `Basic ${auth}` } });
    if (!login.ok) return { status: login.status, bytes: 0 };
    authorization = { authorization: `Bearer ${((await login.json()) as { readonly token: string }).token}` };
  }
  const manifest = await fetch(manifestUrl, { headers: { accept: MANIFEST_TYPES, ...authorization } });
  if (!manifest.ok) return { status: manifest.status, bytes: 0 };
  const { layers } = (await manifest.json()) as {
    readonly layers: readonly [{ readonly digest: string; readonly size: number }];
  };
  const layer = await fetch(`http://${host}/v2/${repository}/blobs/${layers[0].digest}`, { headers: authorization });
  const content = Buffer.from(await layer.arrayBuffer());
  if (`sha256:${createHash("sha256").update(content).digest("hex")}` !== layers[0].digest) {
    throw new Error(`The layer of ${repository} is not what its manifest says.`);
  }
  return { status: layer.status, bytes: content.length };
}

function parameterOf(response: Response, name: string): string | undefined {
  return new RegExp(`${name}="([^"]*)"`).exec(response.headers.get("www-authenticate") ?? "")?.[1];
}
