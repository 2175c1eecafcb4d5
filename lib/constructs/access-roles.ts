import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import type { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { Construct } from "constructs";
import {
  accessRules,
  CLUSTER_NAMESPACE,
  clusterIdRules,
  copiedSecretsRules,
  type PolicyRule,
  waitingPodsRules,
} from "../domain/access-rules";
import { checkObjectName } from "../domain/kubernetes-name";
import { PHASES, type Phase } from "../domain/permissions";
import { TerraformStack } from "./cdktf";
import type { Cluster } from "./cluster";
import type { Namespaces } from "./namespaces";
import { resolveText } from "./resolve-text";
import { pullSecretsShape } from "./sample-props";
import { checkShape, isProps, list, required, type Shape, text } from "./shape";

/** Who gets a role, as RBAC names it. */
export interface AccessSubject {
  readonly kind: "User" | "Group" | "ServiceAccount";
  readonly name: string;
  /** Of a ServiceAccount, and of it alone. */
  readonly namespace?: string | undefined;
}

/** Props of {@link AccessRoles}. */
export interface AccessRolesProps {
  /** The cluster; who makes the roles has to have what they allow, such as its administrator. */
  readonly cluster: Cluster;
  /** Who plans: reads, and may write nothing. */
  readonly plan: readonly AccessSubject[];
  /** Who applies. */
  readonly apply: readonly AccessSubject[];
  /** The pull secrets' names; no other Secret can be read or changed (RBAC can't limit `create` to names). */
  readonly pullSecrets: readonly string[];
  /** The ServiceAccounts that are patched, as there: a glob's are all. An empty list for none. @default ["default"] */
  readonly serviceAccounts?: readonly string[] | undefined;
  /** Where: namespaces that are named. @default - everywhere, also in namespaces that are still to be made, as a selection needs it */
  readonly namespaces?: Namespaces | undefined;
  /** Whether the stack has pull checks, such as those of samples: they look at Pods, events and workloads. @default false */
  readonly pullChecks?: boolean | undefined;
  /** Whether Pods that wait may be found and deleted, which `recreateWaitingPods` needs. @default false */
  readonly recreateWaitingPods?: boolean | undefined;
  /** The Secrets that `copyFrom` (`PullSecretCopy`) reads, each in its namespace. @default - none */
  readonly copiedSecrets?: readonly { readonly namespace: string; readonly name: string }[] | undefined;
  /** The roles are called `<name>-plan` and `<name>-apply`. @default "registry-access" */
  readonly name?: string | undefined;
}

const isSubject = (value: unknown) =>
  isProps(value) &&
  typeof value.name === "string" &&
  (value.kind === "ServiceAccount"
    ? typeof value.namespace === "string"
    : (value.kind === "User" || value.kind === "Group") && value.namespace === undefined);
const subjects = required(
  list("a list of subjects: { kind: User or Group, name }, or { kind: ServiceAccount, name, namespace }", isSubject),
);

const SHAPE: Shape<AccessRolesProps> = {
  cluster: required({
    wanted: "a cluster, such as Cluster.fromKubeconfig()",
    accepts: (cluster) => isProps(cluster) && isProps(cluster.settings),
  }),
  plan: subjects,
  apply: subjects,
  pullSecrets: required(pullSecretsShape),
  serviceAccounts: list("a list of ServiceAccounts' names", (name) => typeof name === "string"),
  namespaces: {
    wanted:
      'namespaces by name, such as Namespaces.named("team-a"); roles for a selection are those for all namespaces: leave it out',
    accepts: (namespaces) => isProps(namespaces) && Array.isArray(namespaces.names) && namespaces.selector === undefined,
  },
  pullChecks: { wanted: "true or false", accepts: (value) => typeof value === "boolean" },
  recreateWaitingPods: { wanted: "true or false", accepts: (value) => typeof value === "boolean" },
  copiedSecrets: list(
    "a list of Secrets: { namespace, name }",
    (secret) => isProps(secret) && typeof secret.namespace === "string" && typeof secret.name === "string",
  ),
  name: text("the roles' name", (name) => checkObjectName(name, []) === undefined),
};

const RBAC = "rbac.authorization.k8s.io";

/** The two roles that the provider needs in a cluster, one to plan with and one to apply with, and who has them. */
export class AccessRoles extends Construct {
  readonly #kubernetes: KubernetesProvider;

  constructor(scope: Construct, id: string, props: AccessRolesProps) {
    super(scope, id);
    checkShape(this.node.path, SHAPE, props);
    const {
      cluster,
      pullSecrets,
      serviceAccounts = ["default"],
      namespaces,
      pullChecks = false,
      name = "registry-access",
    } = props;
    this.#kubernetes = cluster.kubernetes(this);
    const names = { pullSecrets, serviceAccounts, pullChecks };
    for (const phase of PHASES) {
      const [metadata, who] = [{ name: `${name}-${phase}` }, props[phase]];
      const more = props.recreateWaitingPods === true ? waitingPodsRules(phase) : [];
      if (namespaces === undefined) {
        const rule = [...accessRules(phase, names), ...more].map(toRule);
        const role = new ClusterRoleV1(this, phase, { provider: this.#kubernetes, metadata, rule });
        const binding = { metadata: { name: role.metadata.name }, ...this.bind("ClusterRole", role.metadata.name, who) };
        new ClusterRoleBindingV1(this, `${phase}-binding`, binding);
      }
      // A Role in each, and no ClusterRole bound there: it allows that namespace alone, and nothing that is of use everywhere only.
      for (const namespace of namespaces?.names ?? []) {
        const id = `${phase}-${this.idOf(namespace)}`;
        const rule = [...accessRules(phase, { ...names, namespace }), ...more].map(toRule);
        const there = { ...metadata, namespace };
        const role = new RoleV1(this, id, { provider: this.#kubernetes, metadata: there, rule });
        new RoleBindingV1(this, `${id}-binding`, { metadata: there, ...this.bind("Role", role.metadata.name, who) });
      }
    }
    if (namespaces !== undefined) this.showCluster(`${name}-cluster`, props);
    this.showCopied(`${name}-copies`, props);
  }

  /** Lets both read what is copied, and nothing else there. */
  private showCopied(name: string, { copiedSecrets = [], ...props }: AccessRolesProps): void {
    const both = PHASES.flatMap((phase: Phase) => props[phase]);
    for (const namespace of new Set(copiedSecrets.map((secret) => secret.namespace))) {
      const id = `copies-${this.idOf(namespace)}`;
      const metadata = { name, namespace };
      const names = copiedSecrets.filter((secret) => secret.namespace === namespace).map((secret) => secret.name);
      const rule = copiedSecretsRules(names).map(toRule);
      const role = new RoleV1(this, id, { provider: this.#kubernetes, metadata, rule });
      new RoleBindingV1(this, `${id}-binding`, { metadata, ...this.bind("Role", role.metadata.name, both) });
    }
  }

  /** Lets both see kube-system's UID, which tells one cluster from another. */
  private showCluster(name: string, props: AccessRolesProps): void {
    const metadata = { name, namespace: CLUSTER_NAMESPACE };
    const role = new RoleV1(this, "cluster", { provider: this.#kubernetes, metadata, rule: clusterIdRules().map(toRule) });
    const both = PHASES.flatMap((phase: Phase) => props[phase]);
    new RoleBindingV1(this, "cluster-binding", { metadata, ...this.bind("Role", role.metadata.name, both) });
  }

  private bind(kind: string, name: string, who: readonly AccessSubject[]) {
    return { provider: this.#kubernetes, roleRef: { apiGroup: RBAC, kind, name }, subject: who.map(toSubject) };
  }

  /** The name of a namespace that the stack makes is a reference, which can't stand in a construct's id. */
  private idOf(namespace: string): string {
    return resolveText(namespace, TerraformStack.of(this)).replace(/[^A-Za-z0-9]+/g, "-");
  }
}

function toRule({ apiGroups, resources, resourceNames, verbs }: PolicyRule) {
  const names = resourceNames === undefined ? {} : { resourceNames: [...resourceNames] };
  return { apiGroups: [...apiGroups], resources: [...resources], ...names, verbs: [...verbs] };
}

function toSubject({ kind, name, namespace }: AccessSubject) {
  return namespace === undefined ? { apiGroup: RBAC, kind, name } : { apiGroup: "", kind, name, namespace };
}
