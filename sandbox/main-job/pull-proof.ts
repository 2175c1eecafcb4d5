import { ClientError } from "../../lib/clients/client-error";
import { createContainerRegistryClient } from "../../lib/clients/container-registry/client";
import { authOf } from "../../lib/domain/docker-config";
import { Secret } from "../../lib/domain/secret";
import { DEDICATED, REGIONAL } from "../bluemix/accounts";
import type { RegistriesState } from "../state";

/** What came of one pull. */
export interface PullResult {
  readonly host: string;
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

/**
 * Fetches an image's manifest and a layer with what a Secret holds for a registry host, as a kubelet would: over the real registry's
 * token login. All hosts of the sandbox lead to its one private registry.
 */
export async function provePull(
  state: RegistriesState,
  host: string,
  dockerConfig: Secret,
  signal: AbortSignal,
): Promise<PullResult> {
  const repository = REPOSITORIES[host] ?? PARTNER_REPOSITORY;
  const auth = authOf(dockerConfig, host);
  const credential = { username: auth?.username ?? "", password: Secret.of(auth?.password ?? "") };
  const registry = createContainerRegistryClient({ host: state.registries.private.host, plainHttp: true, credential });
  try {
    const manifest = await registry.getManifest(repository, "latest", signal);
    if (manifest === undefined) return { host, repository, bytes: undefined, fault: `${repository}:latest is not there` };
    const { layers } = JSON.parse(manifest.body.toString("utf8")) as { readonly layers: readonly { readonly digest: string }[] };
    const layer = await registry.getBlob(repository, layers[0]?.digest ?? "", signal);
    return { host, repository, bytes: layer?.length, fault: layer === undefined ? "its layer is not there" : undefined };
  } catch (error) {
    signal.throwIfAborted();
    if (!ClientError.is(error)) throw error;
    return { host, repository, bytes: undefined, fault: error.message };
  } finally {
    await registry.close();
  }
}
