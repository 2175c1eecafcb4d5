/** What messages say of an issuer of one kind, and of its credentials. */
export interface IssuerKindFacts {
  /** One credential, without an article. */
  readonly credential: string;
  readonly credentials: string;
  /** The resource that has them issued. */
  readonly resource: string;
  /** The command by which a person lists them. */
  readonly listedBy: string;
}

/** The kinds of issuers. */
export const ISSUER_KINDS = {
  bluemix: {
    credential: "registry token",
    credentials: "registry tokens",
    resource: "registry_token",
    listedBy: "bx cr token-list",
  },
  ibmcloud: {
    credential: "API key",
    credentials: "API keys",
    resource: "registry_ibmcloud_api_key",
    listedBy: "ibmcloud iam service-api-keys SERVICE_ID",
  },
  openshift: {
    credential: "ServiceAccount token",
    credentials: "ServiceAccount tokens",
    resource: "registry_openshift_token",
    listedBy: "oc get secrets -n PROJECT",
  },
} as const satisfies { readonly [kind: string]: IssuerKindFacts };

/** What an issuer may be. */
export type IssuerKind = keyof typeof ISSUER_KINDS;
