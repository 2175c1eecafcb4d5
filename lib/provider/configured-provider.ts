import { randomBytes } from "node:crypto";
import { ClientError } from "../clients/client-error";
import type { KubernetesClient } from "../clients/kubernetes/client";
import { clusterId } from "../clients/kubernetes/namespaces";
import { formatPath, type Path } from "../domain/problem";
import { processRedactor } from "../domain/redaction";
import type { Issuer } from "../issuers";
import { during } from "./client-diagnostics";
import { hostsOf, toBluemixSettings } from "./configuration/bluemix-settings";
import type { Environment } from "./configuration/environment";
import { toKubernetesSettings } from "./configuration/kubernetes-settings";
import type { Logger } from "./framework/definition";
import { DiagnosticError } from "./framework/diagnostic";
import { isUnknown, type ObjectValue, type Unknown, type Value } from "./framework/value";

/** What the provider takes from the machine. */
export interface Runtime {
  readonly environment: Environment;
  readonly clock: () => Date;
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number;
  readonly randomBytes: (count: number) => Buffer;
}

/** The runtime of a real run. */
export const realRuntime: Runtime = {
  environment: process.env,
  clock: () => new Date(),
  random: Math.random,
  randomBytes,
};

/** The cluster of the provider's `kubernetes`; nothing is contacted before it is asked for. */
export interface ConfiguredCluster {
  /** The part of the configuration that is not known yet; undefined where all is. */
  readonly unknown: Path | undefined;
  /** The client, made once per run. @throws DiagnosticError where the configuration is unknown or names no cluster */
  client(): Promise<KubernetesClient>;
  /** The UID of the kube-system namespace, asked once per run; null where the caller may not read it. */
  id(signal: AbortSignal): Promise<string | null>;
}

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

/** What every type of the provider gets: its configuration, as far as it is known. */
export interface ConfiguredProvider {
  readonly owner: string | Unknown;
  readonly cluster: ConfiguredCluster;
  readonly issuers: ConfiguredIssuers;
  readonly runtime: Runtime;
}

/** Takes the provider's configuration in; contacts nothing. */
export function createConfiguredProvider(config: ObjectValue, runtime: Runtime, log: Logger): ConfiguredProvider {
  return {
    owner: isUnknown(config.owner) ? config.owner : String(config.owner),
    cluster: createCluster(config.kubernetes ?? null, runtime, log),
    issuers: createIssuers(config.issuers ?? null, runtime, log),
    runtime,
  };
}

function createCluster(kubernetes: Value, runtime: Runtime, log: Logger): ConfiguredCluster {
  const unknown = firstUnknown(kubernetes, ["kubernetes"]);
  const client = once(async () => {
    if (unknown !== undefined) throw notKnownYet(unknown, "the cluster");
    const settings = toKubernetesSettings(kubernetes as ObjectValue | null, runtime.environment);
    for (const secret of [settings.token, settings.password, settings.clientKey])
      if (secret !== null) processRedactor.remember(secret);
    // Loaded here, since it brings undici with it: no handshake needs that.
    const { createKubernetesClient } =
      require("../clients/kubernetes/create-client") as typeof import("../clients/kubernetes/create-client");
    return during({ what: "The provider's cluster configuration", path: ["kubernetes"] }, () =>
      createKubernetesClient(settings, { log, env: { ...runtime.environment } }),
    );
  });
  const id = once(async (signal: AbortSignal) => {
    const api = await client();
    const found = await during(
      { what: `The cluster at ${api.server} could not be asked which one it is`, path: ["kubernetes"] },
      () => clusterId(api, signal),
    );
    return found ?? null;
  });
  return { unknown, client, id };
}

function createIssuers(issuers: Value, runtime: Runtime, log: Logger): ConfiguredIssuers {
  const known = isUnknown(issuers) ? undefined : ((issuers ?? {}) as { readonly [name: string]: Value });
  const names = known === undefined ? undefined : Object.keys(known);
  const bluemixOf = (name: string): Value => {
    const issuer = known?.[name];
    return isObject(issuer) ? (issuer.bluemix ?? null) : (issuer ?? null);
  };
  const made = new Map<string, Promise<Issuer>>();

  async function make(name: string, path: Path): Promise<Issuer> {
    if (names === undefined) throw notKnownYet(["issuers"], `issuer ${JSON.stringify(name)}`);
    if (!names.includes(name)) throw noSuchIssuer(name, names, path);
    const unknown = firstUnknown(known?.[name] ?? null, ["issuers", name]);
    if (unknown !== undefined) throw notKnownYet(unknown, `issuer ${JSON.stringify(name)}`);
    const settings = toBluemixSettings(name, bluemixOf(name) as ObjectValue, runtime.environment);
    const { createIssuer } = require("../issuers") as typeof import("../issuers");
    return during({ what: `Issuer ${JSON.stringify(name)}`, path: ["issuers", name] }, async () =>
      createIssuer(settings, { log, env: { ...runtime.environment } }),
    );
  }

  return {
    names,
    isKnown: (name) => known !== undefined && firstUnknown(known[name] ?? null, []) === undefined,
    hosts(name) {
      const bluemix = bluemixOf(name);
      return isObject(bluemix) && firstUnknown(bluemix.hosts ?? null, []) === undefined ? hostsOf(bluemix) : undefined;
    },
    get(name, path) {
      const issuer = made.get(name) ?? make(name, path);
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

function notKnownYet(path: Path, what: string): DiagnosticError {
  return DiagnosticError.at(
    undefined,
    "Provider configuration not known yet",
    `${formatPath(path)} of the provider "registry" will only be known after an apply, and ${what} is needed now. ` +
      "Apply what it comes from first (terraform apply -target=…), or give it a value that is known.",
  );
}

function firstUnknown(value: Value, path: Path): Path | undefined {
  if (isUnknown(value)) return path;
  if (typeof value !== "object" || value === null) return undefined;
  const steps: readonly (readonly [string | number, Value])[] = Array.isArray(value)
    ? value.map((element: Value, index) => [index, element] as const)
    : Object.entries(value);
  for (const [step, inner] of steps) {
    const found = firstUnknown(inner, [...path, step]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Does it once; but what was only cancelled may be tried again. */
function once<A extends readonly unknown[], R>(make: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  let made: Promise<R> | undefined;
  return (...args) => {
    if (made === undefined) {
      made = make(...args).catch((error: unknown) => {
        if (isCancelled(error)) made = undefined;
        throw error;
      });
    }
    return made;
  };
}

function isCancelled(error: unknown): boolean {
  return (
    ClientError.is(error, "aborted") ||
    (error instanceof DiagnosticError && error.diagnostics.some((diagnostic) => diagnostic.summary === "Cancelled"))
  );
}
