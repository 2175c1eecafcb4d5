import fc from "fast-check";
import type { RegistryToken } from "../../../lib/issuers";
import { decodeState, encodeObject } from "../../../lib/provider/protocol/dynamic-value";
import type { TypeSchema } from "../../../lib/schema/attribute";
import { SECRET } from "../support/configurations";
import { listedTokens } from "../support/foreign";
import { begin } from "../support/life";
import { type FuzzProperty, property } from "../support/property";
import { hasFailed } from "../support/session";
import { anyText, ensure, record, same, wellFormed } from "../support/texts";
import { NOTHING } from "../support/world";

const NOW = Date.UTC(2026, 0, 1);
const isActive = ({ revoked, expiresAt }: RegistryToken) => !revoked && (expiresAt === null || expiresAt.getTime() > NOW);

/** By what it is looked up: mostly by what one of the tokens has. */
const choice = record({
  by: fc.constantFrom("id", "credential_id", "description"),
  at: fc.nat(4),
  other: fc.oneof({ arbitrary: fc.constant(undefined), weight: 5 }, anyText.map(wellFormed)),
  issuer: fc.oneof({ arbitrary: fc.constant("dedicated"), weight: 9 }, fc.constantFrom("constructor", "regional")),
});

/** Tokens that are looked up among those of others, as a data source or as an ephemeral resource. */
export function lookups(cases: number, schema: TypeSchema): FuzzProperty {
  const isEphemeral = schema.kind === "ephemeral resource";
  return property(
    `a ${schema.kind} ${schema.name} is looked up among others'`,
    cases,
    fc.tuple(listedTokens, choice),
    async ([tokens, { by, at, other, issuer }]) => {
      const unset = Object.fromEntries(Object.keys(schema.attributes).map((name) => [name, null]));
      const chosen = tokens[at % Math.max(1, tokens.length)];
      const text = other ?? (by === "description" ? chosen?.description : chosen?.id) ?? "id-9";
      const config = {
        ...unset,
        issuer,
        ...(by === "description" ? { description: text } : { id: by === "id" ? text : `dedicated/${text}` }),
      };
      const life = begin(schema, { ...NOTHING, tokens });
      await life.restart();
      const validated = await life.call(isEphemeral ? "ValidateEphemeralResourceConfig" : "ValidateDataResourceConfig", {
        config: encodeObject(config, schema),
      });
      const answer = await life.call(isEphemeral ? "OpenEphemeralResource" : "ReadDataSource", {
        config: encodeObject(config, schema),
      });
      const given = isEphemeral ? answer.result : answer.state;
      ensure(!hasFailed(answer) || (given ?? null) === null, "an answer, or an error");

      const matches = tokens.filter((token) =>
        by === "description" ? token.description === text && isActive(token) : token.id === text,
      );
      const [found] = matches;
      const isFound =
        issuer === "dedicated" &&
        !hasFailed(validated) &&
        found !== undefined &&
        matches.length === 1 &&
        (!isEphemeral || isActive(found));
      same(!hasFailed(answer), isFound, `found: ${fc.stringify(answer.diagnostics)}`);
      if (!isFound) return;
      const value = decodeState(given ?? null, schema);
      same(value?.description, found.description, "description");
      same(value?.credential_id, `dedicated/${found.id}`, "credential_id");
      same(value?.value, isEphemeral ? SECRET : undefined, "value");
    },
  );
}
