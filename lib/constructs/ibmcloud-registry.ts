import { ICR_REGIONS, type IcrRegion, icrHost, isIcrRegion } from "../domain/icr-hosts";
import { IbmCloudApiKey, type IbmCloudApiKeyProps } from "./ibmcloud-api-key";
import { IbmCloudNamespace, type IbmCloudNamespaceProps } from "./ibmcloud-namespace";
import { isUnresolved } from "./partly-known";
import { imageAt, type Registry, type RegistryEntry } from "./registry";
import type { Issuer, RegistryProvider } from "./registry-provider";
import type { Secret } from "./secret";
import { anything, checkShape, list, required, type Shape, text, withoutUnset } from "./shape";
import { sharedIn } from "./shared";

type Settings = NonNullable<Issuer["ibmcloud"]>;

/** An API key to make: the props of {@link IbmCloudApiKey}, all optional. `name` is `pull` where it is not given. */
export type IssuedApiKey = Partial<Omit<IbmCloudApiKeyProps, "issuer">>;

/** Props of {@link IbmCloudRegistry}: beside its own, how to log in to IBM Cloud (the issuer's settings). */
export interface IbmCloudRegistryProps extends Omit<Settings, "hosts"> {
  /**
   * The regions whose registries are pulled from: IBM Cloud's names (`us-south`), labels of registry hosts (`us`), or `global`.
   * Images are named by the first one's host.
   */
  readonly regions: readonly IcrRegion[];
  /** Whether Pods may also pull by the hosts on IBM Cloud's private network (`private.us.icr.io`). @default false */
  readonly privateHosts?: boolean | undefined;
  /** Hosts in place of the regions', such as those of a proxy. @default - the regions' */
  readonly hosts?: readonly string[] | undefined;
  /** The issuer's name in the provider's configuration and in every credential id. @default `icr` */
  readonly name?: string | undefined;
  /** The API key to make. @default - one that never expires, called `pull`, with a service ID of its own that may only pull */
  readonly key?: IssuedApiKey | undefined;
  /** A user's own API key, in place of one to make: IAM shows it once, so it is given. @default - one is made */
  readonly userApiKey?: Secret | undefined;
}

/** What stands in the login's settings is checked where they become the provider's. */
const SHAPE: Shape<IbmCloudRegistryProps> = {
  regions: required(list("a list of regions", (item) => typeof item === "string")),
  privateHosts: anything,
  hosts: list("a list of registry hosts", (item) => typeof item === "string"),
  name: text("the issuer's name"),
  key: anything,
  userApiKey: anything,
  iamEndpoint: anything,
  registryEndpoint: anything,
  registryEndpoints: anything,
  apiKey: anything,
  apiKeyEnv: anything,
  accountId: anything,
  caCertificate: anything,
};

/**
 * IBM Cloud Container Registry (`icr.io`). One API key, that may only pull, is good for every region: it makes one entry for all
 * hosts in each pull secret, in every namespace.
 */
export class IbmCloudRegistry implements Registry {
  readonly hosts: readonly string[];
  /** The issuer's name. */
  readonly issuer: string;
  readonly #settings: Settings;
  readonly #regions: readonly IcrRegion[];
  readonly #key: IssuedApiKey;
  readonly #userApiKey: Secret | undefined;

  /** @throws where a prop is missing or unknown, or there is no such region */
  constructor(props: IbmCloudRegistryProps) {
    checkShape("IbmCloudRegistry", SHAPE, props);
    const { regions, privateHosts, hosts, name, key, userApiKey, ...login } = props;
    checkRegions(regions);
    if (key !== undefined && userApiKey !== undefined) {
      throw new Error(
        "[IbmCloudRegistry] userApiKey: Two API keys. Both key (one to make) and userApiKey (one that exists) are given. Give one of them.",
      );
    }
    const networks = privateHosts === true ? (["public", "private"] as const) : (["public"] as const);
    this.hosts = hosts ?? [...new Set(networks.flatMap((network) => regions.map((region) => icrHost(region, network))))];
    this.issuer = name ?? "icr";
    // Unset, it serves every host: two registries of one account then share the issuer.
    this.#settings = { ...withoutUnset(login), ...(hosts === undefined ? {} : { hosts: [...hosts] }) };
    this.#regions = regions;
    this.#key = key ?? {};
    this.#userApiKey = userApiKey;
  }

  image(repository: string): string {
    return imageAt(this.hosts[0] ?? "", repository);
  }

  entryFor(provider: RegistryProvider): RegistryEntry {
    const hosts = [...this.hosts];
    if (this.#userApiKey !== undefined) return { hosts, username: "iamapikey", passwordWo: this.#userApiKey };
    this.addIssuer(provider);
    return { hosts, credentialId: this.keyOf(provider).credentialId };
  }

  /**
   * A registry namespace of the account, in the provider's stack (`registry_ibmcloud_namespace`).
   *
   * @param props - @default - in the first of the regions, or at `registryEndpoint` where that is given
   */
  namespace(
    provider: RegistryProvider,
    name: string,
    props: Partial<Omit<IbmCloudNamespaceProps, "issuer" | "name">> = {},
  ): IbmCloudNamespace {
    this.addIssuer(provider);
    const region = this.#settings.registryEndpoint === undefined ? this.#regions[0] : undefined;
    const settings = { region, ...props };
    return sharedIn(provider, `registry namespace ${name} of ${this.issuer}`, settings, (stack) => {
      const id = `${this.issuer}-namespace-${isUnresolved(name) ? "named" : name}`.replace(/[^A-Za-z0-9_-]+/g, "-");
      return new IbmCloudNamespace(stack, id, { issuer: this.issuer, name, ...settings, provider });
    });
  }

  private addIssuer(provider: RegistryProvider): void {
    provider.addIssuer(this.issuer, { ibmcloud: this.#settings });
  }

  /** The key in the provider's stack: made once, also where several clusters share it. */
  private keyOf(provider: RegistryProvider): IbmCloudApiKey {
    const name = this.#key.name ?? "pull";
    const settings = { key: this.#key, issuer: this.#settings };
    return sharedIn(provider, `API key ${name} of ${this.issuer}`, settings, (stack) => {
      const id = `${this.issuer}-${name}`.replace(/[^A-Za-z0-9_-]+/g, "-");
      return new IbmCloudApiKey(stack, id, { issuer: this.issuer, ...this.#key, name, provider });
    });
  }
}

function checkRegions(regions: readonly string[]): void {
  if (regions.length === 0) {
    throw new Error(`[IbmCloudRegistry] regions: No region. Give at least one of: ${ICR_REGIONS.join(", ")}.`);
  }
  const unknown = regions.find((region) => !isIcrRegion(region));
  if (unknown === undefined) return;
  throw new Error(
    `[IbmCloudRegistry] regions: No such region. ${JSON.stringify(unknown)} is not a region of IBM Cloud Container Registry. Regions are: ${ICR_REGIONS.join(", ")}.`,
  );
}
