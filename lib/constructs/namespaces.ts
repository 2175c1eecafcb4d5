import type { PullSecretProps } from "./pull-secret";

/** A namespace that the stack makes: a `NamespaceV1` of `@cdktf/provider-kubernetes`. */
interface NamespaceResource {
  readonly metadata: { readonly name: string };
}

/** A namespace by name, by a reference to a name, or by the construct that makes it. */
export type NamespaceReference = string | NamespaceResource;

/** The name, or a reference to it: what is made by the stack is then made first. */
export function namespaceName(namespace: NamespaceReference): string {
  return typeof namespace === "string" ? namespace : namespace.metadata.name;
}

/** Which namespaces of a cluster are meant: the attributes of `namespace_selector`, in camelCase. */
export type NamespaceSelectorProps = NonNullable<PullSecretProps["namespaceSelector"]>;

/** Which Kubernetes namespaces to serve. */
export class Namespaces {
  private constructor(
    /** Those that are named. */
    readonly names: readonly string[],
    /** What selects the others. @default - only those that are named are served */
    readonly selector: NamespaceSelectorProps | undefined,
  ) {}

  /** These. Namespaces that the stack makes are given as their constructs, or by a reference, so that the order follows. */
  static named(...namespaces: readonly NamespaceReference[]): Namespaces {
    return new Namespaces([...new Set(namespaces.map(namespaceName))], undefined);
  }

  /**
   * All that the selector means, also those to come: by labels and names, without the system's, those that opted out (the annotation
   * `registry-access/opt-out: "true"`) and those that are being deleted. A namespace that matches later on shows as drift, and the next
   * deploy serves it. Namespaces that the stack makes are not there when a plan selects: name them with {@link and}.
   *
   * @param selector - what it leaves out demands nothing; `{}` means all
   */
  static matching(selector: NamespaceSelectorProps): Namespaces {
    return new Namespaces([], selector);
  }

  /** These as well. */
  and(...namespaces: readonly NamespaceReference[]): Namespaces {
    return new Namespaces([...new Set([...this.names, ...namespaces.map(namespaceName)])], this.selector);
  }
}
