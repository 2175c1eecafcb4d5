import type { CredentialStore, IssuedCredential, Issuer } from "../issuer";

/** A ServiceAccount's token that is kept in a Secret. Its id is `<project>/<secret>`. */
export interface ServiceAccountToken extends IssuedCredential {
  readonly serviceAccount: string;
  /** The seconds that were asked for; null for one that never expires. */
  readonly lifetimeSeconds: number | null;
}

/** What token to issue. */
export interface ServiceAccountTokenRequest {
  readonly serviceAccount: string;
  /** Seconds, for one bound to its Secret that expires; null for one that never does. The API server may give another lifetime. */
  readonly lifetimeSeconds: number | null;
}

/** The tokens of one project. */
export type ProjectTokens = CredentialStore<ServiceAccountTokenRequest, ServiceAccountToken>;

/** The image registry of an OpenShift cluster. */
export interface OpenShiftIssuer extends Issuer {
  readonly kind: "openshift";
  /**
   * The tokens of a project; asks for nothing yet.
   *
   * @param own - the Secret of a state: listed also where its label was taken away @default - there is none
   */
  tokensIn(project: string, own?: string): ProjectTokens;
  /** The cluster: the UID of its kube-system namespace; null where it may not be read. */
  cluster(signal: AbortSignal): Promise<string | null>;
}
