import { Construct } from "constructs";
import { parseImageReference } from "../domain/image-reference";
import { toConfigKey } from "../domain/registry-host";
import { compileGlobs } from "../domain/selection/glob";
import { checkAccess, defaultSecretName, type RegistryAccessProps } from "./access-props";
import { TerraformStack, Token } from "./cdktf";
import { registryProviderOf } from "./cluster-provider";
import { type NamespaceReference, namespaceName } from "./namespaces";
import { isUnresolved } from "./partly-known";
import { PullSecret, type PullSecretProps } from "./pull-secret";
import type { RegistryEntry } from "./registry";
import type { RegistryProvider } from "./registry-provider";
import { resolveText } from "./resolve-text";
import type { SampleCheck } from "./sample-check";
import { SampleDeployment, type SampleDeploymentProps } from "./sample-deployment";
import { SamplePod, type SamplePodProps } from "./sample-pod";
import { ServiceAccountPatch } from "./service-account-patch";
import { announce } from "./serving";
import { isProps } from "./shape";

/** Every one of these namespaces can pull from every one of these registries: registries × namespaces × ServiceAccounts. */
export class RegistryAccess extends Construct {
  /** The pull secret; none where all registries are public. */
  readonly pullSecret: PullSecret | undefined;
  /** The service-account patch; none where there is no pull secret, or no ServiceAccount to patch. */
  readonly serviceAccountPatch: ServiceAccountPatch | undefined;
  /** The provider of the cluster, shared with other constructs of the stack. */
  readonly provider: RegistryProvider;
  readonly #props: RegistryAccessProps;
  readonly #entries: PullSecretProps["registries"];
  /** One for each of the registries; none for a public one. */
  readonly #entryOf: readonly (RegistryEntry | undefined)[];

  constructor(scope: Construct, id: string, props: RegistryAccessProps) {
    super(scope, id);
    checkAccess(this.node.path, props);
    this.#props = props;
    // Also where all registries are public: it brings the stack its lock file, without which cdktf asks the registry.
    this.provider = registryProviderOf(this, props.cluster, props.owner);
    const none = "registries: No registries. registries is an empty list. Name at least one, or leave the construct out.";
    this.node.addValidation({
      validate: () => [...(props.registries.length === 0 ? [none] : []), ...this.sameHostTwice(), ...this.sameSecretElsewhere()],
    });
    // A namespace that the stack makes needs the other provider, for the same cluster.
    if (props.namespaces.names.some(isUnresolved)) props.cluster.kubernetes(this);
    this.#entryOf = props.registries.map((registry) => registry.entryFor(this.provider));
    const registries = this.#entryOf.filter((entry) => entry !== undefined);
    this.#entries = registries;
    this.pullSecret = registries.length === 0 ? undefined : this.makePullSecret(props, registries);
    this.serviceAccountPatch = this.makePatch(props);
    announce(this, {
      alias: props.cluster.alias,
      namespaces: props.namespaces.names,
      isSelective: props.namespaces.selector !== undefined,
      serviceAccounts: props.serviceAccounts ?? ["default"],
      pullSecret: this.pullSecret,
      secretName: this.pullSecret && this.secretName,
      patch: this.serviceAccountPatch,
    });
  }

  /** The pull secret's name, as a reference: what uses it comes after it. None where all registries are public. */
  get pullSecretName(): string | undefined {
    return this.pullSecret?.name;
  }

  /**
   * A Deployment in one of the namespaces, after the service-account patch.
   *
   * @throws where the pull secret doesn't reach it: another namespace, a ServiceAccount that is not patched
   */
  sampleDeployment(name: string, props: SampleDeploymentProps): SampleDeployment {
    this.checkReach(name, props);
    this.checkServiceAccount(name, props);
    return new SampleDeployment(this, name, {
      ...this.afterPatch(),
      ...props,
      ...this.pinning(props),
      check: this.checkOf(props?.check),
    });
  }

