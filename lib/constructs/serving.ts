import type { Construct } from "constructs";
import { type TerraformProvider, TerraformStack } from "./cdktf";
import { type NamespaceReference, namespaceName } from "./namespaces";
import { resolveText } from "./resolve-text";
import type { ServiceAccountPatch } from "./service-account-patch";

/** Whose Pods pull. */
export interface Puller {
  readonly namespace: NamespaceReference;
  /** @default - `default` */
  readonly serviceAccount?: string | undefined;
  /** The provider `kubernetes` of its cluster. @default - the stack's default one */
  readonly provider?: TerraformProvider | undefined;
}

/** An access, as far as it brings pull secrets to what it did not make. */
export interface Serving {
  readonly alias: string | undefined;
  readonly namespaces: readonly string[];
  readonly serviceAccounts: readonly string[];
  readonly patch: ServiceAccountPatch | undefined;
}

/** By access: only when a stack is synthesized all of them are there. */
const announced = new WeakMap<TerraformStack, Map<Construct, Serving>>();

/** Lets samples of the stack, also earlier ones, find what serves them. */
export function announce(access: Construct, serving: Serving): void {
  const stack = TerraformStack.of(access);
  const all = announced.get(stack) ?? new Map<Construct, Serving>();
  announced.set(stack, all.set(access, serving));
}

/**
 * What serves the Pods of a sample that stands on its own: those of the same stack that have its cluster, its namespace (by the same name
 * or the same reference) and its ServiceAccount. Nothing for what an access made: that knows it already.
 */
export function servingOf(sample: Construct, { namespace, serviceAccount = "default", provider }: Puller): readonly Serving[] {
  const stack = TerraformStack.of(sample);
  const all = announced.get(stack) ?? new Map<Construct, Serving>();
  if ([...all.keys()].some((access) => sample.node.scope === access)) return [];
  const textOf = (name: string) => resolveText(name, stack);
  const wanted = textOf(namespaceName(namespace));
  return [...all.values()].filter(
    (serving) =>
      serving.alias === provider?.alias &&
      serving.serviceAccounts.includes(serviceAccount) &&
      serving.namespaces.some((name) => textOf(name) === wanted),
  );
}
