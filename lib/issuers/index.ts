/** Systems that hand out registry credentials: one folder per system, all behind the interface in issuer.ts. */
import { createBluemixIssuer } from "./bluemix/issuer";
import type { BluemixSettings } from "./bluemix/settings";
import type { BluemixIssuer } from "./bluemix/token";
import type { IbmCloudIssuer } from "./ibmcloud/api-key";
import { createIbmCloudIssuer } from "./ibmcloud/issuer";
import type { IbmCloudSettings } from "./ibmcloud/settings";
import { createOpenShiftIssuer, type OpenShiftIssuerOptions } from "./openshift/issuer";
import type { OpenShiftSettings } from "./openshift/settings";
import type { OpenShiftIssuer } from "./openshift/token";

export type { BluemixAccount, BluemixLogin, BluemixSettings } from "./bluemix/settings";
export type { BluemixIssuer, RegistryToken, RegistryTokenRequest } from "./bluemix/token";
export type { ApiKeyRequest, IbmCloudIssuer, IssuedApiKey } from "./ibmcloud/api-key";
export type { IbmCloudSettings } from "./ibmcloud/settings";
export type { CredentialStore, IssuedCredential, Issuer, RevealedCredential } from "./issuer";
export { isMissingAccount } from "./openshift/advice";
export type { OpenShiftSettings } from "./openshift/settings";
export type { OpenShiftIssuer, ServiceAccountToken, ServiceAccountTokenRequest } from "./openshift/token";

/** The settings of any issuer, told apart by `kind`. */
export type IssuerSettings = BluemixSettings | IbmCloudSettings | OpenShiftSettings;

/** The issuers by kind. */
export interface IssuersByKind {
  readonly bluemix: BluemixIssuer;
  readonly ibmcloud: IbmCloudIssuer;
  readonly openshift: OpenShiftIssuer;
}

/** Makes the issuer that the settings describe. Contacts nothing yet. Throws ClientError("invalid") where an endpoint is no allowed URL. */
export function createIssuer<S extends IssuerSettings>(
  settings: S,
  options: OpenShiftIssuerOptions = {},
): IssuersByKind[S["kind"]] {
  return create(settings, options) as IssuersByKind[S["kind"]];
}

function create(settings: IssuerSettings, options: OpenShiftIssuerOptions): IssuersByKind[keyof IssuersByKind] {
  switch (settings.kind) {
    case "bluemix":
      return createBluemixIssuer(settings, options);
    case "ibmcloud":
      return createIbmCloudIssuer(settings, options);
    case "openshift":
      return createOpenShiftIssuer(settings, options);
  }
}
