import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { block, ephemeralVariable } from "../support/hcl";
import { createStack, expectWell, removeStack } from "../support/terraform";
import type { Configuration, Declared } from "./configuration";
import type { Engine, StateFile } from "./engine";

const PLAN = ["plan", "-detailed-exitcode", "-input=false", "-json"];

/** A real Terraform. Its folders are initialised at once, so that no fault strikes `init`. */
export async function createTerraformEngine(
  name: string,
  env: { readonly [name: string]: string },
  configuration: Configuration,
): Promise<Engine> {
  const [stack, lookUp] = await Promise.all([createStack(`faults-${name}`, env), createStack(`faults-${name}-look-up`, env)]);
  const engine: Engine = {
    name: "terraform",
    write(given) {
      const head = ephemeralVariable("password") + block('provider "registry"', expressionsOf(given.provider));
      stack.write(head + given.resources.map(declaration).join(""));
      lookUp.write(head + given.lookedUp.map(declaration).join(""));
    },
    plan: () => stack.run(...PLAN),
    apply: () => stack.apply(),
    planDestroy: () => stack.run("plan", "-destroy", "-input=false", "-json"),
    destroy: () => stack.destroy(),
    lookUp: () => lookUp.run(...PLAN),
    async state() {
      try {
        return JSON.parse(await readFile(join(stack.folder, "terraform.tfstate"), "utf8")) as StateFile;
      } catch {
        return { resources: [] };
      }
    },
    remove() {
      for (const each of [stack, lookUp]) removeStack(each);
    },
  };
  engine.write(configuration);
  for (const each of [stack, lookUp]) expectWell(await each.plan());
  return engine;
}

function declaration({ schema, config, createsBeforeDestroy }: Declared): string {
  const lifecycle = createsBeforeDestroy === true ? { lifecycle: "{ create_before_destroy = true }" } : {};
  const [kind] = schema.kind.split(" ");
  const text = block(`${kind} "${schema.name}" "pull"`, { ...expressionsOf(config), ...lifecycle });
  // The lifecycle is a block, which takes no equals sign.
  return text.replace("lifecycle = ", "lifecycle ");
}

/** JSON is HCL; a text that is one template of a reference is the value that it refers to. */
function expressionsOf(values: Declared["config"]): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
}
