import { ISSUER_KINDS, type IssuerKind } from "../../domain/issuer-kind";
import type { Path } from "../../domain/problem";
import type { Issuer, IssuersByKind } from "../../issuers";
import { during } from "../client-diagnostics";
import type { ClientSettings } from "../configuration/client-settings";
import { type ConfiguredKind, configuredHosts, kindOf, toIssuerSettings } from "../configuration/issuer-settings";
import { DiagnosticError } from "../framework/diagnostic";
import { isUnknown, type Value } from "../framework/value";
import type { ConfiguredCluster } from "./cluster";
import type { Runtime } from "./runtime";
import { firstUnknown, notKnownYet } from "./unknown";

/** The provider's `issuers`; nobody logs in before a credential is asked for. */
export interface ConfiguredIssuers {
  /** Undefined where the issuers are not known yet. */
  readonly names: readonly string[] | undefined;
  /** False where something of this issuer is not known yet. */
  isKnown(name: string): boolean;
  /** Registry hosts by configuration; undefined where there is no such issuer, they are not known yet, or only the issuer can tell. */
  hosts(name: string): readonly string[] | undefined;
  /** Checks that there is an issuer of this name and kind, as far as that is known. @throws DiagnosticError at `path` where not */
  check(name: string, kind: IssuerKind, path: Path): void;
  /** The issuer, made once per run. @throws DiagnosticError at `path` where there is none of that name; elsewhere where it is not whole */
  get(name: string, path: Path): Promise<Issuer>;
  /** The same, of one kind. @throws DiagnosticError as {@link get}, and at `path` where it is of another kind */
  getOf<K extends keyof IssuersByKind>(kind: K, name: string, path: Path): Promise<IssuersByKind[K]>;
}

/** Takes the provider's `issuers` in; contacts nobody. */
export function createIssuers(
  issuers: Value,
  runtime: Runtime,
  clients: ClientSettings,
  cluster: ConfiguredCluster,
): ConfiguredIssuers {
  const known = isUnknown(issuers) ? undefined : ((issuers ?? {}) as { readonly [name: string]: Value });
  const names = known === undefined ? undefined : Object.keys(known);
  const configured = (name: string): ConfiguredKind | undefined => kindOf(known?.[name] ?? null);
  const isOf = (name: string, kind: IssuerKind): boolean => (configured(name)?.kind as IssuerKind | undefined) === kind;
  const made = new Map<string, Promise<Issuer>>();

  async function make(name: string): Promise<Issuer> {
    const unknown = firstUnknown(known?.[name] ?? null, ["issuers", name]);
    const issuer = configured(name);
    if (unknown !== undefined || issuer === undefined) {
      throw notKnownYet(unknown ?? ["issuers", name], `issuer ${JSON.stringify(name)}`);
    }
    const settings = toIssuerSettings(name, issuer, runtime.environment);
    const { createIssuer } = require("../../issuers") as typeof import("../../issuers");
    return during({ what: "The provider's issuers", path: ["issuers", name] }, async () =>
      createIssuer(settings, { ...clients, cluster: () => cluster.client() }),
    );
  }

  async function get(name: string, path: Path): Promise<Issuer> {
    if (names === undefined) throw notKnownYet(["issuers"], `issuer ${JSON.stringify(name)}`);
    if (!names.includes(name)) throw noSuchIssuer(name, names, path);
    const issuer = made.get(name) ?? make(name);
    made.set(name, issuer);
    return issuer;
  }

  function check(name: string, kind: IssuerKind, path: Path): void {
    if (names === undefined) return;
    if (!names.includes(name)) throw noSuchIssuer(name, names, path);
    const found = configured(name);
    if (found === undefined || found.kind === kind) return;
    throw otherKind(
      name,
      found.kind,
      kind,
      names.filter((other) => isOf(other, kind)),
      path,
    );
  }

  return {
    names,
    isKnown: (name) =>
      known !== undefined &&
      firstUnknown(known[name] ?? null, []) === undefined &&
      (cluster.unknown === undefined || !needsCluster(configured(name))),
    hosts(name) {
      const issuer = configured(name);
      return issuer === undefined ? undefined : configuredHosts(issuer);
    },
    check,
    get,
    async getOf<K extends keyof IssuersByKind>(kind: K, name: string, path: Path) {
      check(name, kind, path);
      return (await get(name, path)) as IssuersByKind[K];
    },
  };
}

/** Whether an issuer is of the provider's own cluster. */
function needsCluster(issuer: ConfiguredKind | undefined): boolean {
  return issuer?.kind === "openshift" && (issuer.settings.kubernetes ?? null) === null;
}

function otherKind(name: string, found: IssuerKind, wanted: IssuerKind, fitting: readonly string[], path: Path): DiagnosticError {
  const { credentials, resource } = ISSUER_KINDS[found];
  const others =
    fitting.length === 0
      ? `The provider has none of kind ${wanted}`
      : `Of kind ${wanted} are: ${fitting.map((other) => JSON.stringify(other)).join(", ")}`;
  return DiagnosticError.at(
    path,
    "An issuer of another kind",
    `Issuer ${JSON.stringify(name)} is of kind ${found}; ${ISSUER_KINDS[wanted].credentials} come from one of kind ${wanted}. ${others}. Name one of that kind, or use ${resource} for ${credentials} of this one.`,
  );
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
