import { join } from "node:path";
import type { EmulatorUrls } from "../emulators/ibm-cloud/emulator";
import { icrImages } from "../images/catalogue";
import { launchEmulator } from "../process/launch-emulator";
import { LOOPBACK, onFreePorts } from "../process/ports";
import { stopProcesses } from "../process/stop";
import { type RegistryEndpoint, startRegistry } from "../registries/start";
import type { TokenSigningFiles } from "../registries/token-signing";
import { issueServerCertificate } from "../systems/server-certificate";
import type { SystemStart } from "../systems/system";
import { drawIbmCloudCredentials, REGIONS } from "./accounts";
import { createEmulatorConfiguration, ISSUER, REALM_PATH, type RegionPorts } from "./configuration";
import type { IbmCloudRegion, IbmCloudState } from "./state";

const MAIN = join(__dirname, "..", "emulators", "ibm-cloud", "main.ts");
const EMULATOR = "ibm-cloud";
type RegionName = keyof typeof REGIONS;
const NAMES = Object.keys(REGIONS) as RegionName[];
const registryProcess = (region: RegionName): string => `registry-icr-${region}`;

/** The names of its processes. */
export const PROCESSES: readonly string[] = [EMULATOR, ...NAMES.map(registryProcess)];

/** Starts a real registry for each region, and the emulator in front of them: it stays on its ports over a restart. */
export async function startIbmCloud(start: SystemStart): Promise<IbmCloudState> {
  const { folder } = start.sandbox;
  const credentialsFile = join(folder, "credentials-ibm-cloud.json");
  const credentials = await drawIbmCloudCredentials(credentialsFile);
  const certificate = await issueServerCertificate(folder, start.authority, EMULATOR, [
    "iam.cloud.ibm.com",
    ...Object.values(REGIONS),
  ]);
  const certificates = join(folder, "certificates");
  const signing = { keyFile: join(certificates, "token-signing.key"), certificateFile: join(certificates, "token-signing.crt") };
  return await onFreePorts(3 + 2 * NAMES.length, async ([iamPort = 0, iamTlsPort = 0, controlPort = 0, ...ports]) => {
    for (const process of PROCESSES) await stopProcesses(folder, process);
    const regions: RegionPorts[] = NAMES.map((name, index) => {
      const [port = 0, tlsPort = 0] = ports.slice(2 * index);
      return { name, plays: REGIONS[name], port, tlsPort };
    });
    const upstreams = await Promise.all(regions.map((region) => startRegistryOf(region, start, signing)));
    const configuration = createEmulatorConfiguration({
      folder,
      credentials,
      signing,
      tls: certificate,
      iam: { port: iamPort, tlsPort: iamTlsPort },
      controlPort,
      regions: regions.map((region, index) => ({ ...region, registryUrl: upstreams[index]?.url ?? "" })),
      bluemix: start.sandbox.bluemix.regions["us-south"],
    });
    const urls = await launchEmulator<EmulatorUrls>({ folder, name: EMULATOR, main: MAIN, configuration, signal: start.signal });
    return describeState(urls, regions, credentialsFile);
  });
}

/** Its challenge names the region's token server, which is on the region's own origin. */
function startRegistryOf(
  { name, plays, port }: RegionPorts,
  start: SystemStart,
  signing: TokenSigningFiles,
): Promise<RegistryEndpoint> {
  const realm = `http://${LOOPBACK}:${port}${REALM_PATH}`;
  return startRegistry({
    folder: start.sandbox.folder,
    name: registryProcess(name),
    binary: start.registryProgram,
    images: icrImages(start.samples),
    login: { authentication: { realm, service: plays, issuer: ISSUER, rootCertPath: signing.certificateFile }, signing },
    signal: start.signal,
  });
}

function describeState(urls: EmulatorUrls, regions: readonly RegionPorts[], credentialsFile: string): IbmCloudState {
  const region = (name: RegionName): IbmCloudRegion => {
    const { url, tlsUrl } = urls.regions[name] ?? {};
    const found = regions.find((one) => one.name === name);
    if (url === undefined || tlsUrl === undefined || found === undefined) {
      throw new Error(`The emulator of IBM Cloud says nothing of its region ${name}.`);
    }
    return { plays: found.plays, host: new URL(url).host, url, tlsUrl };
  };
  return {
    iam: urls.iam.tlsUrl ?? urls.iam.url,
    iamPlain: urls.iam.url,
    regions: { "us-south": region("us-south"), "eu-central": region("eu-central") },
    control: urls.control.url,
    credentialsFile,
  };
}
