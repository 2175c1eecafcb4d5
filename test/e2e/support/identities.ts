/** The two identities of the published roles, and stacks that run each phase under its own. */
import { setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadAll } from "js-yaml";
import { ClientError } from "../../../lib/clients/client-error";
import type { KubernetesObject } from "../../../lib/clients/kubernetes/client";
import { createKubernetesClient } from "../../../lib/clients/kubernetes/create-client";
import { type AccessNames, accessRules } from "../../../lib/domain/access-rules";
import { PHASES } from "../../../lib/domain/permissions";
import { toKubernetesSettings } from "../../../lib/provider/configuration/kubernetes-settings";
import { createUserKubeconfig } from "../../../sandbox";
import { type Cluster, until } from "./cluster";

/** Kubeconfig files. */
export interface Identities {
  readonly plan: string;
  readonly apply: string;
}

/** A file of docs/rbac. */
export type Published = "cluster-wide.yaml" | "one-namespace.yaml";

const { signal } = new AbortController();
// All bindings of a test may be made at once.
setMaxListeners(0, signal);
const FOLDER = resolve(__dirname, "../../../docs/rbac");
const RBAC = "rbac.authorization.k8s.io";
const COLLECTIONS: { readonly [kind: string]: string } = {
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  Role: "roles",
  RoleBinding: "rolebindings",
};

/** Applies a published file as it is, and makes the two users that it names. `rename` gives each of its words another one. */
export async function publishRoles(
  cluster: Cluster,
  file: Published,
  rename: (text: string) => string = (text) => text,
): Promise<Identities> {
  await applyYaml(cluster, rename(readFileSync(join(FOLDER, file), "utf8")));
  const [plan, apply] = await Promise.all(
    ["registry-plan", "registry-apply"].map((user) => createUserKubeconfig(cluster.state, { name: rename(user) })),
  );
  const identities = { plan: plan ?? "", apply: apply ?? "" };
  const namespace = rename("team-a");
  await untilAllowed(identities.plan, "get", "secrets", rename("registry-pull"), namespace);
  await untilAllowed(identities.apply, "update", "secrets", rename("registry-pull"), namespace);
  return identities;
}

/** Makes the RBAC objects of a YAML text; those that are there stay. */
export function applyYaml(cluster: Cluster, yaml: string): Promise<void> {
  return applyObjects(cluster, loadAll(yaml) as RbacObject[]);
}

/** A role or a binding. */
export interface RbacObject extends KubernetesObject {
  readonly kind: string;
  readonly [part: string]: unknown;
}

/** Makes RBAC objects; those that are there stay. */
export async function applyObjects(cluster: Cluster, objects: readonly RbacObject[]): Promise<void> {
  for (const object of objects) {
    const { namespace } = object.metadata;
    const place = namespace === undefined ? {} : { namespace };
    const collection = { apiVersion: `${RBAC}/v1`, resource: COLLECTIONS[object.kind] ?? "", ...place };
    await cluster.client.create(collection, object, {}, signal).catch((error: unknown) => {
      if (!ClientError.is(error, "conflict")) throw error;
    });
  }
}

/** Waits until the API server's authorizer knows of a role, or knows that it allows this no more. */
export async function untilAllowed(
  kubeconfig: string,
  verb: string,
  resource: string,
  name: string,
  namespace: string,
  isAllowed = true,
): Promise<void> {
  const client = await createKubernetesClient(toKubernetesSettings({ config_path: kubeconfig }, {}));
  await until(async () => (await client.can(verb, { apiVersion: "v1", resource, name, namespace }, signal)) === isAllowed);
  await client.close();
}

const WORKLOADS = [
  { apiGroups: [""], resources: ["namespaces", "pods"] },
  { apiGroups: ["apps"], resources: ["deployments"] },
];

/** What hashicorp/kubernetes needs for the namespaces and samples of main.ts, beside the published roles. */
export async function allowWorkloads(cluster: Cluster): Promise<void> {
  const verbs = { plan: ["get", "list"], apply: ["get", "list", "watch", "create", "update", "patch", "delete"] };
  for (const phase of ["plan", "apply"] as const) {
    const metadata = { name: `workloads-${phase}` };
    const rules = WORKLOADS.map((rule) => ({ ...rule, verbs: verbs[phase] }));
    const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name: metadata.name };
    const subjects = [{ apiGroup: RBAC, kind: "User", name: `registry-${phase}` }];
    await applyObjects(cluster, [
      { kind: "ClusterRole", metadata, rules },
      { kind: "ClusterRoleBinding", metadata, roleRef, subjects },
    ]);
  }
}

/** The environment of a command: what changes something runs as who applies, all else as who plans. */
export function environmentOf(identities: Identities, args: readonly string[]): { readonly KUBE_CONFIG_PATH: string } {
  const isWrite = ["apply", "destroy", "deploy"].includes(args[0] ?? "");
  return { KUBE_CONFIG_PATH: isWrite ? identities.apply : identities.plan };
}

/** A cluster whose stacks read as who plans and write as who applies, with the rights of the two roles and no more. */
export interface LimitedCluster extends Cluster {
  /** The kubeconfigs, for a configuration that has to name one. */
  readonly identities: Identities;
  /** For `createStack`: the environment of a command. */
  readonly envOf: (args: readonly string[]) => { readonly [name: string]: string };
  /** Lets who applies create Pods in a namespace, which is in no role: a patch then waits until they get the pull secrets. */
  allowPods(namespace: string): Promise<void>;
}

/**
 * Gives a cluster's stacks the rules of the published roles, for these names; what else a test does, it does as the administrator.
 * `kubernetes` is empty then: the environment of each command says who it is.
 * @param users - what the two users' names begin with; their kubeconfigs are called after them
 */
export async function underRoles(cluster: Cluster, names: AccessNames, users = "limited"): Promise<LimitedCluster> {
  const paths: { [phase: string]: string } = {};
  for (const phase of PHASES) {
    const [name, rules] = [`${users}-${phase}`, accessRules(phase, names).map(({ why: _, ...rule }) => rule)];
    const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name };
    await applyObjects(cluster, [
      { kind: "ClusterRole", metadata: { name }, rules },
      { kind: "ClusterRoleBinding", metadata: { name }, roleRef, subjects: [{ apiGroup: RBAC, kind: "User", name }] },
    ]);
    const kubeconfig = await createUserKubeconfig(cluster.state, { name });
    paths[phase] = kubeconfig;
    await untilAllowed(kubeconfig, "get", "namespaces", "kube-system", "");
  }
  const identities: Identities = { plan: paths.plan ?? "", apply: paths.apply ?? "" };
  return {
    ...cluster,
    identities,
    kubernetes: "{}",
    envOf: (args) => environmentOf(identities, args),
    async allowPods(namespace) {
      const metadata = { name: "pods", namespace };
      const subjects = [{ apiGroup: RBAC, kind: "User", name: `${users}-apply` }];
      await applyObjects(cluster, [
        { kind: "Role", metadata, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["create"] }] },
        { kind: "RoleBinding", metadata, roleRef: { apiGroup: RBAC, kind: "Role", name: "pods" }, subjects },
      ]);
      await untilAllowed(identities.apply, "create", "pods", "", namespace);
    },
  };
}
