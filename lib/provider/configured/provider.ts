/** The provider once it is configured: what its types get, made when it is first needed. */
import type { OnOtherCluster } from "../../domain/cluster-identity";
import type { OnMissingAccess } from "../../domain/permissions";
import type { PullChecks } from "../../domain/pulls/mode";
import { onMissingAccess, pullChecks } from "../configuration/choices";
import { type ClientSettings, requestTimeouts } from "../configuration/client-settings";
import type { Logger } from "../framework/definition";
import { isUnknown, type ObjectValue, textOf, type Unknown } from "../framework/value";
import { type Claims, createClaims } from "./claims";
import { type ConfiguredCluster, createCluster } from "./cluster";
import { type ConfiguredHandshakes, createHandshakes } from "./handshakes";
import { type ConfiguredHorizon, createHorizon } from "./horizon";
import { type ConfiguredIssuers, createIssuers } from "./issuers";
import { type ConfiguredRegistries, createRegistries } from "./registries";
import type { Runtime } from "./runtime";

/** What every type of the provider gets: its configuration, as far as it is known. */
export interface ConfiguredProvider {
  readonly owner: string | Unknown;
  /** What to do with a state of another cluster; an error, as long as it is not known. */
  readonly onOtherCluster: OnOtherCluster;
  /** The UID of the cluster that the configuration is for. Undefined where it says none, or is not known yet. */
  readonly clusterUid: string | undefined;
  /** What a plan says where a permission or a namespace is missing. */
  readonly onMissingAccess: OnMissingAccess;
  /** Whether pull checks wait for Pods. */
  readonly pullChecks: PullChecks;
  readonly cluster: ConfiguredCluster;
  readonly issuers: ConfiguredIssuers;
  readonly registries: ConfiguredRegistries;
  readonly handshakes: ConfiguredHandshakes;
  readonly horizon: ConfiguredHorizon;
  readonly runtime: Runtime;
  readonly claims: Claims;
  /** What was said in this run and is not to be said again. */
  readonly announced: Set<string>;
}

/** Takes the provider's configuration in; contacts nothing. */
export function createConfiguredProvider(config: ObjectValue, runtime: Runtime, log: Logger): ConfiguredProvider {
  const clients: ClientSettings = { log, env: { ...runtime.environment }, ...requestTimeouts(config, runtime.environment) };
  const cluster = createCluster(config.kubernetes ?? null, runtime, clients);
  return {
    owner: isUnknown(config.owner) ? config.owner : textOf(config.owner),
    onOtherCluster: config.on_other_cluster === "recreate" ? "recreate" : "error",
    clusterUid: typeof config.cluster_uid === "string" ? config.cluster_uid : undefined,
    onMissingAccess: onMissingAccess(config, runtime.environment),
    pullChecks: pullChecks(config, runtime.environment),
    cluster,
    issuers: createIssuers(config.issuers ?? null, runtime, clients, cluster),
    registries: createRegistries(runtime, clients),
    handshakes: createHandshakes(runtime, clients),
    horizon: createHorizon(config.horizon ?? null, runtime, clients),
    runtime,
    claims: createClaims(),
    announced: new Set(),
  };
}
