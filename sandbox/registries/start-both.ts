import { join } from "node:path";
import { DEDICATED, drawCredentials, REGIONAL } from "../bluemix/accounts";
import { startBluemix } from "../bluemix/start";
import { allOrNothing, type Start } from "../bring-up";
import type { KeyPairFiles } from "../control-plane/credentials";
import type { EmulatorUrls } from "../emulators/bluemix/emulator";
import type { ServiceUrls } from "../emulators/http";
import { privateImages, publicImages, type SamplePrograms } from "../images/catalogue";
import { onFreePorts } from "../process/ports";
import { stopProcesses } from "../process/stop";
import { during } from "../progress/progress";
import type { BluemixRegion, BluemixState, RegistriesState } from "../state";
import { trustTokenServer } from "./login";
import { startRegistry } from "./start";
import { createTokenSigningKey } from "./token-signing";

/** The program that both registries are. */
export const REGISTRY = "registry";

/** The registries of a sandbox are started with a certificate for the emulator. */
export interface RegistriesStart extends Start {
  readonly tls: KeyPairFiles;
  /** What runs in the images. @default - nothing: they can only be pulled */
  readonly samples?: SamplePrograms | undefined;
}

/** What {@link startBothRegistries} brings up. */
export type StartedRegistries = Pick<RegistriesState, "registries" | "bluemix" | "credentialsFile">;

/** Starts the private registry with its emulator, and the public registry, and fills both with images. */
export async function startBothRegistries(start: RegistriesStart): Promise<StartedRegistries> {
  const { folder, progress } = start;
  const binary = String(start.binaries.get(REGISTRY));
  const credentialsFile = join(folder, "credentials.json");
  const [{ registry, bluemix }, publicRegistry] = await allOrNothing<[PrivateRegistry, RegistriesState["registries"]["public"]]>(
    start.signal,
    (signal) => [
      during(progress, "private registry and Bluemix emulator", () =>
        startPrivateRegistry({ ...start, signal }, credentialsFile),
      ),
      during(progress, "public registry", () =>
        startRegistry({ folder, name: "registry-public", binary, images: publicImages(start.samples), signal }),
      ),
    ],
  );
  return { registries: { private: registry, public: publicRegistry }, bluemix, credentialsFile };
}

interface PrivateRegistry {
  readonly registry: RegistriesState["registries"]["private"];
  readonly bluemix: BluemixState;
}

/** The registry's challenge names the token server, and the emulator passes pulls on to the registry: each has to know the other's port. */
async function startPrivateRegistry(start: RegistriesStart, credentialsFile: string): Promise<PrivateRegistry> {
  const { folder, tls, signal } = start;
  const binary = String(start.binaries.get(REGISTRY));
  const signing = await createTokenSigningKey(folder);
  const credentials = await drawCredentials(credentialsFile);
  const images = privateImages(start.samples);
  return await onFreePorts(1, async ([tokenServerPort = 0]) => {
    await stopProcesses(folder, "registry-private");
    const authentication = trustTokenServer(tokenServerPort, signing);
    const login = { authentication, signing };
    const registry = await startRegistry({ folder, name: "registry-private", binary, images, login, signal });
    const parts = { folder, credentials, signing, authentication, tokenServerPort, tls, registryUrl: registry.url, images };
    const urls = await startBluemix(parts, signal);
    return { registry, bluemix: describeBluemix(urls, authentication.realm) };
  });
}

function describeBluemix(urls: EmulatorUrls, realm: string): BluemixState {
  const region = (name: string, hosts: readonly string[]): BluemixRegion => {
    const { url, tlsUrl }: Partial<ServiceUrls> = urls.regions[name] ?? {};
    if (url === undefined || tlsUrl === undefined) {
      throw new Error(`The Bluemix emulator says nothing of its region ${name}.`);
    }
    return { url, tlsUrl, hosts };
  };
  return {
    regions: { dedicated: region(DEDICATED.region, DEDICATED.hosts), "us-south": region(REGIONAL.region, REGIONAL.hosts) },
    realm,
    control: urls.control.url,
  };
}
