import type { CloudFoundryLogin } from "../../clients/uaa";

/** How to log in to Bluemix. */
export type BluemixLogin = CloudFoundryLogin;

/** Whose registry tokens: exactly one. A name is looked up at the API, the others are taken as they are. */
export type BluemixAccount =
  | { readonly kind: "organization"; readonly name: string }
  | { readonly kind: "organization_guid"; readonly guid: string }
  | { readonly kind: "account_id"; readonly id: string };

/** One entry of the provider's `issuers` with kind `bluemix`, environment variables filled in. */
export interface BluemixSettings {
  readonly kind: "bluemix";
  /** The key in `issuers`. */
  readonly name: string;
  /** `https://api.<domain>`. */
  readonly apiEndpoint: string;
  /** @default - https:// and the first of the hosts */
  readonly registryEndpoint?: string;
  /** At least one. */
  readonly hosts: readonly string[];
  readonly login: BluemixLogin;
  readonly account: BluemixAccount;
  /** PEM, trusted beside the built-in ones. @default - none */
  readonly caCertificate?: string;
  /** To other hosts than loopback. @default - refused */
  readonly allowPlainHttp?: boolean;
}
