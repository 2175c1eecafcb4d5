import { isAbsolute, resolve } from "node:path";
import { KubernetesProvider, type KubernetesProviderConfig } from "@cdktf/provider-kubernetes/lib/provider";
import type { Construct } from "constructs";
import { type Attributes, provider, toSnakeCase } from "../schema";
import { type IResolvable, type TerraformStack, Token } from "./cdktf";
import type { ConstructProps } from "./from-schema";
import { Secret } from "./secret";
import { sharedIn } from "./shared";
import { toTerraformValues } from "./terraform-values";

/** How to reach a cluster, in the names of the provider's `kubernetes`. */
export type ClusterSettings = NonNullable<ConstructProps<typeof provider>["kubernetes"]>;

/** How to tell clusters of one stack apart. */
export interface ClusterOptions {
  /**
   * The alias of both providers, for stacks with several clusters. A cluster without one takes the providers' default place,
   * which constructs without a `provider` prop use.
   * @default - none
   */
  readonly name?: string | undefined;
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
  ) {
    if (alias !== undefined && !/^[A-Za-z_][\w-]*$/.test(alias)) {
      throw new Error(
        `${JSON.stringify(alias)} is not a cluster's name: it becomes a Terraform alias, of letters, digits, '_' and '-', starting with a letter.`,
      );
    }
  }

  /** A cluster of a kubeconfig. */
  static fromKubeconfig({ path, context, name }: KubeconfigOptions = {}): Cluster {
    return new Cluster({ configPath: kubeconfigPath(path), configContext: context }, name);
  }

  /** The cluster of the KUBE_* environment variables, as both providers read them when Terraform runs. */
  static fromEnvironment({ name }: ClusterOptions = {}): Cluster {
    return new Cluster({}, name);
  }

  /** A cluster by its API server, such as one that the same stack makes: unresolved tokens pass. */
  static fromEndpoint({ name, ...settings }: ClusterSettings & { readonly host: string } & ClusterOptions): Cluster {
    return new Cluster(settings, name);
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
      return new KubernetesProvider(stack, id, {
        ...toKubernetesConfig(settings, stack),
        ...(alias === undefined ? {} : { alias }),
      });
    });
  }
}

function kubeconfigPath(path: string | undefined): string | undefined {
  if (path === undefined) return process.env.KUBE_CONFIG_PATH ? undefined : "~/.kube/config";
  // Terraform runs in the stack's own folder, where a relative path would mean another file.
  return Token.isUnresolved(path) || path.startsWith("~") || isAbsolute(path) ? path : resolve(path);
}

/** hashicorp/kubernetes has the same names; `exec` is a block there. */
function toKubernetesConfig({ exec, ...settings }: ClusterSettings, stack: TerraformStack): KubernetesProviderConfig {
  const attributes: Attributes = provider.attributes.kubernetes.attributes;
  const values = Object.entries(settings)
    // A plain string is refused by RegistryProvider, which says so; it must not reach a file meanwhile.
    .filter(([name, value]) => value instanceof Secret || !attributes[toSnakeCase(name)]?.sensitive)
    .map(([name, value]) => [name, value instanceof Secret ? value.referenceIn(stack) : value] as const)
    .filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(values), ...(exec === undefined ? {} : { exec: toExecBlock(exec, stack) }) };
}

/** As a token, since cdktf would turn the names of environment variables into snake_case. */
function toExecBlock(exec: NonNullable<ClusterSettings["exec"]>, stack: TerraformStack): IResolvable {
  const { values } = toTerraformValues(provider.attributes.kubernetes.attributes.exec.attributes, exec, stack);
  return Token.asAny([values]);
}
