import { createHash } from "node:crypto";
import { checkDomain, checkToken, propsOf } from "./bluemix-props";
import { BLUEMIX_REGIONS, type BluemixRegion, INTERNATIONAL_HOST } from "./bluemix-regions";
import { TerraformStack } from "./cdktf";
import { DataRegistryToken } from "./data-registry-token";
import { isUnresolved } from "./partly-known";
import { imageAt, type Registry, type RegistryEntry } from "./registry";
import type { Issuer, RegistryProvider } from "./registry-provider";
import { RegistryToken, type RegistryTokenProps } from "./registry-token";
import { resolveText } from "./resolve-text";
import { withoutUnset } from "./shape";
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
   * @throws where the domain is none, or is not known at synth and no name is given
   */
  static dedicated(props: BluemixDedicatedProps): BluemixRegistry {
    const { domain, token = {}, name, ...options } = propsOf("BluemixRegistry.dedicated", props);
    checkDomain(domain);
    checkToken("BluemixRegistry.dedicated", { issue: token });
    if (name === undefined && isUnresolved(domain)) {
      throw new Error(
        "BluemixRegistry.dedicated: the domain is not known at synth, so the issuer can't be named by it. Give a name.",
      );
    }
    const hosts = [`registry.${domain}`];
    const settings = { apiEndpoint: `https://api.${domain}`, hosts, ...withoutUnset(options) };
    return new BluemixRegistry(hosts, name ?? domain, settings, { issue: token });
  }

  /**
   * A public region's registry and, with the same token, the international one.
   *
   * @throws where there is no such region, or it is not said which token
   */
  static region(region: BluemixRegion, props: BluemixRegionProps): BluemixRegistry {
    const { token, international = true, name = region, ...options } = propsOf("BluemixRegistry.region", props);
    const known = Object.hasOwn(BLUEMIX_REGIONS, region) ? BLUEMIX_REGIONS[region] : undefined;
    if (known === undefined) {
      throw new Error(
        `${JSON.stringify(region)} is not a region of IBM Cloud's registry. Regions are: ${Object.keys(BLUEMIX_REGIONS).join(", ")}.`,
      );
    }
    checkToken("BluemixRegistry.region", token);
    const hosts = [known.registry, ...(international ? [INTERNATIONAL_HOST] : [])];
    return new BluemixRegistry(hosts, name, { apiEndpoint: known.api, hosts, ...withoutUnset(options) }, token);
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
    // Two clusters' providers may each have an issuer of this name: one token for both needs one and the same issuer.
    const settings = { token, issuer: this.settings };
    if (!("issue" in token)) {
      const [chosenBy, key] = "id" in token ? ["id", token.id] : ["description", token.description];
      const known = !isUnresolved(key);
      const written = JSON.stringify(known ? key : resolveText(key, TerraformStack.of(provider)));
      return sharedIn(provider, `a look-up of registry token ${written} (${chosenBy}) of ${issuer}`, settings, (stack) => {
        const id = constructId(stack, [issuer, known ? key : "token"], `${chosenBy} ${written}`);
        return new DataRegistryToken(stack, id, { issuer, ...token, provider });
      });
    }
    const name = token.issue.name ?? "pull";
    return sharedIn(provider, `registry token ${name} of ${issuer}`, settings, (stack) => {
      return new RegistryToken(stack, constructId(stack, [issuer, name], name), { issuer, ...token.issue, name, provider });
    });
  }
}

/** The construct's id is Terraform's name of the resource, which takes no dots; where that is taken, a hash tells the two apart. */
function constructId(stack: TerraformStack, parts: readonly string[], exactly: string): string {
  const id = parts.join("-").replace(/[^A-Za-z0-9_-]+/g, "-");
  if (stack.node.tryFindChild(id) === undefined) return id;
  const hash = createHash("sha256").update(JSON.stringify([...parts, exactly]));
  return `${id}-${hash.digest("hex").slice(0, 8)}`;
}
