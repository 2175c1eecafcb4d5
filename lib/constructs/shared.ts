import type { Construct } from "constructs";
import { formatPath, type Path } from "../domain/problem";
import { TerraformStack, Token } from "./cdktf";
import { sameSettings } from "./same-settings";
import { Secret } from "./secret";

const shared = new WeakMap<TerraformStack, Map<string, { readonly settings: object; readonly construct: Construct }>>();

/**
 * What a stack needs once, however many constructs ask for it: made the first time, shared afterwards.
 *
 * @param what - names it in the error that two different settings under one name give
 * @param fix - what to do about that error
 * @throws where it is there already, with other settings
 */
export function sharedIn<T extends Construct>(
  scope: Construct,
  what: string,
  settings: object,
  make: (stack: TerraformStack) => T,
  fix = "Give one of the two a name of its own.",
): T {
  const stack = TerraformStack.of(scope);
  const constructs = shared.get(stack) ?? new Map<string, { settings: object; construct: Construct }>();
  shared.set(stack, constructs);
  const existing = constructs.get(what);
  if (existing !== undefined) {
    if (sameSettings(existing.settings, settings, stack)) return existing.construct as T;
    const differing = differences(existing.settings, settings, stack, []).map(formatPath).join(", ");
    throw new Error(
      `[${scope.node.path}] The stack ${JSON.stringify(stack.node.id)} has ${what} already, with other settings: ${differing}. ${fix}`,
    );
  }
  const construct = make(stack);
  constructs.set(what, { settings, construct });
  return construct;
}

/** Where two descriptions differ; never what stands there, which may be a secret. */
function differences(one: unknown, other: unknown, stack: TerraformStack, path: Path): readonly Path[] {
  if (sameSettings([one], [other], stack)) return [];
  if (!isPlain(one) || !isPlain(other)) return [path];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.flatMap((name) => differences(one[name], other[name], stack, [...path, name]));
}

function isPlain(value: unknown): value is { readonly [name: string]: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !Token.isUnresolved(value)
  );
}
