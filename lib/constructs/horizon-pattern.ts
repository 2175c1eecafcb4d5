import type { Construct } from "constructs";
import { horizonPattern } from "../schema";
import { type ConstructProps, type Meta, resourceOf } from "./from-schema";
import { definitionText, type HorizonDefinition } from "./horizon-definition";

/** Props of {@link HorizonPattern}: the attributes of `registry_horizon_pattern`, in camelCase; the definition may be an object. */
export type HorizonPatternProps = Omit<ConstructProps<typeof horizonPattern>, "definition"> & {
  /** The content of hzn's pattern.json, or the same as an object. */
  readonly definition: HorizonDefinition;
};

/**
 * A deployment pattern of Open Horizon (`registry_horizon_pattern`): what edge nodes that register with it run. Refer to its services
 * (`service.url`, `service.version`), so that they are published first.
 */
export class HorizonPattern extends resourceOf(horizonPattern) {
  constructor(scope: Construct, id: string, props: HorizonPatternProps & Meta) {
    super(scope, id, { ...props, definition: definitionText(props.definition) });
  }
}
