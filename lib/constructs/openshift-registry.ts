import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { Construct } from "constructs";
import { checkNamespaceName, checkObjectName } from "../domain/kubernetes-name";
import { TerraformStack } from "./cdktf";
import type { Cluster } from "./cluster";
import { registryProviderOf } from "./cluster-provider";
import { OpenShiftProject, type OpenShiftProjectProps } from "./openshift-project";
import { OpenShiftRoute } from "./openshift-route";
import { OpenShiftToken, type OpenShiftTokenProps } from "./openshift-token";
import { isUnresolved } from "./partly-known";
import { imageAt, type Registry, type RegistryEntry } from "./registry";
import type { RegistryProvider } from "./registry-provider";
import { sameSettings } from "./same-settings";
import { anything, checkShape, isProps, list, required, type Shape, text } from "./shape";
import { sharedIn } from "./shared";

/** Props of {@link OpenShiftRegistry}. */
export interface OpenShiftRegistryProps {
  /** The OpenShift cluster whose image registry it is. */
  readonly cluster: Cluster;
  /** The project that the images are in. */
  readonly project: string;
  /** The ServiceAccount whose token pulls; made in the project. @default "image-puller" */
  readonly serviceAccount?: string | undefined;
  /**
   * The ClusterRole that it gets in the project: `system:image-puller` may pull, `system:image-builder` push as well, and `edit`, which
   * IBM's documents use, may change almost everything in the project.
   * @default "system:image-puller"
   */
  readonly role?: string | undefined;
  /**
   * Further projects of the cluster that the same ServiceAccount may pull from (`system:image-puller`), such as one with base images: a pull
   * secret holds one credential per host, so that a second OpenShiftRegistry has no place in it. The projects have to be there.
   * @default - none
   */
  readonly pullFrom?: readonly string[] | undefined;
  /** What consoles show in place of the project's name. @default - none */
  readonly displayName?: OpenShiftProjectProps["displayName"];
  /** What the project is for. @default - nothing but our mark */
  readonly description?: OpenShiftProjectProps["description"];
  /** Uses a project that is there already, as it is: it is never deleted. @default - such a project is an error */
  readonly adoptExisting?: OpenShiftProjectProps["adoptExisting"];
  /** The token. @default - a long-lived one called `pull` */
  readonly token?: Partial<Omit<OpenShiftTokenProps, "issuer" | "project" | "serviceAccount">> | undefined;
  /** The issuer's name in the provider's configuration and in every credential id. @default "openshift" */
  readonly name?: string | undefined;
  /** Who writes: the same for everything of one cluster in one stack. @default - `<package name>/<stack>` */
  readonly owner?: string | undefined;
}

const PULLER = "system:image-puller";

/** What the token is of. */
const OF_TOKEN = ["issuer", "project", "serviceAccount"] as const;

const SHAPE: Shape<OpenShiftRegistryProps> = {
  cluster: required({
    wanted: "a cluster, such as Cluster.fromKubeconfig()",
    accepts: (cluster) => isProps(cluster) && isProps(cluster.settings),
  }),
  project: required(text("a project's name", (name) => checkNamespaceName(name, []) === undefined)),
  serviceAccount: text("a ServiceAccount's name", (name) => checkObjectName(name, []) === undefined),
  role: text('a ClusterRole\'s name, such as "edit"'),
  pullFrom: list("a list of projects' names", isProjectName),
  // The resources and the provider check these.
  displayName: anything,
  description: anything,
  adoptExisting: anything,
  token: { wanted: "an object of props", accepts: isProps },
  name: text("the issuer's name"),
  owner: anything,
};

/**
 * The image registry of an OpenShift cluster, and one project in it: the project, a ServiceAccount with a role there, the registry's
 * route, and a token. Give it to a `RegistryAccess`, of the same cluster or of another one, and every namespace of it can pull.
 */
export class OpenShiftRegistry extends Construct implements Registry {
  readonly project: OpenShiftProject;
  readonly serviceAccount: ServiceAccountV1;
  /**
   * What the ServiceAccount may do in the project. OpenShift besides lets every ServiceAccount of a project pull from that one
   * (its own RoleBinding `system:image-pullers`): a role is needed to push, and to pull from another project.
   */
  readonly roleBinding: RoleBindingV1;
  /** Its roles in the projects of `pullFrom`, in that order. */
  readonly pullBindings: readonly RoleBindingV1[];
  /** The registry's default route; one for all registries of a cluster in a stack. */
  readonly route: OpenShiftRoute;
  readonly token: OpenShiftToken;
  /** The issuer's name. */
  readonly issuer: string;
  /** The provider that does it all, for what else is to go by it. */
  readonly provider: RegistryProvider;
  readonly #cluster: Cluster;

