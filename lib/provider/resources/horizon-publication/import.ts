import { canonicalJson } from "../../../domain/horizon/canonical-json";
import type { Definition } from "../../../domain/horizon/definition";
import { isRecord, parseRecord } from "../../../domain/json";
import { during } from "../../client-diagnostics";
import type { ConfiguredProvider } from "../../configured/provider";
import { within } from "../../deadline";
import type { ApplyResult, TypeContext } from "../../framework/definition";
import { DiagnosticError } from "../../framework/diagnostic";
import { importedMemory } from "../placement/import-report";
import type { PublicationKind } from "./kind";
import { ADDRESS, describe } from "./model";

/** What the exchange sets, and no definition holds. */
const OWN: ReadonlySet<string> = new Set(["owner", "lastUpdated", "orgid", "imageStore"]);

/** The state of what is published; its definition is made of what the exchange holds. @throws DiagnosticError where there is none */
export async function importPublication(
  kind: PublicationKind,
  id: string,
  { provider, signal: caller }: TypeContext<ConfiguredProvider>,
): Promise<ApplyResult> {
  return within(kind.schema, {}, "read", caller, async (signal) => {
    const client = await provider.horizon.client();
    const publications = kind.publications(client);
    const full = `${client.org}/${id}`;
    const doing = { what: `${describe(kind, full)} could not be read`, address: ADDRESS };
    const [found, key] = await during(doing, async () => [
      await publications.get(id, signal),
      await publications.getKey(id, kind.keyName, signal),
    ]);
    if (found === undefined) {
      throw DiagnosticError.at(
        undefined,
        "Nothing to import",
        `The exchange at ${client.endpoint} has no ${kind.noun} ${JSON.stringify(full)}. Nothing was imported. Correct the id (hzn exchange ${kind.noun} list).`,
      );
    }
    const published = Object.fromEntries(Object.entries(found).filter(([name]) => !OWN.has(name)));
    const definition = unsigned(published) as Definition;
    const nothing = Object.fromEntries(Object.keys(kind.schema.attributes).map((name) => [name, null]));
    return {
      state: {
        ...nothing,
        ...kind.imported(id),
        ...kind.exported(definition, id),
        id: full,
        org: client.org,
        // A "$" that stands there now is no variable.
        definition: canonicalJson(definition).replaceAll("$", "$$$$"),
        public_key: key ?? null,
        key_name: kind.keyName,
        published: canonicalJson(published),
        status: "published",
      },
      privateData: importedMemory,
    };
  });
}

/** A definition as it is before it is signed: texts that were signed become objects again. */
function unsigned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unsigned);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (/signature$/i.test(name)) return [];
      const isSigned = /^(deployment|clusterDeployment|deployment_overrides)$/.test(name);
      return [[name, isSigned && typeof member === "string" ? (parseRecord(member) ?? "") : unsigned(member)]];
    }),
  );
}
