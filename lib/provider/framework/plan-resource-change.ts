import type { Path } from "../../domain/problem";
import { departures, formatPaths } from "./conformance";
import type { Lazy, PlanResult, PrivateData, ResourceType, TypeContext } from "./definition";
import { equal } from "./equal";
import { propose } from "./propose";
import { requiredReplacements, valueAt } from "./requires-replace";
import { requireValid } from "./validate-config";
import type { ObjectValue } from "./value";
import { requireWhole } from "./whole-state";
import { withoutWriteOnly } from "./write-only";

/** A change to plan. `config` is null for a destroy. */
export interface PlanChange {
  readonly config: ObjectValue | null;
  readonly prior: ObjectValue | null;
  readonly privateData: PrivateData;
}

/** The plan. `planned` is null for a destroy. */
export interface PlannedChange {
  readonly planned: ObjectValue | null;
  readonly requiresReplace: readonly Path[];
  readonly privateData: PrivateData;
  readonly legacyTypeSystem: boolean;
}

/** Plans a create, an update or a destroy. */
export async function planResourceChange<C>(
  type: Lazy<ResourceType<C>>,
  change: PlanChange,
  context: TypeContext<C>,
): Promise<PlannedChange> {
  const resource = await type.load();
  const { config, prior, privateData } = change;
  const legacyTypeSystem = resource.legacyTypeSystem ?? false;
  if (prior !== null) requireWhole(type.schema, prior);
  if (config === null) {
    if (prior !== null) await resource.planDestroy?.(prior, context);
    return { planned: null, requiresReplace: [], privateData, legacyTypeSystem };
  }

  requireValid(type.schema, config);
  const proposed = propose(type.schema, config, prior);
  const result = (await resource.plan?.({ config, prior, proposed, privateData }, context)) ?? { planned: proposed };
  const planned = withoutWriteOnly(type.schema, result.planned);
  if (!legacyTypeSystem) reportDepartures(type, { config, prior }, planned, context);
  return {
    planned,
    requiresReplace: prior === null ? [] : replacements(type, prior, planned, result),
    privateData: result.privateData ?? privateData,
    legacyTypeSystem,
  };
}

function replacements<C>(
  type: Lazy<ResourceType<C>>,
  prior: ObjectValue,
  planned: ObjectValue,
  { requiresReplace = [], inPlace = [] }: PlanResult,
): readonly Path[] {
  const differing = requiresReplace.filter((path) => !equal(valueAt(prior, path), valueAt(planned, path)));
  const required = requiredReplacements(type.schema, prior, planned).filter(([name]) => !inPlace.includes(String(name)));
  return [...required, ...differing];
}

/**
 * Terraform refuses a plan that departs from the configuration and the state; the log then says where, which its message does not always.
 */
function reportDepartures<C>(
  type: Lazy<ResourceType<C>>,
  { config, prior }: { readonly config: ObjectValue; readonly prior: ObjectValue | null },
  planned: ObjectValue,
  context: TypeContext<C>,
): void {
  const departed = Object.entries(type.schema.attributes)
    .filter(
      ([name, attribute]) =>
        !attribute.writeOnly && !("nesting" in attribute) && config[name] !== null && config[name] !== undefined,
    )
    .filter(([name]) => prior === null || !equal(prior[name], planned[name]))
    .flatMap(([name]) => departures(config[name], planned[name], [name]));
  if (departed.length > 0)
    context.log.error("bug: the plan departs from the configuration", { type: type.schema.name, at: formatPaths(departed) });
}