  constructor(scope: Construct, id: string, props: OpenShiftRegistryProps) {
    super(scope, id);
    checkShape(this.node.path, SHAPE, props);
    const { cluster, serviceAccount = "image-puller", role = PULLER, token = {}, name = "openshift" } = props;
    this.checkProps(props);
    this.issuer = name;
    this.#cluster = cluster;
    const provider = registryProviderOf(this, cluster, props.owner);
    this.provider = provider;
    const kubernetes = cluster.kubernetes(this);
    provider.addIssuer(name, { openshift: {} });
    this.route = routeOf(this, provider);
    const { displayName, description, adoptExisting } = props;
    this.project = new OpenShiftProject(this, "project", {
      provider,
      name: props.project,
      displayName,
      description,
      adoptExisting,
    });
    const namespace = this.project.name;
    this.serviceAccount = new ServiceAccountV1(this, "service-account", {
      provider: kubernetes,
      metadata: { name: serviceAccount, namespace },
      // OpenShift adds its own to every ServiceAccount, and an annotation that names it: they are no drift.
      lifecycle: { ignoreChanges: ["image_pull_secret", "secret", "metadata[0].annotations"] },
    });
    const account = this.serviceAccount.metadata.name;
    const bind = (bindingId: string, metadata: { readonly name: string; readonly namespace: string }, clusterRole: string) =>
      new RoleBindingV1(this, bindingId, {
        provider: kubernetes,
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: clusterRole },
        subject: [{ apiGroup: "", kind: "ServiceAccount", name: account, namespace }],
      });
    this.roleBinding = bind("role-binding", { name: `${serviceAccount}-registry`, namespace }, role);
    this.pullBindings = (props.pullFrom ?? []).map((project, index) => {
      const bindingId = `pull-from-${isUnresolved(project) ? index : project}`;
      return bind(bindingId, { name: `${props.project}-${serviceAccount}-registry`, namespace: project }, PULLER);
    });
    this.token = new OpenShiftToken(this, "token", {
      provider,
      dependsOn: [this.roleBinding, ...this.pullBindings],
      name: "pull",
      ...token,
      issuer: name,
      project: namespace,
      serviceAccount: account,
    });
  }

  /** The route's host, and the one inside the cluster: known once the route is there. */
  get hosts(): readonly string[] {
    return [this.route.host, this.route.internalHost];
  }

  /** The certificates (PEM) that the route's is checked against, for edge nodes; null where the cluster publishes none. */
  get caCertificate(): string {
    return this.route.caCertificate;
  }

  /**
   * The reference of an image of the project: `image("myservice:1.2")`; of another one with its name, `image("base/java:17")`.
   *
   * @throws where it is none: OpenShift's registry knows `<project>/<name>` alone
   */
  image(repository: string): string {
    const { host } = this.route;
    const isText = typeof repository === "string" && repository !== "";
    const parts = isText ? (repository.startsWith(`${host}/`) ? repository.slice(host.length + 1) : repository).split("/") : [];
    if (isText && !isUnresolved(repository) && parts.length > 2) {
      throw new Error(
        `[${this.node.path}] ${JSON.stringify(repository)} is not an image of OpenShift's registry, which keeps images as <project>/<name>. Give the name, and the project before it where it is another one, such as "base/java:17".`,
      );
    }
    return imageAt(host, parts.length === 1 ? `${this.project.name}/${repository}` : repository);
  }

  private checkProps({ project, pullFrom = [], token = {} }: OpenShiftRegistryProps): void {
    const refuse = (fault: string) => {
      throw new Error(`[${this.node.path}] ${fault}`);
    };
    const twice = pullFrom.findIndex((name, index) => name === project || pullFrom.indexOf(name) < index);
    if (twice >= 0) {
      const why = pullFrom[twice] === project ? "is the registry's own project" : "stands in it twice";
      refuse(`pullFrom[${twice}]: Named already. ${JSON.stringify(pullFrom[twice])} ${why}. Leave it out.`);
    }
    const given = OF_TOKEN.find((prop) => (token as { readonly [prop: string]: unknown })[prop] !== undefined);
    if (given === undefined) return;
    const own = given === "issuer" ? "name" : given;
    refuse(
      `token.${given}: Not the token's. The token is the registry's own ServiceAccount's: give ${own} beside token instead.`,
    );
  }

  /** Another cluster's provider has to be told where the registry is, and reaches it by its route alone. */
  entryFor(provider: RegistryProvider): RegistryEntry {
    const { credentialId } = this.token;
    const stack = TerraformStack.of(provider);
    const isOwn = provider.cluster !== undefined && sameSettings(provider.cluster.settings, this.#cluster.settings, stack);
    provider.addIssuer(this.issuer, { openshift: isOwn ? {} : { kubernetes: this.#cluster.settings } });
    return { hosts: isOwn ? this.route.hosts : [this.route.host], credentialId };
  }
}

/** Two resources would switch the one route off under each other. */
function routeOf(scope: Construct, provider: RegistryProvider): OpenShiftRoute {
  const alias = provider.alias === undefined ? "" : `-${provider.alias}`;
  return sharedIn(scope, `the route of OpenShift's image registry${alias}`, {}, (stack) => {
    return new OpenShiftRoute(stack, `openshift-route${alias}`, { provider });
  });
}

function isProjectName(name: unknown): boolean {
  return typeof name === "string" && (isUnresolved(name) || checkNamespaceName(name, []) === undefined);
}
