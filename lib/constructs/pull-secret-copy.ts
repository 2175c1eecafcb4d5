import { parseImageReference } from "../domain/image-reference";
import { checkRegistryHost } from "../domain/registry-host";
import { Lazy, TerraformStack, Token } from "./cdktf";
import { type NamespaceReference, namespaceName } from "./namespaces";
import { isUnresolved } from "./partly-known";
import { PullSecret } from "./pull-secret";
import { imageAt, type Registry, type RegistryEntry } from "./registry";
import type { RegistryProvider } from "./registry-provider";
import { anything, checkShape, isProps, list, required, type Shape, text } from "./shape";

/** Props of {@link PullSecretCopy}. */
export interface PullSecretCopyProps {
  /** The namespace of the Secret that is copied. */
  readonly namespace: string;
  /** Its name, such as `all-icr-io`. */
  readonly name: string;
  /** The registry hosts to copy, the one that images are named by first. @default - all hosts of the source */
  readonly hosts?: readonly string[] | undefined;
  /**
   * Any text that changes when the source does, where the same stack makes it otherwise than by a `PullSecret` or a `RegistryAccess`.
   * @default - the fingerprint of the pull secret that makes the source in this stack; where none does, the source is compared at plan, so
   * one that the same deploy changes is followed by the next
   */
  readonly revision?: string | undefined;
}

/** What {@link PullSecretCopy.of} copies of a source. */
export interface CopyOptions {
  /** Which of the source's namespaces it is read in. */
  readonly namespace: NamespaceReference;
  /** The registry hosts to copy, the one that images are named by first. @default - all hosts of the source */
  readonly hosts?: readonly string[] | undefined;
}

const SHAPE: Shape<PullSecretCopyProps> = {
  namespace: required(text("the namespace of the Secret that is copied")),
  name: required(text("the name of the Secret that is copied")),
  // The resource checks each.
  hosts: { ...anything, ...list("a list of registry hosts", (host) => typeof host === "string") },
  revision: text("a text that changes when the source does"),
};

const OPTIONS: Shape<CopyOptions> = {
  namespace: required({
    wanted: "one of the source's namespaces",
    accepts: (value) => typeof value === "string" || isProps(value),
  }),
  hosts: SHAPE.hosts,
};

/**
 * The registries of another docker-registry Secret of the same cluster, with its credentials: `new PullSecretCopy({ namespace: "default",
 * name: "all-icr-io" })` does for every namespace what IBM Cloud's documents do by hand. When the source changes, every copy is drift.
 * A source that a `PullSecret` or a `RegistryAccess` of the same stack and cluster makes is followed in the same deploy: it is referred to.
 */
export class PullSecretCopy implements Registry {
  /** Those that are named; where all of the source are copied, only the cluster knows them. */
  readonly hosts: readonly string[];

  /** @throws where a prop is missing, wrong or unknown */
  constructor(private readonly props: PullSecretCopyProps) {
    checkShape("PullSecretCopy", SHAPE, props);
    // A key with a path or a wildcard is copied like a host, and is none.
    this.hosts = (props.hosts ?? []).filter((host) => isUnresolved(host) || checkRegistryHost(host, []) === undefined);
  }

  /**
   * A copy of a pull secret that the same stack makes: it comes after its source, and a source that changes (a token that is rotated) is
   * followed in the same deploy, before the old credential is revoked.
   *
   * @throws where the source has no pull secret, since all its registries are public
   */
  static of(source: PullSecret | { readonly pullSecret: PullSecret | undefined }, options: CopyOptions): PullSecretCopy {
    checkShape("PullSecretCopy.of", OPTIONS, options);
    const pullSecret = source instanceof PullSecret ? source : source?.pullSecret;
    if (pullSecret === undefined)
      throw new Error(
        "PullSecretCopy.of: the source has no pull secret: all its registries are public, or it is no RegistryAccess or PullSecret.",
      );
    const { namespace, hosts } = options;
    return new PullSecretCopy({
      namespace: namespaceName(namespace),
      name: pullSecret.name,
      revision: pullSecret.fingerprint,
      ...(hosts === undefined ? {} : { hosts }),
    });
  }

  /** @throws where the reference has no host, and none was named to copy */
  image(repository: string): string {
    const [host] = this.hosts;
    if (host !== undefined) return imageAt(host, repository);
    if (isUnresolved(repository)) return repository;
    if (typeof repository === "string" && /^[^/]*[.:][^/]*\//.test(repository) && parseImageReference(repository) !== undefined)
      return repository;
    throw new Error(
      `${JSON.stringify(repository)} names no registry host, and which hosts the Secret ${JSON.stringify(this.props.name)} is for is not known at synth. Give the reference in full, such as "us.icr.io/acme/app:1.2", or name hosts in PullSecretCopy.`,
    );
  }

  entryFor(provider: RegistryProvider): RegistryEntry {
    const { namespace, name, hosts, revision } = this.props;
    return {
      copyFrom: {
        namespace,
        name,
        ...(hosts === undefined ? {} : { hosts: [...hosts] }),
        // What makes the source may come later in the program.
        revision: revision ?? Token.asString(Lazy.anyValue({ produce: () => this.makerIn(provider)?.fingerprint })),
      },
    };
  }

  /** The pull secret of the same stack and cluster that makes the source. */
  private makerIn(provider: RegistryProvider): PullSecret | undefined {
    const { namespace, name } = this.props;
    const nodes = TerraformStack.of(provider).node.findAll();
    const pullSecrets = nodes.filter((node): node is PullSecret => node instanceof PullSecret);
    return pullSecrets.find((pullSecret) => isOf(pullSecret, provider) && pullSecret.writes(namespace, name));
  }
}

/** Whether a pull secret is in the cluster of a provider: without one of its own it has the stack's default, which has no alias. */
function isOf({ provider }: PullSecret, other: RegistryProvider): boolean {
  return provider === undefined ? other.alias === undefined : provider === other;
}
