import { readFileSync } from "node:fs";
import {
  controlRoutes,
  createFaults,
  createListeners,
  createRequestListener,
  createRequestLog,
  listenTls,
  type RunningEmulator,
} from "../../http";
import { createKubernetesApi } from "../kubernetes-api";
import type { ImageRegistryConfig, ListenerConfig } from "./config";
import { createGuard } from "./guard";
import { tokenEndpoint } from "./token-endpoint";

/** Where it listens. */
export interface ImageRegistryUrls {
  /** By the listener's name: `https://127.0.0.1:PORT`. */
  readonly listeners: { readonly [name: string]: string };
  readonly control: { readonly url: string };
}

/** The door of OpenShift's image registry: login by API tokens, and the API server's word on who may pull and push. @throws on a taken port */
export async function startImageRegistry(config: ImageRegistryConfig): Promise<RunningEmulator<ImageRegistryUrls>> {
  const api = createKubernetesApi(config.api);
  const [log, faults, listeners] = [createRequestLog(), createFaults(), createListeners({})];
  const guard = createGuard(api, config);
  const routes = [tokenEndpoint(api)];
  const open: { close(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all([...open.map((one) => one.close()), listeners.stop()]);
    await api.close();
  };
  const start = async ({ name, port, certificateFile, keyFile }: ListenerConfig): Promise<[string, string]> => {
    const listener = createRequestListener({ name, routes, log, faults, fallback: guard });
    const tls = { cert: readFileSync(certificateFile, "utf8"), key: readFileSync(keyFile, "utf8") };
    const listening = await listenTls(listener, { address: "127.0.0.1", port, tls });
    open.push(listening);
    return [name, listening.url];
  };
  try {
    const urls: [string, string][] = [];
    for (const listener of config.listeners) urls.push(await start(listener));
    const { secret, port } = config.control;
    const control = await listeners.openControl(
      { name: "control", routes: controlRoutes({ secret, log, faults, routes: [] }) },
      port,
    );
    return { urls: { listeners: Object.fromEntries(urls), control }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
