import { provider as schema, toSnakeCase } from "../schema";
import {
  DefaultTokenResolver,
  StringConcat,
  TerraformProvider,
  TerraformResource,
  type TerraformStack,
  Tokenization,
} from "./cdktf";
import { PROVIDER_NAME } from "./product";

type Settings = { readonly [name: string]: unknown };

/** What makes `registry` and hashicorp/kubernetes of one stack point at two clusters. */
export function clusterConflicts(stack: TerraformStack): string[] {
  const providers = stack.node.findAll().filter((node) => TerraformProvider.isTerraformProvider(node));
  return [...differences(stack, providers), ...strangers(stack)];
}

/** Both providers under one alias, or without one, with different settings. */
function differences(stack: TerraformStack, providers: readonly TerraformProvider[]): string[] {
  return providers.flatMap((ours) => {
    const settings = configurationOf(ours, PROVIDER_NAME, stack)?.kubernetes as Settings | undefined;
    if (settings === undefined) return [];
    return providers.flatMap((theirs) => {
      const other = theirs.alias === ours.alias ? configurationOf(theirs, "kubernetes", stack) : undefined;
      if (other === undefined) return [];
      const names = Object.keys(schema.attributes.kubernetes.attributes);
      const different = names.filter((name) => keyOf(settings[name]) !== keyOf(other[name]));
      return different.length === 0
        ? []
        : [
            `${theirs.node.path} and ${ours.node.path} would reach two clusters: they differ in ${different.join(", ")}. Use cluster.kubernetes(stack) in place of a KubernetesProvider of your own, or give it an alias.`,
          ];
    });
  });
}

function configurationOf(provider: TerraformProvider, type: string, stack: TerraformStack): Settings | undefined {
  if (provider.terraformResourceType !== type) return undefined;
  return (resolved(provider.toTerraform(), stack) as { readonly provider: { readonly [type: string]: readonly Settings[] } })
    .provider[type]?.[0];
}

function resolved(value: unknown, stack: TerraformStack): unknown {
  return Tokenization.resolve(value, { scope: stack, resolver: new DefaultTokenResolver(new StringConcat()), preparing: false });
}

/** The same for the same setting: `exec` is a block there, and so a list. */
function keyOf(value: unknown): string {
  if (Array.isArray(value) && value.length === 1 && typeof value[0] === "object") return keyOf(value[0]);
  if (Array.isArray(value)) return JSON.stringify(value.map(keyOf));
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
  return JSON.stringify(entries.map(([name, inner]) => [toSnakeCase(name), keyOf(inner)]).sort());
}

/** Namespaces that the stack makes in one cluster and that ours serves in another. */
function strangers(stack: TerraformStack): string[] {
  const resources = stack.node.findAll().filter((node) => TerraformResource.isTerraformResource(node));
  return resources.flatMap((ours) => {
    if (ours.terraformGeneratorMetadata?.providerName !== PROVIDER_NAME) return [];
    const text = JSON.stringify(resolved(ours.toTerraform(), stack));
    return resources.flatMap((namespace) => {
      const { terraformResourceType: type, friendlyUniqueId } = namespace;
      if (!/^kubernetes_namespace(_v1)?$/.test(type) || !text.includes(`\${${type}.${friendlyUniqueId}.`)) return [];
      const [here, there] = [ours.provider?.alias, namespace.provider?.alias];
      if (here === there) return [];
      return [
        `${ours.node.path} serves the namespace ${namespace.node.path}, which is made in another cluster: the providers are ${which(here)} and ${which(there)}. Set the namespace's provider to cluster.kubernetes(stack) of the same cluster.`,
      ];
    });
  });
}

function which(alias: string | undefined): string {
  return alias === undefined ? "the one without an alias" : JSON.stringify(alias);
}
