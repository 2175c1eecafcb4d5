import { TerraformStack } from "../../lib/constructs/cdktf";
import { newStack } from "./stack";

/** What jest.config.js has this run use as the constructs' core: cdktf, or its successor in its place. */
declare const CDK_CORE: string;

/** What jsii writes on each class: the package that it is of. */
const RTTI = Symbol.for("jsii.rtti");

it("the constructs and their tests have one core, the one that this run is for", () => {
  const { [RTTI]: rtti } = TerraformStack as { readonly [RTTI]?: { readonly fqn: string } };
  expect(rtti?.fqn).toBe(`${CDK_CORE}.TerraformStack`);
  expect(newStack()).toBeInstanceOf(TerraformStack);
});
