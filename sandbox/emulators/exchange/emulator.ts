import {
  controlRoutes,
  createFaults,
  createListeners,
  createRequestLog,
  type Reply,
  type RunningEmulator,
  type ServiceUrls,
} from "../http";
import { notFound } from "./answers";
import { checkConfig } from "./check-config";
import type { ExchangeEmulatorConfig } from "./config";
import { createAuthenticator } from "./identities";
import { exchangeControlRoutes } from "./routes/control";
import { dockAuthRoutes } from "./routes/dock-auths";
import { keyRoutes } from "./routes/keys";
import { organizationRoutes } from "./routes/organizations";
import { patternRoutes } from "./routes/patterns";
import { serviceRoutes } from "./routes/services";
import { openStore } from "./store";

/** Where everything is: what `main.ts` prints beside `"ready": true`. */
export interface ExchangeUrls {
  /** Without path: `HZN_EXCHANGE_URL` is this and `/v1`. */
  readonly exchange: ServiceUrls;
  readonly control: ServiceUrls;
}

/** Starts the emulator in this process. Throws on a wrong configuration and on a taken port. */
export async function startExchangeEmulator(config: ExchangeEmulatorConfig): Promise<RunningEmulator<ExchangeUrls>> {
  checkConfig(config);
  const context = { config, store: openStore(config.dataFile), authenticate: createAuthenticator(config) };
  context.store.save();
  const log = createRequestLog();
  const faults = createFaults();
  const listeners = createListeners(config);
  const routes = [
    ...organizationRoutes(context),
    ...serviceRoutes(context),
    ...dockAuthRoutes(context),
    ...keyRoutes(context),
    ...patternRoutes(context),
  ];
  try {
    const exchange = await listeners.open({ name: "exchange", routes, log, faults, notFound: unrouted }, config);
    const { secret, port } = config.control;
    const ownRoutes = exchangeControlRoutes(context);
    const control = await listeners.openControl(
      { name: "control", routes: controlRoutes({ secret, log, faults, routes: ownRoutes }) },
      port,
    );
    return { urls: { exchange, control }, stop: listeners.stop };
  } catch (error) {
    await listeners.stop();
    throw error;
  }
}

/** Below `/v1` the exchange answers itself, elsewhere the server that it runs in. */
function unrouted(path: string): Reply {
  if (path.startsWith("/v1/")) return notFound("unrecognized route");
  return { status: 404, text: "The requested resource could not be found." };
}
