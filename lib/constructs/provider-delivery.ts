import { join } from "node:path";
import type { Construct } from "constructs";
import { addCustomSynthesis, TerraformProvider, TerraformStack } from "./cdktf";
import { PROVIDER_BUNDLE } from "./product";
import { type RequiredProvider, writeProviderFolder } from "./provider-folder";

/** The context (cdktf.json's `context`, or the App's) that names another bundle than the package's own. */
export const BUNDLE_CONTEXT = "registry-access/provider-bundle";

/** Has a stack's folder carry the provider: called on every synth by the provider's construct. */
export function deliverProvider(provider: Construct): void {
  addCustomSynthesis(provider, {
    onSynthesize: ({ outdir, manifest }) => {
      const stack = TerraformStack.of(provider);
      const context: unknown = provider.node.tryGetContext(BUNDLE_CONTEXT);
      const bundle = typeof context === "string" ? context : PROVIDER_BUNDLE;
      writeProviderFolder(join(outdir, manifest.forStack(stack).workingDirectory), bundle, requiredProviders(stack));
    },
  });
}

function requiredProviders(stack: TerraformStack): readonly RequiredProvider[] {
  return stack.node
    .findAll()
    .filter((node) => TerraformProvider.isTerraformProvider(node))
    .flatMap(({ terraformProviderSource, terraformGeneratorMetadata }) => {
      const version = terraformGeneratorMetadata?.providerVersion ?? terraformGeneratorMetadata?.providerVersionConstraint;
      return terraformProviderSource === undefined || version === undefined ? [] : [{ source: terraformProviderSource, version }];
    });
}
