import type { ObjectKind } from "../object-kind";
import { waitUntil } from "../wait";

/** kubernetes_namespace_v1 */
export const namespace: ObjectKind = {
  type: "kubernetes_namespace_v1",
  apiVersion: "v1",
  kind: "Namespace",
  resource: "namespaces",
  namespaced: false,
  stateOnly: ["wait_for_default_service_account"],
  deleteTimeout: 5 * 60_000,

  async ready({ client, at, planned, signal }) {
    if (planned.wait_for_default_service_account !== true) return;
    const account = { apiVersion: "v1", resource: "serviceaccounts", namespace: at.name, name: "default" };
    await waitUntil({
      timeout: 20 * 60_000,
      signal,
      check: async () =>
        (await client.get(account, signal)) === undefined ? `serviceaccounts "default" not found in ${at.name}` : undefined,
    });
  },
};
