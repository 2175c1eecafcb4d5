import type { IcrClient } from "../../clients/icr";
import type { IcrRegion } from "../../domain/icr-hosts";
import type { CredentialStore, IssuedCredential, Issuer } from "../issuer";

/** The user name that goes with every API key at icr.io (facts: token API v1, user names). */
export const API_KEY_USERNAME = "iamapikey";

/** An API key of a service ID, as IAM lists it. */
export interface IssuedApiKey extends IssuedCredential {
  /** `iam-ServiceId-…`: whose key it is. */
  readonly iamId: string;
  /** Whether the service ID was made together with it, and goes with it. */
  readonly made: boolean;
  /** Of the policy that was made with it; null where none was. */
  readonly policyId: string | null;
}

/** What an API key is asked for with. */
export interface ApiKeyRequest {
  /** The resource's name: what is made is called by it, for who looks at the account. */
  readonly name: string;
  /** IAM keeps minutes. Null for one that never expires. */
  readonly expiresAt: Date | null;
}

/** What a state knows of its key; of an import, its id alone. */
export interface OwnApiKey {
  readonly id: string;
  /** Null for an import. */
  readonly iamId: string | null;
  /** Of the policy that was made with it: a login that may see no policies in lists can still ask for it. Null where it is not known. */
  readonly policyId: string | null;
  readonly expiresAt: Date | null;
}

/** Which API keys a resource is about. */
export interface ApiKeyPlace {
  /** The service ID that they are of; null where each has one of its own, made with it. */
  readonly serviceId: string | null;
  /** Whose service IDs are looked for, where they are made. @default - only `own` is looked for */
  readonly mark?: { readonly owner: string; readonly name: string };
  /** What a state knows of its own one: found by its id, whatever became of its mark. */
  readonly own?: OwnApiKey;
}

/** IBM Cloud: API keys by IAM, and the registries that they open. */
export interface IbmCloudIssuer extends Issuer {
  readonly kind: "ibmcloud";
  apiKeys(place: ApiKeyPlace): CredentialStore<ApiKeyRequest, IssuedApiKey>;
  /** The registry's API of a region; null stands for the one that the settings name. */
  registry(region: IcrRegion | null): IcrClient;
}
