import { BLUEMIX_REGIONS, type BluemixRegion, INTERNATIONAL_HOST } from "./bluemix-regions";
import { Token } from "./cdktf";
import { DataRegistryToken } from "./data-registry-token";
import { imageAt, type Registry, type RegistryEntry } from "./registry";
import type { Issuer, RegistryProvider } from "./registry-provider";
import { RegistryToken, type RegistryTokenProps } from "./registry-token";
import { sharedIn } from "./shared";

type Settings = NonNullable<Issuer["bluemix"]>;

/** A token to issue: the props of {@link RegistryToken}, all optional. `name` is `pull` where it is not given. */
export type IssuedToken = Partial<Omit<RegistryTokenProps, "issuer">>;

/** A token that exists: by its description in full, or by the issuer's own id (`bx cr token-list` shows both). */
export type ExistingToken = { readonly description: string } | { readonly id: string };

/** How to log in, and to which organization or account: exactly one login, exactly one account. */
export type BluemixAccount = Omit<Settings, "apiEndpoint" | "hosts" | "registryEndpoint">;

/** What both kinds have in common. */
interface BluemixOptions extends BluemixAccount {
  /** The issuer's name in the provider's configuration and in every credential id. @default - the domain, or the region */
  readonly name?: string | undefined;
  /** The Cloud Foundry API's URL. @default - `https://api.<domain>`, or the region's */
  readonly apiEndpoint?: string | undefined;
  /** The URL of the registry's token API. @default - `https://` and the registry host */
  readonly registryEndpoint?: string | undefined;
}

/** Props of {@link BluemixRegistry.dedicated}. */
export interface BluemixDedicatedProps extends BluemixOptions {
  /** The dedicated domain: its registry is `registry.<domain>`. */
  readonly domain: string;
  /** The token to issue. @default - a permanent, read-only one called `pull` */
  readonly token?: IssuedToken | undefined;
}

/** Props of {@link BluemixRegistry.region}. */
export interface BluemixRegionProps extends BluemixOptions {
  /** The token: one that exists, looked up, or one to issue. */
  readonly token: ExistingToken | { readonly issue: IssuedToken };
  /** Whether the token also opens the international registry (`registry.bluemix.net`). @default true */
  readonly international?: boolean | undefined;
}

/**
 * IBM Cloud Container Registry of the Bluemix era: an own (Dedicated) installation, or a public region.
 * Its token opens all registry namespaces of one account.
 */
export class BluemixRegistry implements Registry {
  private constructor(
    readonly hosts: readonly string[],
    /** The issuer's name. */
    readonly issuer: string,
    private readonly settings: Settings,
    private readonly token: ExistingToken | { readonly issue: IssuedToken },
  ) {}

  /**
   * Bluemix Dedicated: a token is issued for the organization, permanent where not said otherwise.
   *
   * @throws where the domain is not known at synth and no name is given
   */
  static dedicated({ domain, token = {}, name, ...options }: BluemixDedicatedProps): BluemixRegistry {
    if (name === undefined && Token.isUnresolved(domain)) {
      throw new Error(
        "BluemixRegistry.dedicated: the domain is not known at synth, so the issuer can't be named by it. Give a name.",
      );
    }
    const hosts = [`registry.${domain}`];
    const settings = { apiEndpoint: `https://api.${domain}`, hosts, ...withoutUndefined(options) };
    return new BluemixRegistry(hosts, name ?? domain, settings, { issue: token });
  }

  /**
   * A public region's registry and, with the same token, the international one.
   *
   * @throws where there is no such region
   */
  static region(
    region: BluemixRegion,
    { token, international = true, name = region, ...options }: BluemixRegionProps,
  ): BluemixRegistry {
    const known = BLUEMIX_REGIONS[region];
    if (known === undefined) {
      throw new Error(
        `${JSON.stringify(region)} is not a region of IBM Cloud's registry. Regions are: ${Object.keys(BLUEMIX_REGIONS).join(", ")}.`,
      );
    }
    const hosts = [known.registry, ...(international ? [INTERNATIONAL_HOST] : [])];
    return new BluemixRegistry(hosts, name, { apiEndpoint: known.api, hosts, ...withoutUndefined(options) }, token);
  }

  image(repository: string): string {
    return imageAt(this.hosts[0] ?? "", repository);
  }

  entryFor(provider: RegistryProvider): RegistryEntry {
    provider.addIssuer(this.issuer, { bluemix: this.settings });
    return { hosts: [...this.hosts], credentialId: this.tokenOf(provider).credentialId };
  }

  /** The token in the provider's stack: issued or looked up once, also where several clusters share it. */
  private tokenOf(provider: RegistryProvider): RegistryToken | DataRegistryToken {
    const { token, issuer } = this;
    if (!("issue" in token)) {
      const key = "id" in token ? token.id : token.description;
      const label = Token.isUnresolved(key) ? "token" : key;
      return sharedIn(provider, `a look-up of registry token ${label} of ${issuer}`, token, (stack) => {
        return new DataRegistryToken(stack, constructId(issuer, label), { issuer, ...token, provider });
      });
    }
    const name = token.issue.name ?? "pull";
    return sharedIn(provider, `registry token ${name} of ${issuer}`, token.issue, (stack) => {
      return new RegistryToken(stack, constructId(issuer, name), { issuer, ...token.issue, name, provider });
    });
  }
}

/** The construct's id is Terraform's name of the resource, and that takes no dots. */
function constructId(...parts: readonly string[]): string {
  return parts.join("-").replace(/[^A-Za-z0-9_-]+/g, "-");
}

function withoutUndefined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