  /**
   * A Pod in one of the namespaces, after the service-account patch. It names the pull secret itself: one that admission added
   * would look like drift to hashicorp/kubernetes, which would make the Pod anew at every run.
   *
   * @throws where the namespace is another one
   */
  samplePod(name: string, props: SamplePodProps): SamplePod {
    this.checkReach(name, props);
    const pullSecrets = this.pullSecret === undefined ? undefined : [this.pullSecret.name];
    return new SamplePod(this, name, {
      ...this.afterPatch(),
      pullSecrets,
      ...props,
      ...this.pinning(props),
      check: this.checkOf(props?.check),
    });
  }

  /** By this cluster's provider, and anew when the pull secret or the patch changes. */
  private checkOf(check: SampleCheck | boolean | undefined): SampleCheck | boolean {
    if (check !== undefined && check !== true && !isProps(check)) return check;
    const triggeredBy = [this.pullSecret, this.serviceAccountPatch].filter((made) => made !== undefined);
    return { provider: this.provider, triggeredBy, ...(check === true ? {} : check) };
  }

  private checkReach(name: string, props: { readonly namespace: NamespaceReference } | undefined): void {
    if (this.pullSecret === undefined || props?.namespace === undefined || props.namespace === null) return;
    const served = this.namespaceTexts;
    const namespace = resolveText(namespaceName(props.namespace), TerraformStack.of(this));
    const isSelective = this.#props.namespaces.selector !== undefined;
    if (isSelective || served.includes(namespace) || [...served, namespace].some(isUnresolved)) return;
    throw new Error(
      `[${this.node.path}/${name}] namespace: Not served. The pull secret is not in ${JSON.stringify(namespace)}. Its namespaces are: ${served.join(", ")}. Add it to namespaces, or name one of those.`,
    );
  }

  private checkServiceAccount(name: string, props: SampleDeploymentProps | undefined): void {
    const patched = this.#props.serviceAccounts ?? ["default"];
    const account = props?.serviceAccount ?? "default";
    if (this.serviceAccountPatch === undefined || [...patched, account].some(isUnresolved)) return;
    if (compileGlobs(patched)(account)) return;
    throw new Error(
      `[${this.node.path}/${name}] serviceAccount: Not patched. Pods of ServiceAccount ${JSON.stringify(account)} don't get the pull secret. Patched are: ${patched.join(", ")}. Add it to serviceAccounts, or name one of those.`,
    );
  }

