import type { Path } from "../../domain/problem";
import type { Issuer } from "../../issuers";
import { during } from "../client-diagnostics";
import { hostsOf, toBluemixSettings } from "../configuration/bluemix-settings";
import type { ClientSettings } from "../configuration/client-settings";
import { DiagnosticError } from "../framework/diagnostic";
import { isUnknown, type ObjectValue, type Value } from "../framework/value";
import type { Runtime } from "./runtime";
import { firstUnknown, notKnownYet } from "./unknown";

/** The provider's `issuers`; nobody logs in before a registry token is asked for. */
export interface ConfiguredIssuers {
  /** Undefined where the issuers are not known yet. */
  readonly names: readonly string[] | undefined;
  /** False where something of this issuer is not known yet. */
  isKnown(name: string): boolean;
  /** Registry hosts by configuration; undefined where there is no such issuer, or they are not known yet. */
  hosts(name: string): readonly string[] | undefined;
  /** The issuer, made once per run. @throws DiagnosticError at `path` where there is none of that name; elsewhere where it is not whole */
  get(name: string, path: Path): Promise<Issuer>;
}

/** Takes the provider's `issuers` in; contacts nobody. */
export function createIssuers(issuers: Value, runtime: Runtime, clients: ClientSettings): ConfiguredIssuers {
  const known = isUnknown(issuers) ? undefined : ((issuers ?? {}) as { readonly [name: string]: Value });
  const names = known === undefined ? undefined : Object.keys(known);
  const bluemixOf = (name: string): Value => {
    const issuer = known?.[name];
    return isObject(issuer) ? (issuer.bluemix ?? null) : (issuer ?? null);
  };
  const made = new Map<string, Promise<Issuer>>();

  async function make(name: string): Promise<Issuer> {
    const unknown = firstUnknown(known?.[name] ?? null, ["issuers", name]);
    if (unknown !== undefined) throw notKnownYet(unknown, `issuer ${JSON.stringify(name)}`);
    const settings = toBluemixSettings(name, bluemixOf(name) as ObjectValue, runtime.environment);
    const { createIssuer } = require("../../issuers") as typeof import("../../issuers");
    return during({ what: "The provider's issuers", path: ["issuers", name] }, async () => createIssuer(settings, clients));
  }

  return {
    names,
    isKnown: (name) => known !== undefined && firstUnknown(known[name] ?? null, []) === undefined,
    hosts(name) {
      const bluemix = bluemixOf(name);
      return isObject(bluemix) && firstUnknown(bluemix.hosts ?? null, []) === undefined ? hostsOf(bluemix) : undefined;
    },
    async get(name, path) {
      if (names === undefined) throw notKnownYet(["issuers"], `issuer ${JSON.stringify(name)}`);
      if (!names.includes(name)) throw noSuchIssuer(name, names, path);
      const issuer = made.get(name) ?? make(name);
      made.set(name, issuer);
      return issuer;
    },
  };
}

/** The error where a configuration names an issuer that the provider does not have. */
export function noSuchIssuer(name: string, names: readonly string[], path: Path): DiagnosticError {
  const list = names.length === 0 ? "It has none" : `It has ${names.map((known) => JSON.stringify(known)).join(", ")}`;
  return DiagnosticError.at(
    path,
    "No such issuer",
    `The provider has no issuer ${JSON.stringify(name)}. ${list}. Add it to the provider's issuers, or name one of those.`,
  );
}

function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
