import type { Construct } from "constructs";
import { horizonService } from "../schema";
import { type ConstructProps, type Meta, resourceOf } from "./from-schema";
import { definitionText, type HorizonDefinition } from "./horizon-definition";

/** Props of {@link HorizonPublishedService}: the attributes of `registry_horizon_service`, in camelCase; the definition may be an object. */
export type HorizonPublishedServiceProps = Omit<ConstructProps<typeof horizonService>, "definition"> & {
  /** The content of hzn's service.definition.json, or the same as an object. */
  readonly definition: HorizonDefinition;
};

/**
 * A service of Open Horizon alone (`registry_horizon_service`), without what edge nodes pull with: `HorizonService` has both.
 *
 * Another version is another service, so `create_before_destroy` is set: the old one stays until the new one is published.
 */
export class HorizonPublishedService extends resourceOf(horizonService) {
  constructor(scope: Construct, id: string, props: HorizonPublishedServiceProps & Meta) {
    const lifecycle = { createBeforeDestroy: true, ...props.lifecycle };
    super(scope, id, { ...props, definition: definitionText(props.definition), lifecycle });
  }
}
