import type { Secret } from "../../domain/secret";

/** One entry of the provider's `issuers` with kind `ibmcloud`, environment variables filled in. */
export interface IbmCloudSettings {
  readonly kind: "ibmcloud";
  /** The key in `issuers`. */
  readonly name: string;
  /** `https://iam.cloud.ibm.com`. */
  readonly iamEndpoint: string;
  /** The registry's API, for what names no region. @default - `https://icr.io` */
  readonly registryEndpoint?: string;
  /** The registry's API by region; a region's other names mean the same one. @default - each region's own host */
  readonly registryEndpoints?: Readonly<Record<string, string>>;
  /** At least one. */
  readonly hosts: readonly string[];
  /** Of who manages keys, policies and registry namespaces. */
  readonly apiKey: Secret;
  /** @default - the account of the API key */
  readonly accountId?: string;
  /** PEM, trusted beside the built-in ones. @default - none */
  readonly caCertificate?: string;
  /** To other hosts than loopback. @default - refused */
  readonly allowPlainHttp?: boolean;
}
