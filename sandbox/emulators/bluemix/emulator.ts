import { readFileSync } from "node:fs";
import {
  createFaults,
  createRequestListener,
  createRequestLog,
  createReverseProxy,
  type Listening,
  listen,
  type Route,
} from "../http";
import { checkConfig } from "./check-config";
import { createClock } from "./clock";
import type { BluemixEmulatorConfig, RegionConfig } from "./config";
import type { EmulatorContext } from "./context";
import { createLogins } from "./logins";
import { createRegistryTokens } from "./registry-tokens";
import { controlRoutes } from "./routes/control";
import { iamRoutes } from "./routes/iam";
import { infoRoutes } from "./routes/info";
import { organizationRoutes } from "./routes/organizations";
import { registryContentRoutes } from "./routes/registry-content";
import { registryTokenRoutes } from "./routes/registry-tokens";
import { tokenServerRoutes } from "./routes/token-server";
import { uaaRoutes } from "./routes/uaa";
import { seed } from "./seed";
import { openStore } from "./store";

/** Where a service is: `tlsUrl` only with a certificate in the configuration. */
export interface ServiceUrls {
  readonly url: string;
  readonly tlsUrl?: string;
}

/** Where everything is: what `main.ts` prints beside `"ready": true`. */
export interface EmulatorUrls {
  /** By region: Cloud Foundry's API, UAA, IAM and the registry's API on one origin. */
  readonly regions: Readonly<Record<string, ServiceUrls>>;
  /** Without path: a registry's `realm` is this and `/token`. */
  readonly tokenServer: ServiceUrls;
  readonly control: ServiceUrls;
}

/** An emulator that listens. */
export interface RunningEmulator {
  readonly urls: EmulatorUrls;
  stop(): Promise<void>;
}

/** Starts the emulator in this process. Throws on a wrong configuration and on a taken port. */
export async function startBluemixEmulator(config: BluemixEmulatorConfig): Promise<RunningEmulator> {
  checkConfig(config);
  const context = createContext(config);
  const log = createRequestLog();
  const faults = createFaults();
  const tokenServer = tokenServerRoutes(context);
  const address = config.address ?? "127.0.0.1";
  const tls = config.tls && {
    cert: readFileSync(config.tls.certificateFile, "utf8"),
    key: readFileSync(config.tls.keyFile, "utf8"),
  };
  const listening: Listening[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(listening.map((one) => one.close()));
  };
  const open = async (name: string, routes: readonly Route[], ports: { port?: number; tlsPort?: number }, upstream?: string) => {
    const proxy = upstream === undefined ? {} : { fallback: createReverseProxy(upstream) };
    const one = await listen(createRequestListener({ name, routes, log, faults, ...proxy }), {
      address,
      tls,
      port: ports.port,
      tlsPort: ports.tlsPort,
    });
    listening.push(one);
    return urlsOf(one);
  };
  try {
    const regions: Record<string, ServiceUrls> = {};
    for (const region of config.regions) {
      const routes = [...regionRoutes(context, region), ...tokenServer];
      regions[region.name] = await open(region.name, routes, region, region.registryUpstream);
    }
    const tokenServerUrls = await open("token-server", tokenServer, config.tokenServer);
    const control = createRequestListener({ name: "control", routes: controlRoutes(context, log, faults) });
    const controlListening = await listen(control, { address: "127.0.0.1", port: config.control.port });
    listening.push(controlListening);
    return { urls: { regions, tokenServer: tokenServerUrls, control: urlsOf(controlListening) }, stop };
  } catch (error) {
    await stop();
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

function urlsOf(listening: Listening): ServiceUrls {
  return { url: listening.url, ...(listening.tlsUrl !== undefined && { tlsUrl: listening.tlsUrl }) };
}
