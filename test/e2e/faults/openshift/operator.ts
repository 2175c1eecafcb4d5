import { readFile } from "node:fs/promises";
import { openshiftRoute } from "../../../../lib/schema";
import { kubernetesRefusal } from "../../../../sandbox/fault-proxy";
import { createApiRequest } from "../../support/api-request";
import { type Cluster, until } from "../../support/cluster";
import { userToken } from "../../support/user-token";
import type { Scene } from "../scene";

const CONFIG = "/apis/imageregistry.operator.openshift.io/v1/configs/cluster";
const ROUTE = "/apis/route.openshift.io/v1/namespaces/openshift-image-registry/routes/default-route";

/** OpenShift's default route, by the configuration of the registry's operator. A cluster has one, so there is one lane of it. */
export async function openOperator(cluster: Cluster, name: string): Promise<Scene> {
  const { state } = cluster;
  const owner = `faults/${name}`;
  const ca = await readFile(state.caFile, "utf8");
  const token = await userToken(cluster, name, "cluster-admin");
  const api = await createApiRequest(state);
  const timeouts = { create: "40s", read: "40s", delete: "60s" };
  return {
    owner,
    services: { operator: { url: state.apiServer, refusal: kubernetesRefusal } },
    env: { KUBE_TOKEN: token },
    secrets: [token],
    neverTwice: [],
    // It has no attribute that anybody configures.
    pathless: /^/,
    configure: ({ urls }) => ({
      provider: {
        owner,
        request_timeout: "2s",
        kubernetes: { host: urls.operator ?? "", cluster_ca_certificate: ca },
        issuers: {},
      },
      resources: [{ schema: openshiftRoute, config: { timeouts } }],
      lookedUp: [],
    }),
    async damage() {
      await api("PATCH", CONFIG, { spec: { defaultRoute: false } });
      await until(async () => (await api("GET", ROUTE)).status === 404);
    },
    async faultsOf({ resources }, { output, settled }) {
      const [route, config] = await Promise.all([api("GET", ROUTE), api("GET", CONFIG)]);
      const isThere = route.status === 200;
      const isMarked =
        config.body.spec?.defaultRoute === true && JSON.stringify(config.body.metadata.annotations ?? {}).includes(owner);
      if (settled === "made" && !(isThere && isMarked)) return [`after a run that went well: route ${isThere}, mark ${isMarked}`];
      if (settled === "gone" && (isThere || isMarked)) return [`after the destroy: route ${isThere}, mark ${isMarked}`];
      const isKnown = resources.some(({ type }) => type === "registry_openshift_route");
      return isMarked && !isKnown && !/may be left/.test(output) ? ["what was switched on is in no state"] : [];
    },
  };
}
