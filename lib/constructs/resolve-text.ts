import { DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from "./cdktf";

/** What a token becomes in a stack's configuration: `${var.name}`. */
export function resolveText(token: unknown, stack: TerraformStack): string {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return String(Tokenization.resolve(token, { scope: stack, resolver, preparing: false }));
}
