import type { KubernetesApi } from "../kubernetes-api";
import { keepDefaults } from "./default-bindings";
import { PATHS } from "./names";
import { createProjectRights } from "./project-rights";
import { DOCKERCFG, keepPullSecret } from "./pull-secrets";
import { allocateSecurity } from "./security-allocation";
import { createWorker } from "./worker";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const COLLECTIONS = {
  namespaces: PATHS.namespaces,
  serviceAccounts: "/api/v1/serviceaccounts",
  secrets: `/api/v1/secrets?fieldSelector=${encodeURIComponent(`type=${DOCKERCFG}`)}`,
  roleBindings: `${RBAC}/rolebindings`,
  roles: `${RBAC}/roles`,
  clusterRoles: `${RBAC}/clusterroles`,
} as const;
const AGAIN_MS = 200;

/**
 * Runs the controllers that act in every namespace, until the signal: the RoleBindings, pull secrets and user ids that OpenShift gives by
 * itself, and who may do what to a project.
 *
 * @throws where the first round fails
 */
export async function runControllers(api: KubernetesApi, signal: AbortSignal): Promise<void> {
  const rights = createProjectRights(api);
  const worker = createWorker(async () => {
    const [namespaces, serviceAccounts, secrets, roleBindings, roles, clusterRoles] = await Promise.all([
      api.list(COLLECTIONS.namespaces),
      api.list(COLLECTIONS.serviceAccounts),
      api.list(COLLECTIONS.secrets),
      api.list(COLLECTIONS.roleBindings),
      api.list(COLLECTIONS.roles),
      api.list(COLLECTIONS.clusterRoles),
    ]);
    const isYoung = await rights.keep({ namespaces, roleBindings, roles, clusterRoles });
    if (isYoung) setTimeout(worker.wake, AGAIN_MS).unref();
    const standing = namespaces.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    await allocateSecurity(api, standing);
    await Promise.all(standing.map(({ metadata }) => keepDefaults(api, metadata.name, { serviceAccounts, roleBindings })));
    const names = standing.map(({ metadata }) => metadata.name);
    const accounts = serviceAccounts.filter(({ metadata }) => names.includes(metadata.namespace ?? ""));
    const kept = accounts.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    await Promise.all(kept.map((account) => keepPullSecret(api, account, secrets)));
  });
  await worker.run();
  for (const path of Object.values(COLLECTIONS)) api.onChange(path, worker.wake, signal);
}
