import {
  controlRoutes,
  createFaults,
  createListeners,
  createRequestLog,
  createReverseProxy,
  type RunningEmulator,
  type ServiceUrls,
} from "../http";
import { createClock } from "../tokens/clock";
import { createTokenRoute } from "../tokens/token-server";
import { checkConfig } from "./check-config";
import type { IbmCloudEmulatorConfig } from "./config";
import type { EmulatorContext } from "./context";
import { createIdentities } from "./identities";
import { createDoorkeeper } from "./pull-access";
import { apiKeyRoutes } from "./routes/api-keys";
import { ibmCloudControlRoutes } from "./routes/control";
import { policyRoutes } from "./routes/policies";
import { registryContentRoutes } from "./routes/registry-content";
import { registryNamespaceRoutes } from "./routes/registry-namespaces";
import { serviceIdRoutes } from "./routes/service-ids";
import { tokenRoutes } from "./routes/token";
import { seed } from "./seed";
import { openStore } from "./store";

/** Where everything is: what `main.ts` prints beside `"ready": true`. */
export interface EmulatorUrls {
  readonly iam: ServiceUrls;
  /** By region: the registry's API, its `/v2/` and its token server on one origin. */
  readonly regions: Readonly<Record<string, ServiceUrls>>;
  readonly control: ServiceUrls;
}

/** Starts the emulator in this process. Throws on a wrong configuration and on a taken port. */
export async function startIbmCloudEmulator(config: IbmCloudEmulatorConfig): Promise<RunningEmulator<EmulatorUrls>> {
  checkConfig(config);
  const context = createContext(config);
  const log = createRequestLog();
  const faults = createFaults();
  const listeners = createListeners(config);
  try {
    const iamRoutes = [...tokenRoutes(context), ...apiKeyRoutes(context), ...serviceIdRoutes(context), ...policyRoutes(context)];
    const iam = await listeners.open({ name: "iam", routes: iamRoutes, log, faults }, config.iam);
    const regions: Record<string, ServiceUrls> = {};
    for (const region of config.regions) {
      const routes = [
        ...registryNamespaceRoutes(context, region),
        ...registryContentRoutes(context, region),
        createTokenRoute(config.tokenServer, createDoorkeeper(context, region)),
      ];
      const proxy = region.registryUpstream === undefined ? {} : { fallback: createReverseProxy(region.registryUpstream) };
      regions[region.name] = await listeners.open({ name: region.name, routes, log, faults, ...proxy }, region);
    }
    const { secret, port } = config.control;
    const routes = controlRoutes({ secret, log, faults, routes: ibmCloudControlRoutes(context) });
    const control = await listeners.openControl({ name: "control", routes }, port);
    return { urls: { iam, regions, control }, stop: listeners.stop };
  } catch (error) {
    await listeners.stop();
    throw error;
  }
}

function createContext(config: IbmCloudEmulatorConfig): EmulatorContext {
  const store = openStore(config.dataFile);
  const clock = createClock();
  seed(config, store, clock);
  return { config, store, clock, identities: createIdentities(config, store, clock) };
}
