/** The provider once it is configured: what its types get, made when it is first needed. */
import { type ClientSettings, requestTimeouts } from "../configuration/client-settings";
import type { Logger } from "../framework/definition";
import { isUnknown, type ObjectValue, type Unknown } from "../framework/value";
import { type Claims, createClaims } from "./claims";
import { type ConfiguredCluster, createCluster } from "./cluster";
import { type ConfiguredIssuers, createIssuers } from "./issuers";
import type { Runtime } from "./runtime";

/** What every type of the provider gets: its configuration, as far as it is known. */
export interface ConfiguredProvider {
  readonly owner: string | Unknown;
  readonly cluster: ConfiguredCluster;
  readonly issuers: ConfiguredIssuers;
  readonly runtime: Runtime;
  readonly claims: Claims;
}

/** Takes the provider's configuration in; contacts nothing. */
export function createConfiguredProvider(config: ObjectValue, runtime: Runtime, log: Logger): ConfiguredProvider {
  const clients: ClientSettings = { log, env: { ...runtime.environment }, ...requestTimeouts(config, runtime.environment) };
  return {
    owner: isUnknown(config.owner) ? config.owner : String(config.owner),
    cluster: createCluster(config.kubernetes ?? null, runtime, clients),
    issuers: createIssuers(config.issuers ?? null, runtime, clients),
    runtime,
    claims: createClaims(),
  };
}
