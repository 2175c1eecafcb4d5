import type { OnOtherCluster } from "../../../domain/cluster-identity";
import type { CredentialStore, OpenShiftIssuer, ServiceAccountToken, ServiceAccountTokenRequest } from "../../../issuers";
import { WrongCluster } from "../placement/cluster";

type Tokens = CredentialStore<ServiceAccountTokenRequest, ServiceAccountToken>;

/**
 * The tokens of a state's own cluster: in another one they would all look deleted. Where that one is to be taken on, they are: nothing
 * of it is listed, and so nothing revoked. Where the UID can't be read, nobody can tell.
 */
export function guardStore(store: Tokens, issuer: OpenShiftIssuer, cluster: string, onOtherCluster: OnOtherCluster): Tokens {
  return {
    ...store,
    /** @throws WrongCluster where another one answers; every operation lists first */
    async list(signal) {
      const now = await issuer.cluster(signal);
      if (now === null || now === cluster) return store.list(signal);
      if (onOtherCluster === "recreate") return [];
      throw new WrongCluster(
        "Another cluster",
        `The ServiceAccount token is in the cluster ${cluster}, but issuer ${JSON.stringify(issuer.name)} leads to the cluster ${now} now. Nothing was read or written there. A cluster is told by the UID of its kube-system namespace. ` +
          "Point the issuer's kubernetes, or the provider's (config_path, config_context, KUBE_* variables), back to the first one. " +
          'If that one was rebuilt as the second, set on_other_cluster = "recreate" in the provider "registry": a new token is then issued there, and the first is forgotten.',
      );
    },
  };
}