  /** Of hosts that are known at apply alone: those that are known now are checked where the pull secret is. */
  private sameHostTwice(): string[] {
    const stack = TerraformStack.of(this);
    const seen = new Map<string, number>();
    return this.#props.registries.flatMap((_, index) => {
      const hosts = this.#entryOf[index]?.hosts ?? [];
      // A reference to a whole list stands for its items.
      const references = Token.isUnresolved(hosts) ? [hosts] : hosts.filter(isUnresolved);
      const texts = references.map((reference) => resolveText(reference, stack));
      const first = texts.map((text) => seen.get(text)).find((other) => other !== undefined);
      for (const text of texts) seen.set(text, index);
      return first === undefined ? [] : [twoCredentials(first, index)];
    });
  }

  /** Two of them can't keep one Secret: each would overwrite the other's, or the second apply would fail. */
  private sameSecretElsewhere(): string[] {
    const mine = this.pullSecret && this.secretTexts;
    const stack = TerraformStack.of(this);
    const others = stack.node.findAll().filter((node): node is RegistryAccess => node instanceof RegistryAccess);
    return others.slice(0, others.indexOf(this)).flatMap((other) => {
      const twice =
        other.pullSecret && other.provider === this.provider && other.secretTexts.find((text) => mine?.includes(text));
      return twice
        ? [
            `secretName: Two constructs write one Secret. ${other.node.path} writes ${twice} too. Give one of them a secretName of its own, or other namespaces.`,
          ]
        : [];
    });
  }

  private get namespaceTexts(): readonly string[] {
    return this.#props.namespaces.names.map((name) => resolveText(name, TerraformStack.of(this)));
  }

  /** Its Secrets, each as `<namespace>/<name>`. */
  private get secretTexts(): readonly string[] {
    const name = resolveText(this.secretName, TerraformStack.of(this));
    return this.namespaceTexts.map((namespace) => `${namespace}/${name}`);
  }

  private get secretName(): string {
    return this.#props.secretName ?? defaultSecretName(this.node.path, this.pathInStack);
  }

  private get pathInStack(): readonly string[] {
    const { scopes } = this.node;
    return scopes.slice(scopes.indexOf(TerraformStack.of(this)) + 1).map(({ node }) => node.id);
  }

  private makePullSecret(props: RegistryAccessProps, registries: PullSecretProps["registries"]): PullSecret {
    const pullSecret = new PullSecret(this, "pull-secret", {
      provider: this.provider,
      name: this.secretName,
      ...targeting(props.namespaces),
      registries,
      labels: props.labels,
      annotations: props.annotations,
      adoptExisting: props.adoptExisting,
      onRefused: props.onRefused,
    });
    pullSecret.overrideLogicalId(this.logicalId);
    return pullSecret;
  }

  private makePatch({
    namespaces,
    serviceAccounts = ["default"],
    adoptExisting,
    recreateWaitingPods,
    onRefused,
  }: RegistryAccessProps): ServiceAccountPatch | undefined {
    if (this.pullSecret === undefined || serviceAccounts.length === 0) return undefined;
    const patch = new ServiceAccountPatch(this, "service-account-patch", {
      provider: this.provider,
      ...targeting(namespaces),
      serviceAccounts: [...serviceAccounts],
      pullSecrets: [this.pullSecret.name],
      adoptExisting,
      recreateWaitingPods,
      onRefused,
    });
    patch.overrideLogicalId(this.logicalId);
    return patch;
  }

  /** Secret and patch carry this construct's own name, so that a plan reads `registry_pull_secret.access`. */
  private get logicalId(): string {
    return TerraformStack.of(this).getLogicalId(this.node);
  }

  /** Whose credential looks an image up that is to be pinned: that of the registry it is on. What the caller says himself stays. */
  private pinning({ image, namespace, pinDigest }: Pick<SamplePodProps, "image" | "namespace" | "pinDigest">) {
    if (pinDigest !== true) return {};
    const reference = isUnresolved(image) ? undefined : parseImageReference(image);
    const entry = this.#entries.find(({ hosts, copyFrom }) =>
      (hosts ?? copyFrom?.hosts)?.some((host) => sameHost(host, reference?.host)),
    );
    // A source that is copied whole may be for it.
    const isCovered = entry !== undefined || this.#entries.some(({ copyFrom }) => copyFrom !== undefined && !copyFrom.hosts);
    if (entry?.credentialId !== undefined) return { pinDigest: { provider: this.provider, credentialId: entry.credentialId } };
    if (this.pullSecret === undefined || (!isCovered && reference !== undefined))
      return { pinDigest: { provider: this.provider } };
    const pullSecret = { namespace: namespaceName(namespace), name: this.pullSecret.name };
    return { pinDigest: { provider: this.provider, pullSecret, dependsOn: [this.pullSecret] } };
  }

  /** Admission copies a ServiceAccount's pull secrets into a Pod on create only: a Pod made before the patch would never have them. */
  private afterPatch() {
    const first = this.serviceAccountPatch ?? this.pullSecret;
    return { provider: this.#props.cluster.kubernetes(this), ...(first ? { dependsOn: [first] } : {}) };
  }
}

/** What a resource is told of its namespaces. */
function targeting({ names, selector }: RegistryAccessProps["namespaces"]) {
  return { ...(names.length === 0 ? {} : { namespaces: [...names] }), namespaceSelector: selector };
}

function twoCredentials(first: number, second: number): string {
  return `registries[${second}]: Two credentials for one registry host. registries[${first}] is at the same host, and a docker config JSON holds one credential per host. For two projects of one OpenShift registry, name one registry and let its ServiceAccount pull from the other project too: new OpenShiftRegistry(…, { project, pullFrom: ["other"] }); or give each a RegistryAccess and ServiceAccounts of its own.`;
}

/** Docker Hub's names are one. */
function sameHost(host: string, other: string | undefined): boolean {
  return other !== undefined && toConfigKey(host) === toConfigKey(other);
}
