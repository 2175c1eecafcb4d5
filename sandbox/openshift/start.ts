import { join } from "node:path";
import { frontProxyFiles, type KeyPairFiles } from "../control-plane/credentials";
import type { ApiAccess } from "../emulators/openshift/kubernetes-api";
import type { OperatorConfig } from "../emulators/openshift/operator/config";
import type { OperatorUrls } from "../emulators/openshift/operator/operator";
import type { ImageRegistryConfig } from "../emulators/openshift/registry/config";
import type { ImageRegistryUrls } from "../emulators/openshift/registry/registry";
import { openshiftImages } from "../images/catalogue";
import { launchEmulator } from "../process/launch-emulator";
import { onFreePorts } from "../process/ports";
import { stopProcesses } from "../process/stop";
import { startRegistry } from "../registries/start";
import type { SystemStart } from "../systems/system";
import { makeOpenShiftCertificates, type OpenShiftCertificates } from "./certificates";
import { drawOpenShiftCredentials } from "./credentials";
import { APPS_DOMAIN, REGISTRY_HOSTS } from "./names";
import type { OpenShiftRegistryHost, OpenShiftState } from "./state";

const [OPERATOR, DOOR, REGISTRY] = ["openshift-operator", "openshift-registry", "registry-openshift"] as const;

/** The names of its processes. */
export const PROCESSES: readonly string[] = [OPERATOR, DOOR, REGISTRY];

/** The registry behind takes nobody's word but the door's. */
const TOKENS = { issuer: "sandbox-openshift", service: "sandbox-openshift-registry" } as const;

const main = (part: string): string => join(__dirname, "..", "emulators", "openshift", part, "main.ts");

/** Turns the sandbox's cluster into one of OpenShift's, as far as its image registry goes: operators, a real registry, and its door. */
export async function startOpenShift(start: SystemStart): Promise<OpenShiftState> {
  const { sandbox, authority } = start;
  const credentialsFile = join(sandbox.folder, "credentials-openshift.json");
  const { controlSecret } = await drawOpenShiftCredentials(credentialsFile);
  const certificates = await makeOpenShiftCertificates(sandbox.folder, authority);
  const parts: Parts = { start, certificates, control: { secret: controlSecret.reveal() } };
  const [operator, registry] = await Promise.all([startOperator(parts), startDoor(parts)]);
  const host = (name: keyof typeof REGISTRY_HOSTS, caFile: string): OpenShiftRegistryHost => {
    const url = registry.listeners[name];
    if (url === undefined) throw new Error(`The image registry of OpenShift says nothing of its ${name}.`);
    return { host: REGISTRY_HOSTS[name], url, caFile };
  };
  return {
    route: host("route", certificates.ingressCaFile),
    service: host("service", certificates.serviceCaFile),
    controls: { operator: operator.control.url, registry: registry.control.url },
    credentialsFile,
  };
}

interface Parts {
  readonly start: SystemStart;
  readonly certificates: OpenShiftCertificates;
  readonly control: { readonly secret: string };
}

function startOperator({ start, certificates, control }: Parts): Promise<OperatorUrls> {
  const { folder } = start.sandbox;
  return onFreePorts(1, async ([port = 0]) => {
    await stopProcesses(folder, OPERATOR);
    const { certificate: certificateFile, key: keyFile } = certificates.projectApi;
    const configuration: OperatorConfig = {
      api: accessOf(start, certificates.operator),
      appsDomain: APPS_DOMAIN,
      ingressCaFile: certificates.ingressCaFile,
      serviceCaFile: certificates.serviceCaFile,
      projectApi: {
        port,
        certificateFile,
        keyFile,
        caFile: certificates.serviceCaFile,
        clientCaFile: frontProxyFiles(folder).authority,
      },
      control,
    };
    return await launchEmulator<OperatorUrls>({
      folder,
      name: OPERATOR,
      main: main("operator"),
      configuration,
      signal: start.signal,
    });
  });
}

async function startDoor({ start, certificates, control }: Parts): Promise<ImageRegistryUrls> {
  const { folder } = start.sandbox;
  const files = join(folder, "certificates");
  const signing = { keyFile: join(files, "token-signing.key"), certificateFile: join(files, "token-signing.crt") };
  return await onFreePorts(2, async ([routePort = 0, servicePort = 0]) => {
    for (const process of [DOOR, REGISTRY]) await stopProcesses(folder, process);
    const realm = `https://${REGISTRY_HOSTS.service}/openshift/token`;
    const { url: upstream } = await startRegistry({
      folder,
      name: REGISTRY,
      binary: start.registryProgram,
      images: openshiftImages(start.samples),
      login: { authentication: { ...TOKENS, realm, rootCertPath: signing.certificateFile }, signing },
      signal: start.signal,
    });
    const listener = (name: keyof typeof REGISTRY_HOSTS, port: number, { certificate, key }: KeyPairFiles) => {
      return { name, port, certificateFile: certificate, keyFile: key };
    };
    const configuration: ImageRegistryConfig = {
      api: accessOf(start, certificates.registry),
      listeners: [listener("route", routePort, certificates.route), listener("service", servicePort, certificates.service)],
      upstream,
      signing,
      authentication: TOKENS,
      control,
    };
    return await launchEmulator<ImageRegistryUrls>({
      folder,
      name: DOOR,
      main: main("registry"),
      configuration,
      signal: start.signal,
    });
  });
}

function accessOf({ sandbox }: SystemStart, { certificate, key }: KeyPairFiles): ApiAccess {
  return { server: sandbox.apiServer, caFile: sandbox.caFile, certificateFile: certificate, keyFile: key };
}
