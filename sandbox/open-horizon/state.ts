import type { SigningKeyFiles } from "./signing-key";

/** Open Horizon as a part of the sandbox: the exchange, an edge node's login to it, and an image in the private registry to publish. */
export interface OpenHorizonState extends SigningKeyFiles {
  /** `https://127.0.0.1:PORT/v1`, by the sandbox's CA: `HZN_EXCHANGE_URL`. */
  readonly exchange: string;
  readonly organization: string;
  /** An image for tests to publish, by its tag, with a host that has a port. */
  readonly image: string;
  /** The digest that the tag stands for: `sha256:…`. */
  readonly imageDigest: string;
  /** The port for tests to interfere by; `credentialsFile` has its secret. */
  readonly control: string;
  /** Its secrets; `readOpenHorizonCredentials` reads them. */
  readonly credentialsFile: string;
}
