import type { CredentialStore, IssuedCredential, Issuer } from "../issuer";

/** A registry token, as the registry lists it. */
export interface RegistryToken extends IssuedCredential {
  readonly readOnly: boolean;
}

/** What token to issue. */
export interface RegistryTokenRequest {
  readonly permanent: boolean;
  readonly readOnly: boolean;
}

/** IBM Cloud (Bluemix) registry tokens. */
export interface BluemixIssuer extends Issuer, CredentialStore<RegistryTokenRequest, RegistryToken> {
  readonly kind: "bluemix";
  /** That of every token. */
  readonly username: string;
}
