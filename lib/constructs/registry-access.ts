import { Construct } from "constructs";
import { TerraformStack } from "./cdktf";
import type { Cluster } from "./cluster";
import type { Namespaces } from "./namespaces";
import { isUnresolved } from "./partly-known";
import { PullSecret, type PullSecretProps } from "./pull-secret";
import type { Registry } from "./registry";
import { RegistryProvider } from "./registry-provider";
import { SampleDeployment, type SampleDeploymentProps } from "./sample-deployment";
import { SamplePod, type SamplePodProps } from "./sample-pod";
import { ServiceAccountPatch } from "./service-account-patch";
import { sharedIn } from "./shared";

/** Props of {@link RegistryAccess}. */
export interface RegistryAccessProps {
  /** The cluster: configures both providers, so that they can't point at two. */
  readonly cluster: Cluster;
  /** The registries to pull from. Public ones need no pull secret. */
  readonly registries: readonly Registry[];
  /** The namespaces that may pull. */
  readonly namespaces: Namespaces;
  /** The ServiceAccounts, in each namespace, whose new Pods pull with the secret; an empty list patches none. @default ["default"] */
  readonly serviceAccounts?: readonly string[] | undefined;
  /** The pull secret's name in each namespace. @default - `registry-pull-<construct id>`, in lower case */
  readonly secretName?: string | undefined;
  /** Labels on every pull secret, beside our own. @default - none */
  readonly labels?: PullSecretProps["labels"];
  /** Annotations on every pull secret, beside our own. @default - none */
  readonly annotations?: PullSecretProps["annotations"];
  /** Who writes: the same for everything of one cluster in one stack. @default - `<package name>/<stack>` */
  readonly owner?: string | undefined;
}

/** Every one of these namespaces can pull from every one of these registries: registries × namespaces × ServiceAccounts. */
export class RegistryAccess extends Construct {
  /** The pull secret; none where all registries are public. */
  readonly pullSecret: PullSecret | undefined;
  /** The service-account patch; none where there is no pull secret, or no ServiceAccount to patch. */
  readonly serviceAccountPatch: ServiceAccountPatch | undefined;
  /** The provider of the cluster, shared with other constructs of the stack. */
  readonly provider: RegistryProvider;
  readonly #cluster: Cluster;

  constructor(scope: Construct, id: string, props: RegistryAccessProps) {
    super(scope, id);
    this.#cluster = props.cluster;
    this.provider = this.makeProvider(props);
    const none = "registries: No registries. registries is an empty list. Name at least one, or leave the construct out.";
    this.node.addValidation({ validate: () => (props.registries.length === 0 ? [none] : []) });
    // A namespace that the stack makes needs the other provider, for the same cluster.
    if (props.namespaces.names.some(isUnresolved)) props.cluster.kubernetes(this);
    const registries = props.registries
      .map((registry) => registry.entryFor(this.provider))
      .filter((entry) => entry !== undefined);
    this.pullSecret = registries.length === 0 ? undefined : this.makePullSecret(props, registries);
    this.serviceAccountPatch = this.makePatch(props);
  }

  /** Also where all registries are public: it brings the stack its lock file, without which cdktf asks the registry. */
  private makeProvider({ cluster, owner }: RegistryAccessProps): RegistryProvider {
    const { alias, settings } = cluster;
    const [id, which] =
      alias === undefined
        ? ["registry-provider", "a cluster without a name"]
        : [`registry-provider-${alias}`, `cluster ${JSON.stringify(alias)}`];
    return sharedIn(this, `a registry provider for ${which}`, { settings, owner }, (stack) => {
      return new RegistryProvider(stack, id, { cluster, owner });
    });
  }

  /** The pull secret's name, as a reference: what uses it comes after it. None where all registries are public. */
  get pullSecretName(): string | undefined {
    return this.pullSecret?.name;
  }

  /** A Deployment in one of the namespaces, after the service-account patch. */
  sampleDeployment(name: string, props: SampleDeploymentProps): SampleDeployment {
    return new SampleDeployment(this, name, { ...this.afterPatch(), ...props });
  }

  /**
   * A Pod in one of the namespaces, after the service-account patch. It names the pull secret itself: one that admission added
   * would look like drift to hashicorp/kubernetes, which would make the Pod anew at every run.
   */
  samplePod(name: string, props: SamplePodProps): SamplePod {
    const pullSecrets = this.pullSecret === undefined ? undefined : [this.pullSecret.name];
    return new SamplePod(this, name, { ...this.afterPatch(), pullSecrets, ...props });
  }

  private makePullSecret(props: RegistryAccessProps, registries: PullSecretProps["registries"]): PullSecret {
    const pullSecret = new PullSecret(this, "pull-secret", {
      provider: this.provider,
      name: props.secretName ?? `registry-pull-${this.node.id.toLowerCase().replace(/[^a-z0-9.]+/g, "-")}`,
      namespaces: [...props.namespaces.names],
      registries,
      labels: props.labels,
      annotations: props.annotations,
    });
    pullSecret.overrideLogicalId(this.logicalId);
    return pullSecret;
  }

  private makePatch({ namespaces, serviceAccounts = ["default"] }: RegistryAccessProps): ServiceAccountPatch | undefined {
    if (this.pullSecret === undefined || serviceAccounts.length === 0) return undefined;
    const patch = new ServiceAccountPatch(this, "service-account-patch", {
      provider: this.provider,
      namespaces: [...namespaces.names],
      serviceAccounts: [...serviceAccounts],
      pullSecrets: [this.pullSecret.name],
    });
    patch.overrideLogicalId(this.logicalId);
    return patch;
  }

  /** Secret and patch carry this construct's own name, so that a plan reads `registry_pull_secret.access`. */
  private get logicalId(): string {
    return TerraformStack.of(this).getLogicalId(this.node);
  }

  /** Admission copies a ServiceAccount's pull secrets into a Pod on create only: a Pod made before the patch would never have them. */
  private afterPatch() {
    const first = this.serviceAccountPatch ?? this.pullSecret;
    return { provider: this.#cluster.kubernetes(this), ...(first ? { dependsOn: [first] } : {}) };
  }
}
