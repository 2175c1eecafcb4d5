import type { TerraformElement } from "./cdktf";

/** What to throw where `cdktf synth --hcl` asks for HCL: cdktf would leave the attributes out in silence. */
export function noHcl(element: TerraformElement): Error {
  return new Error(
    `[${element.node.path}] The constructs of cdktf-registry-access synthesize to JSON alone. Leave --hcl (hclOutput) out; Terraform and OpenTofu read both.`,
  );
}
