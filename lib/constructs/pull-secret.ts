import type { Construct } from "constructs";
import { pullSecret } from "../schema";
import { TerraformStack } from "./cdktf";
import { type ConstructProps, type Meta, resourceOf } from "./from-schema";
import { isUnresolved } from "./partly-known";
import { resolveText } from "./resolve-text";

/** Props of {@link PullSecret}: the attributes of `registry_pull_secret`, in camelCase. */
export type PullSecretProps = ConstructProps<typeof pullSecret>;

/**
 * One docker-registry Secret (`kubernetes.io/dockerconfigjson`) in each of many namespaces (`registry_pull_secret`).
 * No value of it is in the state or the plan.
 */
export class PullSecret extends resourceOf(pullSecret) {
  readonly #props: PullSecretProps;

  constructor(scope: Construct, id: string, props: PullSecretProps & Meta) {
    super(scope, id, props);
    this.#props = props;
  }

  /** Whether it writes this Secret, named by its text or by a reference to this construct, as far as the program tells. */
  writes(namespace: string, name: string): boolean {
    const stack = TerraformStack.of(this);
    const text = (value: unknown) => resolveText(value, stack);
    if (text(name) === text(this.name)) return true;
    const { namespaces } = this.#props;
    // A list that only Terraform knows may hold anything.
    if (isUnresolved(namespaces) || !Array.isArray(namespaces) || text(name) !== text(this.#props.name)) return false;
    return namespaces.some((other) => text(other) === text(namespace));
  }
}
