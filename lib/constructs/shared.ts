import type { Construct } from "constructs";
import { TerraformStack } from "./cdktf";
import { sameSettings } from "./same-settings";

const shared = new WeakMap<TerraformStack, Map<string, { readonly settings: object; readonly construct: Construct }>>();

/**
 * What a stack needs once, however many constructs ask for it: made the first time, shared afterwards.
 *
 * @param what - names it in the error that two different settings under one name give
 */
export function sharedIn<T extends Construct>(
  scope: Construct,
  what: string,
  settings: object,
  make: (stack: TerraformStack) => T,
): T {
  const stack = TerraformStack.of(scope);
  const constructs = shared.get(stack) ?? new Map<string, { settings: object; construct: Construct }>();
  shared.set(stack, constructs);
  const existing = constructs.get(what);
  if (existing !== undefined) {
    if (sameSettings(existing.settings, settings, stack)) return existing.construct as T;
    throw new Error(
      `[${scope.node.path}] The stack ${JSON.stringify(stack.node.id)} has ${what} already, with other settings. Give one of the two a name of its own.`,
    );
  }
  const construct = make(stack);
  constructs.set(what, { settings, construct });
  return construct;
}
