import { randomBytes } from "node:crypto";
import { LOOPBACK } from "../process/ports";
import type { TokenAuthentication } from "./token-signing";

/** Carries a registry's mark. */
export const MARK_HEADER = "x-sandbox-registry";

/** What sets one registry apart from another. */
export interface RegistryOptions {
  readonly port: number;
  /** Sent in the header {@link MARK_HEADER} of every answer, so that it can be told from another registry on the same port. */
  readonly mark: string;
  /** Holds all its images. */
  readonly storage: string;
  /** @default - everybody may pull and push: only for a registry that plays a public one */
  readonly authentication?: TokenAuthentication | undefined;
}

/** A registry's configuration file. JSON is YAML, which is what it reads. */
export function formatRegistryConfiguration({ port, mark, storage, authentication }: RegistryOptions): string {
  const configuration = {
    version: "0.1",
    log: { level: "info", accesslog: { disabled: false } },
    storage: {
      filesystem: { rootdirectory: storage },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: `${LOOPBACK}:${port}`, secret: randomBytes(32).toString("hex"), headers: { [MARK_HEADER]: [mark] } },
    ...(authentication && {
      auth: {
        token: {
          realm: authentication.realm,
          service: authentication.service,
          issuer: authentication.issuer,
          rootcertbundle: authentication.rootCertPath,
        },
      },
    }),
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}
