/** OpenShift as a part of the sandbox: its API groups and operators on the sandbox's own API server, and its image registry. */

/** Where OpenShift's parts are. */
export interface OpenShiftState {
  /** The image registry as it is reached from outside, at its route. */
  readonly route: OpenShiftRegistryHost;
  /** The same inside the cluster, at its Service. */
  readonly service: OpenShiftRegistryHost;
  /** The ports for tests to interfere by; `credentialsFile` has their secret. */
  readonly controls: {
    /** Of the operators and the project API. */
    readonly operator: string;
    /** Of the registry's door. */
    readonly registry: string;
  };
  /** `readOpenShiftCredentials` reads it. */
  readonly credentialsFile: string;
}

/** A host of the image registry. */
export interface OpenShiftRegistryHost {
  /** As image references and pull secrets have it. */
  readonly host: string;
  /** Where it really is: `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** PEM: signs the certificate that is shown there. */
  readonly caFile: string;
}
