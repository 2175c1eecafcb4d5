/** Systems that hand out registry credentials: one folder per system, all behind the interface in issuer.ts. */
import { createBluemixIssuer, type IssuerOptions } from "./bluemix/issuer";
import type { BluemixSettings } from "./bluemix/settings";
import type { Issuer } from "./issuer";

export type { IssuerOptions } from "./bluemix/issuer";
export type { BluemixAccount, BluemixLogin, BluemixSettings } from "./bluemix/settings";
export type { IssuedToken, IssueRequest, Issuer } from "./issuer";

/** The settings of any issuer, told apart by `kind`. */
export type IssuerSettings = BluemixSettings;

/** Makes the issuer that the settings describe. Contacts nothing yet. Throws ClientError("invalid") where an endpoint is no allowed URL. */
export function createIssuer(settings: IssuerSettings, options: IssuerOptions = {}): Issuer {
  switch (settings.kind) {
    case "bluemix":
      return createBluemixIssuer(settings, options);
  }
}
