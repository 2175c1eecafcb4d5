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

/** Which Kubernetes namespaces to serve. */
export class Namespaces {
  private constructor(readonly names: readonly string[]) {}

  /** These. Namespaces that the stack makes are given as their constructs, or by a reference, so that the order follows. */
  static named(...namespaces: readonly NamespaceReference[]): Namespaces {
    return new Namespaces([...new Set(namespaces.map(namespaceName))]);
  }
}
