import { join } from "node:path";
import type { BluemixEmulatorConfig, ImageConfig, RegionConfig } from "../emulators/bluemix/config";
import type { CatalogueEntry } from "../images/catalogue";
import type { TokenAuthentication, TokenSigningFiles } from "../registries/token-signing";
import { DEDICATED, ORGANIZATION, REGIONAL, type SandboxCredentials, SEEDED_TOKEN } from "./accounts";

/** What the emulator's configuration depends on. */
export interface EmulatorParts {
  readonly folder: string;
  readonly credentials: SandboxCredentials;
  readonly signing: TokenSigningFiles;
  readonly authentication: TokenAuthentication;
  /** The port of the token server, which the registry's challenge names. */
  readonly tokenServerPort: number;
  readonly tls: { readonly certificate: string; readonly key: string };
  /** Where the private registry listens. */
  readonly registryUrl: string;
  readonly images: readonly CatalogueEntry[];
}

/** The emulator's configuration: one user, one organization, a dedicated environment and a public region. */
export function createEmulatorConfiguration(parts: EmulatorParts): BluemixEmulatorConfig {
  const { bluemix, partner, controlSecret } = parts.credentials;
  const region = (name: string, hosts: readonly string[], namespace: string): RegionConfig => ({
    name,
    hosts: hosts as [string, ...string[]],
    organizations: [{ ...ORGANIZATION, guid: bluemix.organizationGuid }],
    namespaces: [{ name: namespace, account: ORGANIZATION.account }],
    images: listImages(parts.images, namespace),
    tokens: [{ description: SEEDED_TOKEN, account: ORGANIZATION.account }],
    registryUpstream: parts.registryUrl,
  });
  return {
    dataFile: join(parts.folder, "bluemix.data.json"),
    tls: { certificateFile: parts.tls.certificate, keyFile: parts.tls.key },
    control: { secret: controlSecret.reveal() },
    users: [
      {
        username: bluemix.username,
        password: bluemix.password.reveal(),
        accounts: [ORGANIZATION.account],
        apiKeys: [bluemix.apiKey.reveal()],
        passcodes: [{ value: bluemix.passcode.reveal(), reusable: true }],
        accessTokens: [{ value: bluemix.oauthToken.reveal(), kind: "uaa" }],
      },
    ],
    regions: [region(DEDICATED.region, DEDICATED.hosts, "acme"), region(REGIONAL.region, REGIONAL.hosts, "team")],
    tokenServer: {
      port: parts.tokenServerPort,
      issuer: parts.authentication.issuer,
      certificateFile: parts.signing.certificateFile,
      keyFile: parts.signing.keyFile,
      services: [
        {
          name: parts.authentication.service,
          regions: [DEDICATED.region, REGIONAL.region],
          logins: [{ username: partner.username, password: partner.password.reveal(), namespaces: ["partner"] }],
        },
      ],
    },
  };
}

function listImages(images: readonly CatalogueEntry[], namespace: string): ImageConfig[] {
  return images
    .filter(({ repository }) => repository.startsWith(`${namespace}/`))
    .map(({ repository, tag, image }) => ({
      repository,
      tag,
      digest: image.manifest.digest,
      size: image.layers.reduce((total, layer) => total + layer.bytes.length, 0),
    }));
}
