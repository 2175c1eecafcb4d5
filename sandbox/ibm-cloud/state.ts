/** IBM Cloud as a part of the sandbox: IAM, and Container Registry in two regions, each with a real registry of its own. */

/** Where the emulator of IBM Cloud and its registries are. */
export interface IbmCloudState {
  /** `https://127.0.0.1:PORT`: what `iam.cloud.ibm.com` is. */
  readonly iam: string;
  /** The same without TLS: for tests. */
  readonly iamPlain: string;
  readonly regions: {
    readonly "us-south": IbmCloudRegion;
    readonly "eu-central": IbmCloudRegion;
  };
  /** The port for tests to interfere by; `credentialsFile` has its secret. */
  readonly control: string;
  /** Its secrets; `readIbmCloudCredentials` reads them. */
  readonly credentialsFile: string;
}

/** A region of Container Registry: its API, and `/v2/` of its registry with the token server, on one origin. */
export interface IbmCloudRegion {
  /** The registry host that it plays: `us.icr.io`. */
  readonly plays: string;
  /** `127.0.0.1:PORT`: the registry host where it really is, without TLS as on every loopback host. */
  readonly host: string;
  readonly url: string;
  /** The same with TLS, by the sandbox's CA: the registry's API. */
  readonly tlsUrl: string;
}
