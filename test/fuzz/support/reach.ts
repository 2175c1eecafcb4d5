import type { Lazy, ProviderDefinition } from "../../../lib/provider/framework/definition";
import { validateConfig } from "../../../lib/provider/framework/validate-config";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import type { TypeSchema } from "../../../lib/schema/attribute";

/** How far messages get into the types of a provider: a fuzzer whose every message is refused at the door finds nothing behind it. */
export interface Reach {
  /** Counts the calls to a provider's types from now on. */
  count<C>(definition: ProviderDefinition<C>): ProviderDefinition<C>;
  /** One line per operation, for the summary. */
  lines(): readonly string[];
}

/** Starts at zero. */
export function createReach(): Reach {
  const counts = new Map<string, { called: number; valid: number; well: number }>();

  function counted<T extends object>(type: T, schema: TypeSchema): T {
    const members = Object.entries(type).map(([name, member]) => {
      if (typeof member !== "function") return [name, member] as const;
      return [
        name,
        (...given: readonly unknown[]) => {
          const count = counts.get(name) ?? { called: 0, valid: 0, well: 0 };
          counts.set(name, count);
          count.called += 1;
          if (isValid(schema, given[0])) count.valid += 1;
          const result: unknown = member(...given);
          if (result instanceof Promise) {
            const well = () => {
              count.well += 1;
            };
            result.then(well, () => {});
          } else count.well += 1;
          return result;
        },
      ] as const;
    });
    return Object.fromEntries(members) as T;
  }

  const lazy = <T extends object>({ schema, load }: Lazy<T>): Lazy<T> => ({
    schema,
    load: async () => counted(await load(), schema),
  });

  return {
    count: (definition) => ({
      ...definition,
      resources: definition.resources.map(lazy),
      dataSources: definition.dataSources.map(lazy),
      ephemeralResources: definition.ephemeralResources.map(lazy),
    }),
    lines: () =>
      [...counts].map(
        ([name, { called, valid, well }]) =>
          `${name}: reached ${called} times, ${valid} with a configuration that passes validation, ${well} ended well`,
      ),
  };
}

/** The configuration may be all that is given, or a part of it. */
function isValid(schema: TypeSchema, given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  const config = "config" in given ? given.config : given;
  return typeof config === "object" && config !== null && validateConfig(schema, config as ObjectValue).length === 0;
}
