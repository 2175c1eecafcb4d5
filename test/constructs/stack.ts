/** Helpers of the constructs' tests: stacks, what they synthesize to, and what validation says. */
// The types of cdktf's matchers, which `Testing.setupJest` adds.
import "cdktf/lib/testing/adapters/jest";
import { type App, TerraformStack, Testing } from "cdktf";
import { Cluster, Namespaces, type Registry, RegistryAccess, type RegistryAccessProps } from "../../lib";

/** A stack called `stack`, in an app of its own. */
export function newStack(app: App = Testing.app()): TerraformStack {
  return new TerraformStack(app, "stack");
}

type Json = { readonly [name: string]: Json } & { readonly [index: number]: Json };

/** The synthesized configuration, validated, without metadata. */
export function synthesize(stack: TerraformStack): Json {
  return JSON.parse(Testing.synth(stack, true)) as Json;
}

/** The messages of validation, with the construct's path each; empty where all is well. */
export function validationOf(stack: TerraformStack): readonly string[] {
  try {
    stack.prepareStack();
    stack.runAllValidations();
    return [];
  } catch (error) {
    const lines = String((error as Error).message).split("\n");
    return lines.map((line) => line.trim()).filter((line) => line.startsWith("["));
  }
}

/** Access to these registries from two namespaces, through a kubeconfig. */
export function accessTo(registries: readonly Registry[], props: Partial<RegistryAccessProps> = {}): TerraformStack {
  const stack = newStack();
  new RegistryAccess(stack, "access", {
    cluster: Cluster.fromKubeconfig({ path: "/kubeconfig" }),
    registries,
    namespaces: Namespaces.named("team-a", "team-b"),
    ...props,
  });
  return stack;
}
