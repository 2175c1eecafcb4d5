import { readFile } from "node:fs/promises";
import { exchangeRefusal } from "../../../../sandbox/fault-proxy";
import type { Cluster } from "../../support/cluster";
import { openHorizon } from "../../support/horizon";
import type { Scene } from "../scene";
import { configure } from "./configuration";
import { faultsOfExchange } from "./world";

/** Open Horizon: a service, its registry credential and its pattern in the exchange. */
export async function openHorizonScene(cluster: Cluster, name: string): Promise<Scene> {
  const horizon = openHorizon(cluster.state);
  const owner = `faults/${name}`;
  const ca = await readFile(cluster.state.caFile, "utf8");
  const { organization, exchange } = horizon.state;
  const service = `${organization}/${name}_1.0.0_amd64`;
  return {
    owner,
    services: { exchange: { url: new URL(exchange).origin, refusal: exchangeRefusal } },
    env: horizon.env,
    secrets: Object.values(horizon.env),
    neverTwice: ["exchange: POST /v1/orgs/{org}/services/{id}/dockauths"],
    configure: (wanted) => configure({ ...wanted, owner, state: horizon.state, ca, name }),
    // Its credential and its key alone: a service that is gone takes both with it, and that is a create once more.
    async damage() {
      const id = service.slice(organization.length + 1);
      for (const path of [`/services/${id}/dockauths`, `/services/${id}/keys`, `/patterns/${name}`]) {
        const status = await horizon.ask("DELETE", path);
        if (status !== 204 && status !== 404) throw new Error(`DELETE ${path}: ${status}`);
      }
    },
    faultsOf: async (state, moment) => faultsOfExchange(await horizon.control.data(), service, state, moment),
  };
}
