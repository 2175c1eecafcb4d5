import { readFileSync } from "node:fs";
import {
  controlRoutes,
  createFaults,
  createListeners,
  createRequestListener,
  createRequestLog,
  listenTls,
  ok,
  type Route,
  type RunningEmulator,
} from "../../http";
import { createKubernetesApi } from "../kubernetes-api";
import type { OperatorConfig } from "./config";
import { runControllers } from "./controllers";
import { layFoundation, publishServiceCa } from "./foundation";
import { PATHS } from "./names";
import { projectRoutes } from "./project-api";
import { reconcile } from "./reconcile";
import { createWorker } from "./worker";

/** Where it listens. */
export interface OperatorUrls {
  readonly control: { readonly url: string };
}

/**
 * Makes a plain cluster look like OpenShift to whoever uses its image registry: the API groups, the project API, the roles, and the
 * operators that act on the registry's configuration.
 *
 * @throws where the API server does not take part of it, and on a taken port
 */
export async function startOperator(config: OperatorConfig): Promise<RunningEmulator<OperatorUrls>> {
  const api = createKubernetesApi(config.api);
  const [log, faults, stopped] = [createRequestLog(), createFaults(), new AbortController()];
  const listeners = createListeners({});
  const { port, certificateFile, keyFile, clientCaFile } = config.projectApi;
  const routes = projectRoutes(api, { made: (namespace) => publishServiceCa(api, config, namespace) });
  const listener = createRequestListener({ name: "project-api", routes, log, faults });
  const [cert = "", key = "", clientCa = ""] = [certificateFile, keyFile, clientCaFile].map((file) => readFileSync(file, "utf8"));
  const projectApi = await listenTls(listener, { address: "127.0.0.1", port, tls: { cert, key, clientCa } });
  const stop = async (): Promise<void> => {
    stopped.abort();
    await Promise.all([projectApi.close(), listeners.stop()]);
    await api.close();
  };
  try {
    await layFoundation(api, config);
    const worker = createWorker(() => reconcile(api, config.appsDomain));
    await worker.run();
    for (const path of [PATHS.registryConfigs, PATHS.allRoutes]) api.onChange(path, worker.wake, stopped.signal);
    await runControllers(api, stopped.signal);
    const own = pauseRoutes(worker);
    const control = await listeners.openControl(
      { name: "control", routes: controlRoutes({ secret: config.control.secret, log, faults, routes: own }) },
      config.control.port,
    );
    return { urls: { control }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A paused operator sees what is asked for and does nothing: what a slow or broken one looks like. */
function pauseRoutes(worker: ReturnType<typeof createWorker>): Route[] {
  return [
    {
      method: "PUT",
      path: "/paused",
      handle({ body }) {
        worker.pause((JSON.parse(body) as { readonly paused: boolean }).paused);
        return ok({});
      },
    },
  ];
}
