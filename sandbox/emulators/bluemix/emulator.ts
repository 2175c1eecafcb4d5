import {
  controlRoutes,
  createFaults,
  createListeners,
  createRequestLog,
  createReverseProxy,
  type Route,
  type RunningEmulator,
  type ServiceUrls,
} from "../http";
import { createClock } from "../tokens/clock";
import { checkConfig } from "./check-config";
import type { BluemixEmulatorConfig, RegionConfig } from "./config";
import type { EmulatorContext } from "./context";
import { createLogins } from "./logins";
import { createRegistryTokens } from "./registry-tokens";
import { bluemixControlRoutes } from "./routes/control";
import { iamRoutes } from "./routes/iam";
import { infoRoutes } from "./routes/info";
import { organizationRoutes } from "./routes/organizations";
import { registryContentRoutes } from "./routes/registry-content";
import { registryTokenRoutes } from "./routes/registry-tokens";
import { tokenServerRoutes } from "./routes/token-server";
import { uaaRoutes } from "./routes/uaa";
import { seed } from "./seed";
import { openStore } from "./store";

/** Where everything is: what `main.ts` prints beside `"ready": true`. */
export interface EmulatorUrls {
  /** By region: Cloud Foundry's API, UAA, IAM and the registry's API on one origin. */
  readonly regions: Readonly<Record<string, ServiceUrls>>;
  /** Without path: a registry's `realm` is this and `/token`. */
  readonly tokenServer: ServiceUrls;
  readonly control: ServiceUrls;
}

/** Starts the emulator in this process. Throws on a wrong configuration and on a taken port. */
export async function startBluemixEmulator(config: BluemixEmulatorConfig): Promise<RunningEmulator<EmulatorUrls>> {
  checkConfig(config);
  const context = createContext(config);
  const log = createRequestLog();
  const faults = createFaults();
  const tokenRoutes = tokenServerRoutes(context);
  const listeners = createListeners(config);
  try {
    const regions: Record<string, ServiceUrls> = {};
    for (const region of config.regions) {
      const routes = [...regionRoutes(context, region), ...tokenRoutes];
      const { name, registryUpstream } = region;
      const proxy = registryUpstream === undefined ? {} : { fallback: createReverseProxy(registryUpstream) };
      regions[name] = await listeners.open({ name, routes, log, faults, ...proxy }, region);
    }
    const tokenServer = await listeners.open({ name: "token-server", routes: tokenRoutes, log, faults }, config.tokenServer);
    const { secret, port } = config.control;
    const routes = controlRoutes({ secret, log, faults, routes: bluemixControlRoutes(context) });
    const control = await listeners.openControl({ name: "control", routes }, port);
    return { urls: { regions, tokenServer, control }, stop: listeners.stop };
  } catch (error) {
    await listeners.stop();
    throw error;
  }
}

function createContext(config: BluemixEmulatorConfig): EmulatorContext {
  const store = openStore(config.dataFile);
  const clock = createClock();
  const tokens = createRegistryTokens(store, clock);
  seed(config, store, tokens);
  return { config, store, clock, tokens, logins: createLogins(config, store, clock) };
}

function regionRoutes(context: EmulatorContext, region: RegionConfig): Route[] {
  return [
    ...infoRoutes(),
    ...uaaRoutes(context, region.name),
    ...iamRoutes(context),
    ...organizationRoutes(context, region),
    ...registryTokenRoutes(context, region),
    ...registryContentRoutes(context, region),
  ];
}
