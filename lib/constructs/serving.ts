import type { Construct } from "constructs";
import { compileGlobs } from "../domain/selection/glob";
import { type TerraformProvider, TerraformResource, TerraformStack } from "./cdktf";
import { type NamespaceReference, namespaceName } from "./namespaces";
import type { PullSecret } from "./pull-secret";
import { resolveText } from "./resolve-text";
import type { ServiceAccountPatch } from "./service-account-patch";

/** Whose Pods pull. */
export interface Puller {
  readonly namespace: NamespaceReference;
  /** @default - `default` */
  readonly serviceAccount?: string | undefined;
  /** Pull secrets that they name themselves. @default - those of their ServiceAccount */
  readonly pullSecrets?: readonly string[] | undefined;
  /** The provider `kubernetes` of its cluster. @default - the stack's default one */
  readonly provider?: TerraformProvider | undefined;
}

/** An access, as far as it brings pull secrets to what it did not make. */
export interface Serving {
  readonly alias: string | undefined;
  readonly namespaces: readonly string[];
  /** Whether it selects namespaces besides: then it may serve any. */
  readonly isSelective: boolean;
  readonly serviceAccounts: readonly string[];
  readonly pullSecret: PullSecret | undefined;
  /** The pull secret's name, as it was given. */
  readonly secretName: string | undefined;
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
 * What serves the Pods of a sample that stands on its own: those of the same stack that have its cluster, its namespace and its
 * ServiceAccount. Nothing for what an access made: that knows it already.
 */
export function servingOf(sample: Construct, puller: Puller): readonly Serving[] {
  const { serviceAccount = "default" } = puller;
  return servingNamespaceOf(sample, puller).filter(({ serviceAccounts }) => compileGlobs(serviceAccounts)(serviceAccount));
}

/** What such a sample's Pods pull with, as far as its stack makes it: pull secrets and patches, or the pull secrets that they name. */
export function pulledWith(sample: Construct, puller: Puller): readonly TerraformResource[] {
  const { pullSecrets } = puller;
  if (pullSecrets === undefined)
    return servingOf(sample, puller).flatMap(({ pullSecret, patch }) => [pullSecret ?? [], patch ?? []].flat());
  const stack = TerraformStack.of(sample);
  const named = pullSecrets.map((name) => resolveText(name, stack));
  return servingNamespaceOf(sample, puller).flatMap(({ pullSecret, secretName }) => {
    const names = [pullSecret?.name, secretName].flatMap((name) => (name === undefined ? [] : [resolveText(name, stack)]));
    return pullSecret !== undefined && names.some((name) => named.includes(name)) ? [pullSecret] : [];
  });
}

function servingNamespaceOf(sample: Construct, { namespace, provider }: Puller): readonly Serving[] {
  const stack = TerraformStack.of(sample);
  const all = announced.get(stack) ?? new Map<Construct, Serving>();
  if ([...all.keys()].some((access) => sample.node.scope === access)) return [];
  const textOf = (name: string) => nameIn(stack, resolveText(name, stack));
  const wanted = textOf(namespaceName(namespace));
  return [...all.values()].filter(
    (serving) =>
      serving.alias === provider?.alias && (serving.isSelective || serving.namespaces.some((name) => textOf(name) === wanted)),
  );
}

/** The name of a namespace that the stack makes, where it is known; any other text as it is. */
function nameIn(stack: TerraformStack, text: string): string {
  const [, type, id] = /^\$\{(kubernetes_namespace(?:_v1)?)\.([\w-]+)\.metadata\[0\]\.name\}$/.exec(text) ?? [];
  if (id === undefined) return text;
  const maker = stack.node
    .findAll()
    .find(
      (node): node is TerraformResource & { readonly metadataInput?: { readonly name?: unknown } } =>
        TerraformResource.isTerraformResource(node) && node.terraformResourceType === type && node.friendlyUniqueId === id,
    );
  const name = maker?.metadataInput?.name;
  return typeof name === "string" ? resolveText(name, stack) : text;
}
