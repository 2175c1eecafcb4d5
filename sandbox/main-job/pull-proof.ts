import { readFile } from "node:fs/promises";
import { ClientError } from "../../lib/clients/client-error";
import { type ContainerRegistryOptions, createContainerRegistryClient } from "../../lib/clients/container-registry/client";
import type { RegistryCredential } from "../../lib/clients/container-registry/login";
import { authOf } from "../../lib/domain/docker-config";
import { Secret } from "../../lib/domain/secret";
import { DEDICATED, REGIONAL } from "../bluemix/accounts";
import type { RegistryHost } from "../node/registry-hosts";
import type { RegistriesState } from "../state";
import { startedSystems } from "../systems/registered";

/** What came of one pull. */
export interface PullResult {
  readonly repository: string;
  /** Bytes of the layer that was fetched; undefined where it was not. */
  readonly bytes: number | undefined;
  /** Why not; never a secret. */
  readonly fault: string | undefined;
}

/** Which image of the private registry stands behind a registry host; the catalogue has them. */
const REPOSITORIES: { readonly [host: string]: string } = {
  [DEDICATED.hosts[0]]: "acme/app",
  ...Object.fromEntries(REGIONAL.hosts.map((host) => [host, "team/ibmliberty"])),
};
const PARTNER_REPOSITORY = "partner/app";

/** Pulls with what a Secret holds for a registry host: from a system's own registry, or else from the sandbox's private one. */
export async function provePull(
  state: RegistriesState,
  host: string,
  dockerConfig: Secret,
  signal: AbortSignal,
): Promise<PullResult> {
  const auth = authOf(dockerConfig, host);
  const credential = { username: auth?.username ?? "", password: Secret.of(auth?.password ?? "") };
  const own = startedSystems(state.systems)
    .flatMap((system) => system.registryHosts())
    .find((one) => one.host === host);
  if (own !== undefined) return await pull(await registryAt(own, credential), own.repository, "latest", signal);
  const registry = { host: state.registries.private.host, plainHttp: true, credential };
  return await pull(registry, REPOSITORIES[host] ?? PARTNER_REPOSITORY, "latest", signal);
}

/** Pulls one of Docker Hub's public images without a login. The sandbox's public registry plays Docker Hub. */
export async function provePublicPull(state: RegistriesState, image: PublicImage, signal: AbortSignal): Promise<PullResult> {
  return await pull({ host: state.registries.public.host, plainHttp: true }, image.repository, image.reference, signal);
}

/** An image of Docker Hub's. */
export interface PublicImage {
  /** With `library/` where it is an official one. */
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
}

/** Reads an image reference as Docker does; undefined where it names another registry than Docker Hub. */
export function parsePublicImage(image: string): PublicImage | undefined {
  const [, host, path = "", tag, digest] = /^(?:([^/]*[.:][^/]*|localhost)\/)?([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(image) ?? [];
  if (path === "" || (host !== undefined && host !== "docker.io" && host !== "index.docker.io")) return undefined;
  return { repository: path.includes("/") ? path : `library/${path}`, reference: digest ?? tag ?? "latest" };
}

async function registryAt(
  { host, url, caFile }: RegistryHost,
  credential: RegistryCredential,
): Promise<ContainerRegistryOptions> {
  const ca = caFile === undefined ? {} : { ca: await readFile(caFile, "utf8") };
  return { host, endpoint: url, credential, ...ca };
}

/** Fetches an image's manifest and a layer, as a kubelet would: over the real registry's token login. */
async function pull(
  to: ContainerRegistryOptions,
  repository: string,
  reference: string,
  signal: AbortSignal,
): Promise<PullResult> {
  const failed = (fault: string): PullResult => ({ repository, bytes: undefined, fault });
  const registry = createContainerRegistryClient(to);
  try {
    const manifest = await registry.getManifest(repository, reference, signal);
    if (manifest === undefined) return failed(`${repository}:${reference} is not there`);
    const digest = firstLayer(manifest.body);
    if (digest === undefined) return failed(`${repository}:${reference} has no layer`);
    const layer = await registry.getBlob(repository, digest, signal);
    if (layer === undefined) return failed(`${repository}:${reference}: its layer is not there`);
    return { repository, bytes: layer.length, fault: undefined };
  } catch (error) {
    signal.throwIfAborted();
    return failed(ClientError.is(error) ? error.message : `${repository}: ${String(error)}`);
  } finally {
    await registry.close();
  }
}

function firstLayer(manifest: Buffer): string | undefined {
  const { layers } = JSON.parse(manifest.toString("utf8")) as { readonly layers?: readonly { readonly digest: string }[] };
  return layers?.[0]?.digest;
}
