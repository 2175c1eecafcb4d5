import type { Lazy, ProviderDefinition } from "../../../lib/provider/framework/definition";
import { validateConfig } from "../../../lib/provider/framework/validate-config";
import type { ObjectValue } from "../../../lib/provider/framework/value";
import type { TypeSchema } from "../../../lib/schema/attribute";
import { createTally } from "./tally";

/** How far messages get into the types of a provider: a fuzzer whose every message is refused at the door finds nothing behind it. */
export interface Reach {
  /** Counts the calls to a provider's types from now on. */
  count<C>(definition: ProviderDefinition<C>): ProviderDefinition<C>;
  /** One line per operation and type, for the summary. */
  lines(): readonly string[];
  /** The operations of these types that were called too rarely; as {@link Tally.below}. */
  below(floors: { readonly [operation: string]: number }, share: number): readonly string[];
}

/** Starts at zero. */
export function createReach(): Reach {
  const counts = new Map<string, { valid: number; well: number }>();
  const calls = createTally();

  function counted<T extends object>(type: T, schema: TypeSchema): T {
    const members = Object.entries(type).map(([name, member]) => {
      if (typeof member !== "function") return [name, member] as const;
      return [
        name,
        (...given: readonly unknown[]) => {
          const operation = `${name} of ${schema.kind} ${schema.name}`;
          const count = counts.get(operation) ?? { valid: 0, well: 0 };
          counts.set(operation, count);
          calls.add(operation);
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
      calls.lines().map((line) => {
        const { valid, well } = counts.get(line.slice(0, line.lastIndexOf(":"))) ?? { valid: 0, well: 0 };
        return `${line}, ${valid} with a configuration that passes validation, ${well} ended well`;
      }),
    below: calls.below,
  };
}

/** The configuration may be all that is given, or a part of it. */
function isValid(schema: TypeSchema, given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  const config = "config" in given ? given.config : given;
  return typeof config === "object" && config !== null && validateConfig(schema, config as ObjectValue).length === 0;
}
