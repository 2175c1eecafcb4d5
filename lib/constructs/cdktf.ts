/**
 * The constructs: what an engineer writes in `main.ts`. They describe and check, and contact nothing.
 *
 * This file is the only one that imports cdktf's core. @cdktf/provider-kubernetes imports it too, and brings its classes into our
 * types: a successor with the same API has to take cdktf's place for both, at install (docs/compatibility.md, "CDK").
 */
export type { IResolvable, TerraformMetaArguments } from "cdktf";
export {
  DefaultTokenResolver,
  dependable,
  Fn,
  Lazy,
  ref,
  StringConcat,
  TerraformDataSource,
  TerraformElement,
  TerraformOutput,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Testing,
  Token,
  Tokenization,
} from "cdktf";
export { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
export { deepMerge } from "cdktf/lib/util";
