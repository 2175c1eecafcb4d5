import { readFile } from "node:fs/promises";
import { readCredentials } from "../../../../sandbox";
import { bluemixRefusal, cloudFoundryRefusal, kubernetesRefusal } from "../../../../sandbox/fault-proxy";
import type { Cluster } from "../../support/cluster";
import { openBluemix } from "../../support/dedicated";
import { userToken } from "../../support/user-token";
import type { Scene } from "../scene";
import { configure } from "./configuration";
import { breakEverything, prepareNamespace } from "./namespaces";
import { faultsOfWorld } from "./world";

/** A registry token in pull secrets of a row of namespaces. */
export interface AccessScene extends Scene {
  readonly namespaces: readonly [string, string, string];
}

/** The main job: cluster, login, and the registry's API; the last two are one process in the sandbox, and two services here. */
export async function openAccess(cluster: Cluster, name: string): Promise<AccessScene> {
  const { state } = cluster;
  const owner = `faults/${name}`;
  const namespaces = [`${name}-one`, `${name}-two`, `${name}-three`] as const;
  await Promise.all(namespaces.map((namespace) => prepareNamespace(cluster, namespace)));
  const ca = await readFile(state.caFile, "utf8");
  const apiKey = readCredentials(state.credentialsFile).bluemix.apiKey.reveal();
  const token = await userToken(cluster, name, "cluster-admin");
  const bluemix = state.bluemix.regions.dedicated.tlsUrl;
  const world = { cluster, bluemix: openBluemix(cluster), owner, namespaces };
  return {
    owner,
    namespaces,
    services: {
      kubernetes: { url: state.apiServer, refusal: kubernetesRefusal },
      login: { url: bluemix, refusal: cloudFoundryRefusal },
      registry: { url: bluemix, refusal: bluemixRefusal },
    },
    env: { KUBE_TOKEN: token, BLUEMIX_API_KEY: apiKey },
    secrets: [apiKey, token],
    neverTwice: ["registry: POST /api/v1/tokens"],
    configure: (wanted) => configure({ ...wanted, owner, namespaces, ca }),
    damage: () => breakEverything(cluster, namespaces),
    faultsOf: (found, moment) => faultsOfWorld(world, found, moment),
  };
}
