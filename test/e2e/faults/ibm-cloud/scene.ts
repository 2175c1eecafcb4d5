import { readFile } from "node:fs/promises";
import { bluemixRefusal, iamRefusal } from "../../../../sandbox/fault-proxy";
import type { Cluster } from "../../support/cluster";
import { openIbmCloud } from "../../support/ibm-cloud";
import { userToken } from "../../support/user-token";
import type { Scene } from "../scene";
import { configure, SECRET_NAME } from "./configuration";
import { faultsOfWorld, inventoryOf } from "./world";

/**
 * An API key of IBM Cloud with the service ID and the policy that are made with it, a registry namespace, and a pull secret that the key
 * is fetched for. The cluster is asked without a fault: the table has its calls from the main job.
 */
export async function openIbmCloudScene(cluster: Cluster, name: string): Promise<Scene> {
  const { state } = cluster;
  const owner = `faults/${name}`;
  const ibmCloud = openIbmCloud(state);
  await cluster.createNamespace(name);
  const ca = await readFile(state.caFile, "utf8");
  const apiKey = ibmCloud.credentials.apiKey.reveal();
  const token = await userToken(cluster, name, "cluster-admin");
  const world = { cluster, control: ibmCloud.control, owner, name };
  return {
    owner,
    services: {
      iam: { url: ibmCloud.state.iam, refusal: iamRefusal },
      icr: { url: ibmCloud.state.regions["us-south"].tlsUrl, refusal: bluemixRefusal },
    },
    env: { KUBE_TOKEN: token, IBMCLOUD_API_KEY: apiKey },
    secrets: [apiKey, token],
    neverTwice: ["iam: POST /v1/serviceids/", "iam: POST /v1/policies", "iam: POST /v1/apikeys"],
    configure: (wanted) => configure({ ...wanted, owner, name, ca, apiServer: state.apiServer, hosts: ibmCloud.hosts }),
    async damage() {
      if ((await cluster.secret(name, SECRET_NAME)) !== undefined) await cluster.delete("secrets", name, SECRET_NAME);
      for (const { region, name: namespace } of (await inventoryOf(world)).namespaces)
        await ibmCloud.control.deleteNamespace(region, namespace);
    },
    faultsOf: (found, moment) => faultsOfWorld(world, found, moment),
  };
}
