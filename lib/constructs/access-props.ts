import { checkNamespaceName, checkObjectName } from "../domain/kubernetes-name";
import { formatPath } from "../domain/problem";
import { INTERNATIONAL_HOST } from "./bluemix-regions";
import type { Cluster } from "./cluster";
import type { Namespaces } from "./namespaces";
import { isUnresolved } from "./partly-known";
import type { PullSecretProps } from "./pull-secret";
import type { Registry } from "./registry";
import type { ServiceAccountPatchProps } from "./service-account-patch";
import { anything, checkShape, isProps, list, required, type Shape, text } from "./shape";

/** Props of `RegistryAccess`. */
export interface RegistryAccessProps {
  /** The cluster: configures both providers, so that they can't point at two. */
  readonly cluster: Cluster;
  /** The registries to pull from. Public ones need no pull secret. */
  readonly registries: readonly Registry[];
  /** The namespaces that may pull: named, or selected. */
  readonly namespaces: Namespaces;
  /** The ServiceAccounts, in each namespace, whose new Pods pull with the secret, by name or by a glob; an empty list patches none. @default ["default"] */
  readonly serviceAccounts?: readonly string[] | undefined;
  /** The pull secret's name in each namespace. @default - `registry-pull-` and the construct's path in the stack, in lower case, with '-' */
  readonly secretName?: string | undefined;
  /** Labels on every pull secret, beside our own. @default - none */
  readonly labels?: PullSecretProps["labels"];
  /** Annotations on every pull secret, beside our own. @default - none */
  readonly annotations?: PullSecretProps["annotations"];
  /**
   * Takes over what others made: Secrets of this name, and entries of ServiceAccounts. The plan warns of each Secret, and lists the
   * registry hosts that would be lost. @default - a Secret of somebody else's is an error, and an entry stays theirs
   */
  readonly adoptExisting?: PullSecretProps["adoptExisting"];
  /** What becomes of a namespace in which the cluster refuses the write: "fail" or "skip". @default "fail" - nothing is made at first, later on the others are served */
  readonly onRefused?: PullSecretProps["onRefused"];
  /**
   * Has an apply that patches ServiceAccounts delete Pods that wait because they were made before the patch, once, so that their
   * controllers make others. The plan warns how many. @default - they wait on
   */
  readonly recreateWaitingPods?: ServiceAccountPatchProps["recreateWaitingPods"];
  /** Who writes: the same for everything of one cluster in one stack. @default - `<package name>/<stack>` */
  readonly owner?: string | undefined;
}

const SHAPE: Shape<RegistryAccessProps> = {
  cluster: required({
    wanted: "a cluster, such as Cluster.fromKubeconfig()",
    accepts: (cluster) => isProps(cluster) && isProps(cluster.settings),
  }),
  registries: required(list("a list of registries", (registry) => isProps(registry) && typeof registry.entryFor === "function")),
  namespaces: required({
    wanted: 'namespaces, such as Namespaces.named("team-a") or Namespaces.matching({ matchLabels: { team: "a" } })',
    accepts: (namespaces) => isProps(namespaces) && Array.isArray(namespaces.names),
  }),
  serviceAccounts: list("a list of ServiceAccounts' names", (name) => typeof name === "string"),
  secretName: text("the pull secret's name", (name) => checkObjectName(name, []) === undefined),
  // The resources and the provider check these.
  labels: anything,
  annotations: anything,
  adoptExisting: anything,
  recreateWaitingPods: anything,
  onRefused: anything,
  owner: anything,
};

/**
 * Refuses what no resource could say as well: a prop of the wrong kind, a bad namespace (which several resources would report),
 * two regions that both bring the international registry.
 */
export function checkAccess(where: string, props: RegistryAccessProps): void {
  checkShape(where, SHAPE, props);
  const problems = props.namespaces.names.flatMap((name, index) =>
    isUnresolved(name) ? [] : (checkNamespaceName(name, ["namespaces", index]) ?? []),
  );
  if (problems.length > 0) {
    const lines = problems.map(({ path, summary, detail }) => `[${where}] ${formatPath(path)}: ${summary}. ${detail}`);
    throw new Error(lines.join("\n"));
  }
  const [first, second] = props.registries.flatMap(({ hosts }, index) =>
    hosts.length > 1 && hosts.includes(INTERNATIONAL_HOST) ? [index] : [],
  );
  if (second === undefined) return;
  throw new Error(
    `[${where}] registries[${second}]: Two tokens for one registry host. ${INTERNATIONAL_HOST} comes with registries[${first}] already, and a docker config JSON holds one credential per host. Give one of the two regions international: false.`,
  );
}

/** The pull secret's name by default, after the path below the stack. @throws where that makes no name */
export function defaultSecretName(where: string, pathInStack: readonly string[]): string {
  const suffix = pathInStack
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const name = `registry-pull-${suffix}`;
  if (suffix !== "" && name.length <= 253) return name;
  throw new Error(
    `[${where}] The pull secret would be named after the construct, and ${JSON.stringify(pathInStack.join("/"))} makes no name for it. Give secretName, such as "registry-pull".`,
  );
}
