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

/** Puts a registry host before a repository. */
export function imageAt(host: string, repository: string): string {
  if (repository === "" || repository.startsWith("/") || repository.includes("://")) {
    throw new Error(
      `${JSON.stringify(repository)} is not an image of ${host}: give its repository, and a tag where it is not "latest", such as "acme/ibmliberty:1.2".`,
    );
  }
  return repository.startsWith(`${host}/`) ? repository : `${host}/${repository}`;
}
