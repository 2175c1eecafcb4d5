import type { Construct } from "constructs";
import { type TerraformStack, TerraformVariable } from "./cdktf";

/** A Terraform variable for a secret: ephemeral, sensitive, never null, without a default. */
export class SecretVariable extends TerraformVariable {
  private constructor(scope: Construct, id: string, name: string, description: string | undefined) {
    super(scope, id, { type: "string", sensitive: true, nullable: false, ...(description === undefined ? {} : { description }) });
    this.overrideLogicalId(name);
    // cdktf knows no ephemeral variables: without this the value would be written into the plan file.
    this.addOverride("ephemeral", true);
  }

  /** The stack's variable of this name: declared the first time, shared afterwards. */
  static in(stack: TerraformStack, name: string, description: string | undefined): SecretVariable {
    if (typeof name !== "string" || !/^[A-Za-z_][\w-]*$/.test(name)) {
      // Not shown: it may be the secret itself.
      throw new Error(
        `[${stack.node.path}] Secret.variable was given what is not the name of a Terraform variable: letters, digits, '_' and '-', such as "partner_password". Give the variable's name, never its value.`,
      );
    }
    const id = `secret-variable-${name}`;
    const existing = stack.node.tryFindChild(id);
    return existing instanceof SecretVariable ? existing : new SecretVariable(stack, id, name, description);
  }
}
