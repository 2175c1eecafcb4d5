/**
 * The constructs: what an engineer writes in `main.ts`. They describe and check, and contact nothing.
 *
 * This file is the only one that imports cdktf's core, so that a successor with the same API is one line away.
 */
export type { IResolvable, TerraformMetaArguments } from "cdktf";
export {
  DefaultTokenResolver,
  dependable,
  ref,
  StringConcat,
  TerraformDataSource,
  TerraformElement,
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
