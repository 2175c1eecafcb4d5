import { join } from "node:path";
import type { ExchangeEmulatorConfig } from "../emulators/exchange/config";
import type { ExchangeUrls } from "../emulators/exchange/emulator";
import { createImage } from "../images/image";
import { launchEmulator } from "../process/launch-emulator";
import { onFreePorts } from "../process/ports";
import { stopProcesses } from "../process/stop";
import { pushTo } from "../registries/push-to";
import { issueServerCertificate } from "../systems/server-certificate";
import type { SystemStart } from "../systems/system";
import { ACCOUNTS, drawOpenHorizonCredentials, type OpenHorizonCredentials, ORGANIZATION, OTHER_ORGANIZATION } from "./accounts";
import { createServiceSigningKey } from "./signing-key";
import type { OpenHorizonState } from "./state";

const MAIN = join(__dirname, "..", "emulators", "exchange", "main.ts");

/** The name of its process. */
export const EXCHANGE = "exchange";

/** An image for tests to publish, named as the document has it: `<name>_<arch>:<version>`, in the partner's registry namespace. */
const IMAGE = { repository: "partner/gps_amd64", tag: "1.2.3" } as const;

/** Starts the exchange's emulator, which stays on its port over a restart, makes a signing key, and pushes the service's image. */
export async function startOpenHorizon({ sandbox, authority, signal }: SystemStart): Promise<OpenHorizonState> {
  const { folder } = sandbox;
  const credentialsFile = join(folder, "credentials-open-horizon.json");
  const credentials = await drawOpenHorizonCredentials(credentialsFile);
  const keys = await createServiceSigningKey(folder, ORGANIZATION);
  const certificate = await issueServerCertificate(folder, authority, EXCHANGE);
  const files = [{ path: "etc/sandbox-image", content: `${IMAGE.repository}:${IMAGE.tag}\n` }];
  const image = createImage({ format: "docker", files });
  await pushTo(sandbox, "private", { ...IMAGE, image }, signal);
  const urls = await onFreePorts(2, async ([port = 0, tlsPort = 0]) => {
    await stopProcesses(folder, EXCHANGE);
    const configuration: ExchangeEmulatorConfig = {
      ...configure(credentials),
      dataFile: join(folder, "exchange.data.json"),
      port,
      tlsPort,
      tls: { certificateFile: certificate.certificate, keyFile: certificate.key },
    };
    return await launchEmulator<ExchangeUrls>({ folder, name: EXCHANGE, main: MAIN, configuration, signal });
  });
  return {
    ...keys,
    exchange: `${urls.exchange.tlsUrl}/v1`,
    organization: ORGANIZATION,
    image: `${sandbox.registries.private.host}/${IMAGE.repository}:${IMAGE.tag}`,
    imageDigest: image.manifest.digest,
    control: urls.control.url,
    credentialsFile,
  };
}

function configure(credentials: OpenHorizonCredentials): Omit<ExchangeEmulatorConfig, "dataFile"> {
  const { publisher, colleague, stranger, node } = ACCOUNTS;
  return {
    control: { secret: credentials.controlSecret.reveal() },
    organizations: [{ name: ORGANIZATION }, { name: OTHER_ORGANIZATION }],
    users: [
      { ...publisher, password: credentials.publisher.reveal(), apiKeys: [credentials.publisherApiKey.reveal()] },
      { ...colleague, password: credentials.colleague.reveal() },
      { ...stranger, password: credentials.stranger.reveal() },
    ],
    nodes: [{ organization: node.organization, id: node.name, token: credentials.node.reveal() }],
  };
}
