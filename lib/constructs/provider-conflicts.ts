import { TerraformProvider, type TerraformResource, type TerraformStack } from "./cdktf";

/**
 * What is wrong with a stack's providers: two in one place, where Terraform's own error names neither construct; and constructs
 * that would use a provider without configuration, and with it perhaps another cluster.
 */
export function providerConflicts(stack: TerraformStack): string[] {
  const nodes = stack.node.findAll();
  const providers = nodes.filter((node) => TerraformProvider.isTerraformProvider(node));
  return [...twins(providers), ...strays(nodes, providers)];
}

function twins(providers: readonly TerraformProvider[]): string[] {
  const seen = new Map<string, TerraformProvider>();
  return providers.flatMap((provider) => {
    const place = `${provider.terraformResourceType}.${provider.alias ?? ""}`;
    const earlier = seen.get(place);
    if (earlier === undefined) {
      seen.set(place, provider);
      return [];
    }
    const which = provider.alias === undefined ? "without an alias" : `with alias ${JSON.stringify(provider.alias)}`;
    return [
      `Two ${provider.terraformResourceType} providers ${which}: ${earlier.node.path} and ${provider.node.path}. Give the cluster a name, as in Cluster.fromKubeconfig({ name: "prod" }), or use cluster.kubernetes(stack) in place of a KubernetesProvider of your own.`,
    ];
  });
}

function strays(nodes: readonly object[], providers: readonly TerraformProvider[]): string[] {
  // Resources, data sources, and our ephemeral ones, which cdktf doesn't know.
  const elements = nodes.filter(
    (node) => "terraformGeneratorMetadata" in node && !TerraformProvider.isTerraformProvider(node),
  ) as readonly TerraformResource[];
  return elements.flatMap((element) => {
    const type = element.terraformGeneratorMetadata?.providerName;
    const candidates = providers.filter((provider) => provider.terraformResourceType === type);
    if (element.provider !== undefined || candidates.length === 0 || candidates.some(({ alias }) => alias === undefined))
      return [];
    const aliases = candidates.map(({ alias }) => JSON.stringify(alias)).join(", ");
    return [
      `${element.node.path} has no provider, and every ${type} provider of the stack has an alias (${aliases}): it would use one without configuration. Set its provider prop, such as provider: cluster.kubernetes(stack).`,
    ];
  });
}
