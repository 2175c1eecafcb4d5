import type { TerraformStack, TerraformVariable } from "./cdktf";
import { isVariable } from "./secret-reference";
import { SecretVariable } from "./secret-variable";

/** Where a secret comes from. */
type Source =
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "variable"; readonly name: string; readonly description: string | undefined }
  | { readonly kind: "reference"; readonly reference: string | TerraformVariable };

/**
 * Where a secret comes from; never the secret itself, which synthesized files, the state and the plan never hold.
 *
 * Code says `Secret.env("BLUEMIX_API_KEY")` or `Secret.variable("partner_password")`; a plain string where a secret belongs
 * is refused at synth.
 */
export class Secret {
  private constructor(private readonly source: Source) {}

  /**
   * An environment variable that the provider reads when it runs. Its name must be `REGISTRY_*`, `BLUEMIX_*`, `IBMCLOUD_*`,
   * `IC_*` or `CF_*`, or be listed in `REGISTRY_ACCESS_PASSWORD_ENV`, which the pipeline sets and never the code.
   * Works with every Terraform.
   *
   * @throws where no name is given, as by `Secret.env(process.env.PASSWORD)`
   */
  static env(name: string): Secret {
    if (typeof name !== "string") {
      throw new Error(
        `Secret.env was given ${name === undefined || name === null ? name : `a ${typeof name}`} in place of the name of an environment variable. Give the name, such as Secret.env("REGISTRY_PASSWORD"), and not process.env.REGISTRY_PASSWORD.`,
      );
    }
    return new Secret({ kind: "environment", name });
  }

  /**
   * An ephemeral Terraform variable, declared once per stack: sensitive, without a default, given as `TF_VAR_<name>`
   * (Terraform ≥ 1.10, OpenTofu ≥ 1.11; ≥ 1.11 where it is a password of a pull secret).
   */
  static variable(name: string, options: { readonly description?: string } = {}): Secret {
    return new Secret({ kind: "variable", name, description: options.description });
  }

  /**
   * A Terraform variable of one's own, or a reference to an ephemeral value, such as `EphemeralRegistryToken.value`.
   * A variable that is not ephemeral, or has a default, is refused at synth: it would be written into the plan file.
   */
  static from(reference: TerraformVariable | string): Secret {
    return new Secret({ kind: "reference", reference });
  }

  /** The name of the environment variable, where it is one. */
  get environmentName(): string | undefined {
    return this.source.kind === "environment" ? this.source.name : undefined;
  }

  /** The Terraform reference to it in this stack; undefined for an environment variable. */
  referenceIn(stack: TerraformStack): string | undefined {
    switch (this.source.kind) {
      case "environment":
        return undefined;
      case "variable":
        return SecretVariable.in(stack, this.source.name, this.source.description).stringValue;
      case "reference":
        return isVariable(this.source.reference) ? this.source.reference.stringValue : String(this.source.reference);
    }
  }

  /** For messages that show a value: a secret shows nothing. */
  toJSON(): string {
    return "a secret";
  }
}
