import { join } from "node:path";
import type { KeyPairFiles } from "../control-plane/credentials";
import type { IbmCloudEmulatorConfig } from "../emulators/ibm-cloud/config";
import { icrImages } from "../images/catalogue";
import { SERVICE } from "../registries/login";
import type { TokenSigningFiles } from "../registries/token-signing";
import type { BluemixRegion } from "../state";
import { ACCOUNT, type IbmCloudCredentials, READER, REGISTRY_NAMESPACES } from "./accounts";

/** The name of the token server in its tokens. */
export const ISSUER = "sandbox-ibm-cloud";

/** Where each region's token server is, as on the real hosts. */
export const REALM_PATH = "/oauth/token";

/** A region and its two ports. */
export interface RegionPorts {
  readonly name: "us-south" | "eu-central";
  readonly plays: string;
  readonly port: number;
  readonly tlsPort: number;
}

/** What the emulator's configuration depends on. */
export interface EmulatorParts {
  readonly folder: string;
  readonly credentials: IbmCloudCredentials;
  readonly signing: TokenSigningFiles;
  readonly tls: KeyPairFiles;
  readonly iam: { readonly port: number; readonly tlsPort: number };
  readonly controlPort: number;
  readonly regions: readonly (RegionPorts & { readonly registryUrl: string })[];
  /** Whose registry tokens us-south still takes. */
  readonly bluemix: BluemixRegion;
}

/** The emulator's configuration: one account with a manager and a reader, and two regions with the same registry namespaces. */
export function createEmulatorConfiguration(parts: EmulatorParts): IbmCloudEmulatorConfig {
  const { credentials, signing, tls, bluemix } = parts;
  return {
    dataFile: join(parts.folder, "ibm-cloud.data.json"),
    tls: { certificateFile: tls.certificate, keyFile: tls.key },
    control: { secret: credentials.controlSecret.reveal(), port: parts.controlPort },
    accounts: [{ id: ACCOUNT.id, resourceGroups: [ACCOUNT.resourceGroup] }],
    users: [
      { ...ACCOUNT.user, account: ACCOUNT.id, apiKey: credentials.apiKey.reveal() },
      { ...READER, account: ACCOUNT.id, apiKey: credentials.readerApiKey.reveal(), role: "reader" },
    ],
    iam: parts.iam,
    regions: parts.regions.map(({ name, plays, port, tlsPort, registryUrl }) => ({
      name,
      host: plays,
      port,
      tlsPort,
      registryUpstream: registryUrl,
      namespaces: REGISTRY_NAMESPACES.map((namespace) => ({ name: namespace, account: ACCOUNT.id })),
      images: icrImages().map(({ repository, tag, image }) => ({
        repository,
        tag,
        digest: image.manifest.digest,
        size: image.layers.reduce((total, layer) => total + layer.bytes.length, 0),
      })),
      ...(name === "us-south" && {
        registryTokens: { tokenServer: `${bluemix.url}/token`, service: SERVICE, issuers: bluemix.hosts, account: ACCOUNT.id },
      }),
    })),
    tokenServer: { issuer: ISSUER, path: REALM_PATH, certificateFile: signing.certificateFile, keyFile: signing.keyFile },
  };
}
