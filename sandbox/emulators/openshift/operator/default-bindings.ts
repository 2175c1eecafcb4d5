import type { ApiObject, KubernetesApi } from "../kubernetes-api";
import { PATHS } from "./names";

/** The ServiceAccounts that every namespace has besides `default`. */
const ACCOUNTS = ["builder", "deployer"] as const;

/**
 * What controllers of OpenShift's keep in every namespace: two ServiceAccounts, and three RoleBindings (openshift-controller-manager,
 * pkg/authorization/defaultrolebindings). One that is deleted is made anew; what somebody does to its subjects stays.
 */
export async function keepDefaults(api: KubernetesApi, namespace: string, found: Found): Promise<void> {
  const isThere = (objects: readonly ApiObject[], name: string): boolean =>
    objects.some(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  for (const name of ACCOUNTS.filter((one) => !isThere(found.serviceAccounts, one))) {
    await make(api, PATHS.inNamespace(namespace, "serviceaccounts"), { metadata: { name } });
  }
  for (const binding of bindingsOf(namespace).filter(({ metadata }) => !isThere(found.roleBindings, metadata.name))) {
    await make(api, PATHS.roleBindings(namespace), binding);
  }
}

/** What is there of all namespaces. */
interface Found {
  readonly serviceAccounts: readonly ApiObject[];
  readonly roleBindings: readonly ApiObject[];
}

function bindingsOf(namespace: string) {
  const apiGroup = "rbac.authorization.k8s.io";
  const binding = (role: string, subject: object, what: string) => ({
    metadata: {
      name: `${role}s`,
      annotations: {
        "openshift.io/description": `${what} It is auto-managed by a controller; remove subjects to disable.`,
      },
    },
    roleRef: { apiGroup, kind: "ClusterRole", name: role },
    subjects: [subject],
  });
  const account = (name: string) => ({ kind: "ServiceAccount", namespace, name });
  return [
    binding(
      "system:image-puller",
      { kind: "Group", apiGroup, name: `system:serviceaccounts:${namespace}` },
      "Allows all pods in this namespace to pull images from this namespace.",
    ),
    binding("system:image-builder", account("builder"), "Allows builds in this namespace to push images to this namespace."),
    binding(
      "system:deployer",
      account("deployer"),
      "Allows deploymentconfigs in this namespace to rollout pods in this namespace.",
    ),
  ];
}

/** Somebody may have been faster, and the namespace may be going. @throws on any other refusal */
async function make(api: KubernetesApi, path: string, object: object): Promise<void> {
  const { status, body } = await api.send("POST", path, object);
  if (![201, 403, 404, 409].includes(status)) throw new Error(`POST ${path}: ${status} ${String(body.message)}`);
}
