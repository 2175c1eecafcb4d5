import { checkImageReference } from "../domain/image-reference";
import { isUnresolved } from "./partly-known";
import type { PullSecretProps } from "./pull-secret";
import type { RegistryProvider } from "./registry-provider";

/** What a pull secret says about one registry, or about several that share a credential. */
export type RegistryEntry = PullSecretProps["registries"][number];

/** A description of a registry; several {@link RegistryAccess} may share it. */
export interface Registry {
  /** Its hosts, `host[:port]`, the one that images are named by first. */
  readonly hosts: readonly string[];

  /** The reference of one of its images: `image("acme/ibmliberty:latest")`; no tag means `latest`. */
  image(repository: string): string;

  /**
   * Its entry in a pull secret; none for a public registry. Makes what stands behind it (an issuer, a token or a look-up)
   * in the provider's stack, once.
   */
  entryFor(provider: RegistryProvider): RegistryEntry | undefined;
}

/**
 * Puts a registry host before a repository.
 *
 * @throws where it is none, or names another host
 */
export function imageAt(host: string, repository: string): string {
  checkRepository(host, repository);
  return inFull(host, repository);
}

/** @throws where this is not the repository of an image of that host, with or without the host */
export function checkRepository(host: string, repository: string): void {
  if (typeof repository !== "string" || repository === "" || /^\/|:\/\/|\s/.test(repository)) {
    throw new Error(
      `${JSON.stringify(repository)} is not an image of ${host}: give its repository, and a tag where it is not "latest", such as "acme/ibmliberty:1.2".`,
    );
  }
  if (isUnresolved(repository)) return;
  const other = /^([^/]*[.:][^/]*|localhost)\//.exec(repository)?.[1];
  if (other !== undefined && !repository.startsWith(`${host}/`)) {
    throw new Error(
      `${JSON.stringify(repository)} names the host ${other}, and this registry is ${host}. Leave the host out, or ask the registry that it belongs to; a repository that does begin like that is ${JSON.stringify(`${host}/${repository}`)}.`,
    );
  }
  const fault = isUnresolved(host) ? undefined : checkImageReference(inFull(host, repository), []);
  if (fault !== undefined) throw new Error(`${fault.summary}. ${fault.detail}`);
}

function inFull(host: string, repository: string): string {
  return repository.startsWith(`${host}/`) ? repository : `${host}/${repository}`;
}
