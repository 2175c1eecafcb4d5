import { departures, formatPaths, requireKnown, unknownPaths } from "./conformance";
import type { ApplyResult, Lazy, PrivateData, ResourceType, TypeContext } from "./definition";
import type { Diagnostic } from "./diagnostic";
import { isObject, mapElements, nestedOf, type ObjectSchema } from "./nested";
import { requireValid } from "./validate-config";
import { isUnknown, type ObjectValue, type Value } from "./value";
import { requireWhole } from "./whole-state";
import { withoutWriteOnly } from "./write-only";

/** A planned change to carry out: no `prior` is a create, no `planned` a destroy. */
export interface ApplyChange {
  readonly prior: ObjectValue | null;
  readonly planned: ObjectValue | null;
  readonly config: ObjectValue | null;
  readonly privateData: PrivateData;
}

/** The state reached; null where there is nothing any more (or nothing yet). */
export interface AppliedChange {
  readonly state: ObjectValue | null;
  readonly privateData: PrivateData;
  readonly legacyTypeSystem: boolean;
}

/** Creates, updates or deletes. What it throws leaves the prior state as it was. */
export async function applyResourceChange<C>(
  type: Lazy<ResourceType<C>>,
  change: ApplyChange,
  context: TypeContext<C>,
): Promise<AppliedChange> {
  const resource = await type.load();
  const { prior, planned, privateData } = change;
  const legacyTypeSystem = resource.legacyTypeSystem ?? false;
  if (prior !== null) requireWhole(type.schema, prior);
  if (planned === null) {
    if (prior !== null) await resource.delete({ prior, privateData }, context);
    return { state: null, privateData: null, legacyTypeSystem };
  }

  // Engines see to it as well: whatever is written would be written in part.
  const config = change.config ?? planned;
  for (const value of [change.config ?? {}, chosenByUser(type.schema, planned)]) requireKnown(type, value, "at the apply");
  requireValid(type.schema, config);

  let failed = false;
  const reporting: TypeContext<C> = {
    ...context,
    report: (diagnostic: Diagnostic) => {
      failed ||= diagnostic.severity === "error";
      context.report(diagnostic);
    },
  };
  const result =
    prior === null
      ? await resource.create({ planned, config, privateData }, reporting)
      : await resource.update({ prior, planned, config, privateData }, reporting);
  return {
    ...conform(type, planned, result, failed || legacyTypeSystem, context),
    legacyTypeSystem,
    privateData: result.privateData ?? privateData,
  };
}

/** What of a plan the provider has no part in, also inside nested attributes. */
function chosenByUser(schema: ObjectSchema, planned: ObjectValue): ObjectValue {
  const nested = new Map(nestedOf(schema));
  const chosen = Object.entries(planned).filter(([name]) =>
    /^(required|optional)$/.test(schema.attributes[name]?.presence ?? ""),
  );
  return Object.fromEntries(
    chosen.map(([name, value]) => {
      const inner = nested.get(name);
      return [name, inner ? mapElements(value, inner.nesting, (element) => chosenByUser(inner, element)) : value];
    }),
  );
}

/** The state as Terraform takes it: without write-only values and wholly known. Beside a reported error it may depart from the plan. */
function conform<C>(
  type: Lazy<ResourceType<C>>,
  planned: ObjectValue,
  result: ApplyResult,
  mayDepart: boolean,
  context: TypeContext<C>,
): { readonly state: ObjectValue } {
  const state = withoutWriteOnly(type.schema, result.state);
  const unknown = unknownPaths(state);
  if (unknown.length > 0) {
    context.log.error("bug: the applied state holds unknown values", { type: type.schema.name, at: formatPaths(unknown) });
    context.report({
      severity: "error",
      summary: "Bug in the provider",
      detail: `${type.schema.name} left values unknown after the apply: ${formatPaths(unknown)}. They are stored as null. Please report it.`,
    });
  }
  const departed = mayDepart ? [] : departures(planned, state).filter((path) => path.length > 0);
  if (departed.length > 0)
    context.log.error("bug: the applied state departs from the plan", { type: type.schema.name, at: formatPaths(departed) });
  return { state: unknown.length > 0 ? (known(state) as ObjectValue) : state };
}

function known(value: Value): Value {
  if (isUnknown(value)) return null;
  if (Array.isArray(value)) return value.map(known);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, known(inner)])) : value;
}
