import { isAbsolute, resolve } from "node:path";
import { KubernetesProvider, type KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";
import type { Construct } from "constructs";
import type { OnOtherCluster } from "../domain/cluster-identity";
import { type Attributes, provider, toCamelCase } from "../schema";
import { type IResolvable, TerraformProvider, TerraformStack, Token } from "./cdktf";
import type { ConstructProps } from "./from-schema";
import { checkOptions } from "./options";
import { PROVIDER_NAME } from "./product";
import { sharedIn } from "./shared";
import { toTerraformValues } from "./terraform-values";
import { formatProblem, type PropProblem } from "./validation";

/** How to reach a cluster, in the names of the provider's `kubernetes`. */
export type ClusterSettings = NonNullable<ConstructProps<typeof provider>["kubernetes"]>;

const SETTINGS = Object.keys(provider.attributes.kubernetes.attributes).map(toCamelCase);

/** How to tell clusters of one stack apart. */
export interface ClusterOptions {
  /**
   * The alias of both providers, for stacks with several clusters. A cluster without one takes the providers' default place,
   * which constructs without a `provider` prop use.
   * @default - none
   */
  readonly name?: string | undefined;
  /**
   * What to do where the state is about another cluster than the one that is reached: `"recreate"`, for a cluster that was rebuilt, forgets
   * what was written to the old one and writes everything anew. Take it out when that is done.
   * @default - an error that names both; nothing is read or written
   */
  readonly onOtherCluster?: OnOtherCluster | undefined;
  /**
   * The UID of its kube-system namespace (`kubectl get namespace kube-system -o jsonpath='{.metadata.uid}'`): where another cluster is
   * reached, nothing is read or written there.
   * @default - the first apply takes the cluster that it finds, and the state remembers it
   */
  readonly uid?: string | undefined;
}

/** Props of {@link Cluster.fromKubeconfig}. */
export interface KubeconfigOptions extends ClusterOptions {
  /**
   * The kubeconfig file; a relative path starts at the working folder of synth.
   * @default - the file that KUBE_CONFIG_PATH names when Terraform runs, where it is set at synth; else `~/.kube/config`
   */
  readonly path?: string | undefined;
  /** The context. @default - KUBE_CTX, else the kubeconfig's current one */
  readonly context?: string | undefined;
}

/**
 * One Kubernetes cluster. As it configures both providers, `registry` and hashicorp/kubernetes, they can't point at two.
 * A description, not a construct: several stacks may share it.
 */
export class Cluster {
  private constructor(
    readonly settings: ClusterSettings,
    /** The providers' alias. */
    readonly alias: string | undefined,
    /** What to do with a state of another cluster. */
    readonly onOtherCluster: OnOtherCluster | undefined,
    /** The UID of its kube-system namespace. */
    readonly uid: string | undefined,
  ) {
    if (alias !== undefined && !/^[A-Za-z_][\w-]*$/.test(alias)) {
      throw new Error(
        `${JSON.stringify(alias)} is not a cluster's name: it becomes a Terraform alias, of letters, digits, '_' and '-', starting with a letter.`,
      );
    }
  }

  /** A cluster of a kubeconfig. */
  static fromKubeconfig(options: KubeconfigOptions = {}): Cluster {
    checkOptions("Cluster.fromKubeconfig", options, ["path", "context", "name", "onOtherCluster", "uid"]);
    const { path, context, name, onOtherCluster, uid } = options;
    if (path === "") {
      throw new Error(
        'Cluster.fromKubeconfig: path is an empty string. Name a file, such as "~/.kube/config", or leave path out.',
      );
    }
    return new Cluster({ configPath: kubeconfigPath(path), configContext: context }, name, onOtherCluster, uid);
  }

  /** The cluster of the KUBE_* environment variables, as both providers read them when Terraform runs. */
  static fromEnvironment(options: ClusterOptions = {}): Cluster {
    checkOptions("Cluster.fromEnvironment", options, ["name", "onOtherCluster", "uid"]);
    const { name, onOtherCluster, uid } = options;
    return new Cluster({}, name, onOtherCluster, uid);
  }

  /** A cluster by its API server, such as one that the same stack makes: unresolved tokens pass. */
  static fromEndpoint(options: ClusterSettings & { readonly host: string } & ClusterOptions): Cluster {
    checkOptions("Cluster.fromEndpoint", options, [...SETTINGS, "name", "onOtherCluster", "uid"]);
    const { name, onOtherCluster, uid, ...settings } = options;
    return new Cluster(settings, name, onOtherCluster, uid);
  }

  /**
   * The stack's hashicorp/kubernetes provider for this cluster: made the first time, shared afterwards. For constructs of
   * `@cdktf/provider-kubernetes`, as in `new NamespaceV1(stack, "team-a", { provider: cluster.kubernetes(stack), … })`.
   */
  kubernetes(scope: Construct): KubernetesProvider {
    const { alias, settings } = this;
    const what = `a kubernetes provider for ${alias === undefined ? "a cluster without a name" : `cluster ${JSON.stringify(alias)}`}`;
    return sharedIn(scope, what, { settings }, (stack) => {
      const id = alias === undefined ? "kubernetes-provider" : `kubernetes-provider-${alias}`;
      const { config, checks } = toKubernetesConfig(settings, stack);
      const kubernetes = new KubernetesProvider(stack, id, { ...config, ...(alias === undefined ? {} : { alias }) });
      kubernetes.node.addValidation({ validate: () => (hasTwin(kubernetes) ? [] : checks()) });
      return kubernetes;
    });
  }
}

function kubeconfigPath(path: string | undefined): string | undefined {
  if (path === undefined) return process.env.KUBE_CONFIG_PATH ? undefined : "~/.kube/config";
  // Terraform runs in the stack's own folder, where a relative path would mean another file.
  return Token.isUnresolved(path) || path.startsWith("~") || isAbsolute(path) ? path : resolve(path);
}

/** Whether the registry provider of the same cluster says what is wrong with its settings. */
function hasTwin(kubernetes: KubernetesProvider): boolean {
  const providers = TerraformStack.of(kubernetes).node.findAll();
  return providers.some(
    (node) =>
      TerraformProvider.isTerraformProvider(node) &&
      node.terraformResourceType === PROVIDER_NAME &&
      node.alias === kubernetes.alias,
  );
}

/** hashicorp/kubernetes has the same names; `exec` is a block there. What the schema refuses is left out. */
function toKubernetesConfig(settings: ClusterSettings, stack: TerraformStack) {
  const attributes: Attributes = provider.attributes.kubernetes.attributes;
  const { exec, ...plain } = settings;
  const { values, checks } = toTerraformValues(attributes, plain, stack);
  const config: KubernetesProviderConfig = {
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [toCamelCase(name), value])),
    ...(exec === undefined ? {} : { exec: toExecBlock(exec, stack) }),
  };
  const problems = () => checks.flatMap((check): PropProblem[] => [check() ?? []].flat());
  return { config, checks: () => problems().map((problem) => formatProblem(attributes, problem)) };
}

/** As a token, since cdktf would turn the names of environment variables into snake_case. */
function toExecBlock(exec: NonNullable<ClusterSettings["exec"]>, stack: TerraformStack): IResolvable {
  const { values } = toTerraformValues(provider.attributes.kubernetes.attributes.exec.attributes, exec, stack);
  return Token.asAny([values]);
}
